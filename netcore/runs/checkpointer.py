"""Writes checkpoints beside the training, so that an epoch does not wait for the disk.

A state is a copy already. Writing it, with the sync, takes a hundredth of a short epoch on a fast disk and much longer
on a slow one. Where the disk is slower than the epochs, the states between are passed over: the newest counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

from netcore.errors import StorageError
from netcore.training.checkpoint import TrainingState, save_checkpoint
from netcore.training.events import CheckpointFailed, CheckpointSaved

__all__ = ["Checkpointer"]


class Checkpointer:
    """One thread that writes one file; leaving its context waits for it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="checkpoint")
        self._writing: tuple[TrainingState, Future[None]] | None = None
        self._next: TrainingState | None = None

    def __enter__(self) -> Checkpointer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown()

    def save(self, state: TrainingState) -> None:
        """Write ``state`` as soon as what is being written is done, unless a newer one comes before."""
        self._next = state

    def news(self, *, wait: bool = False) -> Iterator[CheckpointSaved | CheckpointFailed]:
        """What has been written since the last time, or could not be; begins with the next.

        Args:
            wait: Until nothing is left to write.
        """
        while self._writing or self._next:
            if self._writing:
                state, future = self._writing
                if not wait and not future.done():
                    return
                self._writing = None
                yield _outcome(state, future)
            elif self._next:
                self._writing = self._next, self._thread.submit(save_checkpoint, self._path, self._next)
                self._next = None
                if not wait:
                    return


def _outcome(state: TrainingState, future: Future[None]) -> CheckpointSaved | CheckpointFailed:
    try:
        future.result()
    except StorageError as error:
        # The checkpoint before it is still whole: training goes on, and the log says what is missing.
        return CheckpointFailed(epoch=state.epoch, batch=state.batch, message=str(error))
    return CheckpointSaved(epoch=state.epoch, batch=state.batch)

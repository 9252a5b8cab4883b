"""A run that another process trains, with the face of one that this process does.

Its history is there from the first epoch; what is new comes from the log within a tenth of a second. Leaving it leaves
the run alone.
"""

from __future__ import annotations

from threading import Event as Flag
from threading import Thread
from typing import TYPE_CHECKING

from netcore.errors import CheckpointError, RunError
from netcore.runs.log import LogReader
from netcore.runs.requests import RemoteControls
from netcore.runs.run import Run
from netcore.training.events import RunFinished, RunStarted
from netcore.training.records import Record

if TYPE_CHECKING:
    from netcore.nn.network import Network

__all__ = ["AttachedRun"]

_SECONDS = 0.1
"""Between two looks at the log."""


class AttachedRun:
    """A run followed and steered from outside.

    Attributes:
        config: Its settings.
        controls: What a person may do to it.
        records: Its events so far. A thread only appends; a screen takes what is new since it last looked.
        run: Its folder.
        error: Why nothing comes any more, where the run has not finished; None before that.
    """

    def __init__(self, run: Run) -> None:
        """Prepare to follow a run."""
        self.config = run.config
        self.controls = RemoteControls(run)
        self.records: list[Record] = []
        self.run = run
        self.error: Exception | None = None
        self._log = LogReader(run.log.path)
        self._left = Flag()
        self._thread = Thread(target=self._follow, name="attached", daemon=True)

    def start(self) -> None:
        """Begin to follow it, with all that its log has."""
        self._thread.start()

    @property
    def done(self) -> bool:
        """Whether nothing comes any more: nobody trains it, or it was left."""
        return self._thread.ident is not None and not self._thread.is_alive()

    def join(self, timeout: float | None = None) -> bool:
        """Wait until nobody trains it any more, for so many seconds at the most; return whether that is so."""
        self._thread.join(timeout)
        return self.done

    def leave(self) -> None:
        """Follow it no longer; the run goes on."""
        self._left.set()
        self._thread.join()

    def network_snapshot(self) -> Network | None:
        """The network of its newest checkpoint; None where there is none that can be read."""
        from netcore.nn.network import Network  # noqa: PLC0415  # who only reads the log needs no NumPy
        from netcore.training.checkpoint import checkpoint_before, load_checkpoint  # noqa: PLC0415  # likewise

        for path in (self.run.checkpoint, checkpoint_before(self.run.checkpoint)):
            try:
                state = load_checkpoint(path)
            except CheckpointError:
                continue  # there is none yet, or it is just being replaced by a newer one
            average = state.optimizer.get("average")
            return Network(self.config.architecture(), state.parameters if average is None else average)
        return None

    def _follow(self) -> None:
        try:
            alive = True
            while alive and not self._left.is_set():
                alive = self.run.alive  # asked first: what its process has written before it ended is read after that
                self.records += self._log.new_records()
                self._left.wait(_SECONDS if alive else 0)
        except RunError as error:
            self.error = error
            return
        ends = [record.event for record in self.records if isinstance(record.event, RunStarted | RunFinished)]
        if not self._left.is_set() and self.run.path.exists() and not (ends and isinstance(ends[-1], RunFinished)):
            self.error = RunError(
                f"run {self.run.id} has lost its process; mnist-tui resume {self.run.id} goes on with it"
            )

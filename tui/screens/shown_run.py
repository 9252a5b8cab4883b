"""The run that Train shows: trained by this app or watched in another process, what it has told, and how it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from tui.render.numbers import percent

if TYPE_CHECKING:
    from netcore.runs.attached import AttachedRun
    from netcore.runs.history import History
    from netcore.runs.watched import Watched
    from netcore.runs.worker import TrainingWorker

__all__ = ["Fate", "ShownRun"]

Fate = Literal["keep", "detach", "throw away"]
"""What is to become of a run: stopped with its model saved, left to another process, or stopped without a trace."""


class ShownRun:
    """At most one run at a time.

    Attributes:
        own: The run, where this app trains it, or has.
        attached: The run, where another process trains it.
        started: Called when there is a run to follow, so that the app follows it.
    """

    def __init__(self) -> None:
        self.own: TrainingWorker | None = None
        self.attached: AttachedRun | None = None
        self.started: Callable[[], object] = lambda: None
        self._history: History | None = None
        self._seen = 0

    def train(self, run: TrainingWorker, history: History | None = None) -> None:
        """Train a run from now on, of which so much is known; the one before must be done."""
        self.put_aside()
        self.own, self._history = run, history
        run.start()
        self.started()

    def watch(self, run: AttachedRun, history: History | None = None) -> None:
        """Watch a run from now on; until its log is read, a history that is known is shown."""
        self.put_aside()
        self.attached, self._history = run, history
        run.start()
        self.started()

    def put_aside(self) -> None:
        """Show none; one of this app must be done, one of another process goes on unwatched."""
        if self.training_here:
            raise RuntimeError("one run at a time")
        if self.attached is not None:
            self.attached.leave()
        self.own = self.attached = self._history = None
        self._seen = 0

    # How it goes

    @property
    def history(self) -> History:
        """What its events so far add up to."""
        if self._history is None:
            from netcore.runs.history import History  # noqa: PLC0415  # not needed for the first screen

            self._history = History()
        return self._history

    @property
    def worker(self) -> Watched | None:
        """The run, whoever trains it; None before the first one."""
        return self.own or self.attached

    @property
    def training_here(self) -> bool:
        """Whether this app trains it, be it paused."""
        return self.own is not None and not self.own.done

    @property
    def training(self) -> bool:
        """Whether it is under way, here or in another process, be it paused."""
        return self.worker is not None and (not self.worker.done or self.handed_over)

    @property
    def handed_over(self) -> bool:
        """Whether this app has left it to another process, which is to be watched now."""
        return self.own is not None and self.own.done and self.own.detached

    @property
    def begun(self) -> bool:
        """Whether it has told anything since it is shown."""
        return self._seen > 0

    @property
    def told_all(self) -> bool:
        """Whether nothing comes any more, and all that came is in the history."""
        return self.worker is not None and not self.training and self._seen == len(self.worker.records)

    def take_new_records(self) -> bool:
        """Fold in what it has told since the last time; return whether there was anything."""
        if self.worker is None:
            return False
        new = self.worker.records[self._seen :]
        if new and self.attached is not None and not self._seen:
            self._history = None  # the log begins with the first epoch
        for record in new:
            self.history.add(record)
        self._seen += len(new)
        return bool(new)

    def end(self, how: Fate) -> None:
        """Have it end, or go on without this app; within a batch. One of another process is only put aside for that.

        Raises:
            RunError: Another process has trained it, and is gone.
            StorageError: That cannot be asked, because the run's folder cannot be written.
        """
        if how != "detach" and self.worker is not None:
            self.worker.controls.stop(keep=how == "keep")
        elif self.own is not None:
            self.own.controls.detach()
        else:
            self.put_aside()

    def settle(self, otherwise: Fate) -> None:
        """Wait until this app's run has ended, its model saved, or another process has it.

        Args:
            otherwise: What is to become of it where nobody has said so yet.
        """
        own = self.own
        if own is not None and not own.done:
            if not own.controls.ending:
                self.end(otherwise)
            own.join()

    # In words

    @property
    def status(self) -> str:
        """Where it is, in a few words; empty while none is under way."""
        if not self.training:
            return ""
        if not self.begun:
            return "training begins" if self.own else "reading the log"
        word = "paused in" if self.history.state == "paused" else "training" if self.own else "watching"
        return f"{word} epoch {self.history.present_epoch} of {self.history.wanted_epochs}"

    @property
    def failed(self) -> bool:
        """Whether it ended before its time, through no wish of anybody."""
        error = self.worker is not None and self.worker.error is not None
        return error or self.history.state in ("failed", "diverged")

    @property
    def outcome(self) -> str:
        """What became of it, in a sentence; empty while this app trains it."""
        finished, worker = self.history.finished, self.worker
        if worker is None or self.training_here:
            return ""
        if self.training and worker.run:
            return f"The run goes on by itself; mnist-tui watch {worker.run.id} shows it."
        if worker.error:
            return f"The run failed: {worker.error}"
        if finished and finished.model:
            accuracy = percent(finished.test_accuracy)
            return f"The run has {finished.reason}. Its model is {finished.model}, {accuracy} of the test images right."
        if finished and finished.reason in ("diverged", "failed"):
            return f"The run has {finished.reason}: {finished.message}"
        return "The run was thrown away."

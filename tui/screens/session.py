"""What the screens share: the model being looked at, the run that Train shows, the settings of the next one.

The app makes one and gives it to every screen. It holds state and no widgets, so it can be tested without an app.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from tui.render.numbers import percent
from tui.screens.tempo import NORMAL, Tempo

if TYPE_CHECKING:
    from netcore.runs.attached import AttachedRun
    from netcore.runs.history import History
    from netcore.runs.run import Run
    from netcore.runs.watched import Watched
    from netcore.runs.worker import TrainingWorker
    from netcore.training.config import TrainingConfig

__all__ = ["Fate", "Session"]

Fate = Literal["keep", "detach", "throw away"]
"""What is to become of a run: stopped with its model saved, left to another process, or stopped without a trace."""


class Session:
    """Shared state of the screens.

    Attributes:
        model: Name or path of the model that Test and Inspect show; None before one was chosen.
        own: The run that Train shows, where this app trains it, or has.
        attached: The run that Train shows, where another process trains it.
        tempo: How often screens draw what training brings.
        cost: What the screen costs, in a few words; empty where nobody wants to know.
        started: Called when there is a run to follow, so that the app follows it.
    """

    def __init__(self) -> None:
        self.model: str | None = None
        self.own: TrainingWorker | None = None
        self.attached: AttachedRun | None = None
        self.tempo: Tempo = NORMAL
        self.cost = ""
        self.started: Callable[[], object] = lambda: None
        self._draft: TrainingConfig | None = None
        self._history: History | None = None
        self._seen = 0

    # What belongs to training is imported when it is first asked for: the app's first screen need not wait for it.

    @property
    def draft(self) -> TrainingConfig:
        """Settings of the next run, as the form left them; those of the run that Train shows until then."""
        if self._draft is None:
            from netcore.training.config import TrainingConfig  # noqa: PLC0415

            self._draft = TrainingConfig()
        return self._draft

    @draft.setter
    def draft(self, config: TrainingConfig) -> None:
        self._draft = config

    @property
    def history(self) -> History:
        """What the events of the run so far add up to."""
        if self._history is None:
            from netcore.runs.history import History  # noqa: PLC0415

            self._history = History()
        return self._history

    @property
    def worker(self) -> Watched | None:
        """The run that Train shows, whoever trains it; None before the first one."""
        return self.own or self.attached

    @property
    def training_here(self) -> bool:
        """Whether this app trains a run, be it paused."""
        return self.own is not None and not self.own.done

    @property
    def training(self) -> bool:
        """Whether the run that Train shows is under way, here or in another process, be it paused."""
        return self.worker is not None and (not self.worker.done or self._handed_over)

    @property
    def _handed_over(self) -> bool:
        return self.own is not None and self.own.done and self.own.detached

    @property
    def begun(self) -> bool:
        """Whether the run has told anything since Train shows it."""
        return self._seen > 0

    @property
    def told_all(self) -> bool:
        """Whether nothing comes any more, and all that came is in the history."""
        return self.worker is not None and not self.training and self._seen == len(self.worker.records)

    # Which run Train shows

    def start_training(self) -> None:
        """Begin a run with the settings of the draft; the one before must be done."""
        from netcore.runs.worker import TrainingWorker  # noqa: PLC0415

        self._train(TrainingWorker(self.draft), None)

    def resume_training(self, run: Run) -> None:
        """Go on with a run from its checkpoint, with its own settings; the one before must be done.

        Raises:
            RunError: Its log is there and cannot be read.
        """
        from netcore.runs.follower import Follower  # noqa: PLC0415
        from netcore.runs.worker import TrainingWorker  # noqa: PLC0415

        so_far = Follower(run)
        so_far.catch_up()
        self.draft = run.config
        self._train(TrainingWorker(self.draft, run), so_far.history)

    def _train(self, worker: TrainingWorker, history: History | None) -> None:
        self._put_aside()
        self.own, self._history = worker, history
        worker.start()
        self.started()

    def attach(self, run: Run) -> None:
        """Watch a run of another process, and steer it; one of this app must be done."""
        from netcore.runs.attached import AttachedRun  # noqa: PLC0415

        self._put_aside()
        self.draft = run.config
        self.attached, self._history = AttachedRun(run), None
        self.attached.start()
        self.started()

    def follow_detached(self) -> bool:
        """Attach to a run of this app that has gone on in a process of its own; return whether one has just done so."""
        if self.own is None or self.own.run is None or not self._handed_over:
            return False
        shown = self._history  # until its log is read
        self.attach(self.own.run)
        self._history = shown
        return True

    def leave(self) -> None:
        """Watch the run of another process no longer."""
        self._put_aside()
        self.draft, self._history = replace(self.draft, name=None), None

    def _put_aside(self) -> None:
        if self.training_here:
            raise RuntimeError("one run at a time")
        if self.attached is not None:
            self.attached.leave()
        self.own = self.attached = None
        self._seen = 0

    # How it goes

    def take_new_records(self) -> bool:
        """Fold in what the run has told since the last time; return whether there was anything."""
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
        """Have the run end, or go on without this app; within a batch.

        Raises:
            RunError: It is the run of another process, which is gone.
            StorageError: That cannot be asked, because the run's folder cannot be written.
        """
        if how != "detach" and self.worker is not None:
            self.worker.controls.stop(keep=how == "keep")
        elif self.own is not None:
            self.own.controls.detach()
        elif self.attached is not None:
            self.leave()

    def settle(self, otherwise: Fate) -> None:
        """Wait until the run of this app has ended, its model saved, or another process has it.

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
        """Where the run is, in a few words; empty while none is under way."""
        if not self.training:
            return ""
        if not self.begun:
            return "training begins" if self.own else "reading the log"
        wanted = self.history.wanted_epochs
        word = "paused in" if self.history.state == "paused" else "training" if self.own else "watching"
        return f"{word} epoch {min(int(self.history.position) + 1, wanted)} of {wanted}"

    @property
    def failed(self) -> bool:
        """Whether the run ended before its time, through no wish of anybody."""
        error = self.worker is not None and self.worker.error is not None
        return error or self.history.state in ("failed", "diverged")

    @property
    def outcome(self) -> str:
        """What became of the run, in a sentence; empty while this app trains it."""
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

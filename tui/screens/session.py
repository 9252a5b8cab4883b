"""What the screens share: the model being looked at, the run being trained, the settings of the next one.

The app makes one and gives it to every screen. It holds state and no widgets, so it can be tested without an app.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.render.numbers import percent

if TYPE_CHECKING:
    from netcore.runs.history import History
    from netcore.runs.run import Run
    from netcore.runs.worker import TrainingWorker
    from netcore.training.config import TrainingConfig

__all__ = ["Session"]


class Session:
    """Shared state of the screens.

    Attributes:
        model: Name or path of the model that Test and Inspect show; None before one was chosen.
        worker: The run of this app; None before the first one.
        started: Called when a run begins, so that the app follows it.
    """

    def __init__(self) -> None:
        self.model: str | None = None
        self.worker: TrainingWorker | None = None
        self.started: Callable[[], object] = lambda: None
        self._draft: TrainingConfig | None = None
        self._history: History | None = None
        self._seen = 0

    # What belongs to training is imported when it is first asked for: the app's first screen need not wait for it.

    @property
    def draft(self) -> TrainingConfig:
        """Settings of the next run, as the form left them."""
        if self._draft is None:
            from netcore.training.config import TrainingConfig  # noqa: PLC0415

            self._draft = TrainingConfig()
        return self._draft

    @draft.setter
    def draft(self, config: TrainingConfig) -> None:
        self._draft = config

    @property
    def history(self) -> History:
        """What the worker's events so far add up to."""
        if self._history is None:
            from netcore.runs.history import History  # noqa: PLC0415

            self._history = History()
        return self._history

    @property
    def training(self) -> bool:
        """Whether a run is under way, be it paused."""
        return self.worker is not None and not self.worker.done

    @property
    def begun(self) -> bool:
        """Whether the run has told anything since it was started or gone on with here."""
        return self._seen > 0

    def start_training(self) -> None:
        """Begin a run with the settings of the draft; the one before must be done."""
        from netcore.runs.worker import TrainingWorker  # noqa: PLC0415

        self._start(TrainingWorker(self.draft), None)

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
        self._start(TrainingWorker(self.draft, run), so_far.history)

    def _start(self, worker: TrainingWorker, history: History | None) -> None:
        if self.training:
            raise RuntimeError("one run at a time")
        self.worker, self._history, self._seen = worker, history, 0
        worker.start()
        self.started()

    def take_new_records(self) -> bool:
        """Fold in what the worker has put down since the last time; return whether there was anything."""
        if self.worker is None:
            return False
        new = self.worker.records[self._seen :]
        for record in new:
            self.history.add(record)
        self._seen += len(new)
        return bool(new)

    def end_training(self) -> str:
        """Wait until the run has ended, its model saved; stop it first if nobody has. Says what became of it."""
        if self.worker is None:
            return ""
        if self.training and not self.worker.controls.stopping:
            self.worker.controls.stop(keep=True)
        self.worker.join()
        self.take_new_records()
        return self.outcome

    @property
    def status(self) -> str:
        """Where the run is, in a few words; empty while none is under way."""
        if not self.training:
            return ""
        if not self.begun:
            return "training begins"
        wanted = self.history.wanted_epochs
        word = "paused in" if self.history.state == "paused" else "training"
        return f"{word} epoch {min(int(self.history.position) + 1, wanted)} of {wanted}"

    @property
    def failed(self) -> bool:
        """Whether the run ended before its time, through no wish of anybody."""
        return (self.worker is not None and self.worker.error is not None) or self.history.state in (
            "failed",
            "diverged",
        )

    @property
    def outcome(self) -> str:
        """What became of the run, in a sentence; empty while it is under way."""
        finished = self.history.finished
        if self.worker is None or self.training:
            return ""
        if self.worker.error:
            return f"The run failed: {self.worker.error}"
        if finished and finished.model:
            accuracy = percent(finished.test_accuracy)
            return f"The run has {finished.reason}. Its model is {finished.model}, {accuracy} of the test images right."
        if finished and finished.reason == "diverged":
            return f"The run has diverged: {finished.message}"
        return "The run was thrown away."

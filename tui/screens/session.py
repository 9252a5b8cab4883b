"""What the screens share: the model being looked at, the run being trained, the settings of the next one.

The app makes one and gives it to every screen. It holds state and no widgets, so it can be tested without an app.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netcore.runs.history import History
from netcore.training.config import TrainingConfig
from tui.render.numbers import percent

if TYPE_CHECKING:
    from netcore.runs.worker import TrainingWorker

__all__ = ["Session"]


@dataclass
class Session:
    """Shared state of the screens.

    Attributes:
        model: Name or path of the model that Test and Inspect show; None before one was chosen.
        draft: Settings of the next run, as the form left them.
        worker: The run of this app; None before the first one.
        history: What the worker's events so far add up to.
        started: Called when a run begins, so that the app follows it.
    """

    model: str | None = None
    draft: TrainingConfig = field(default_factory=TrainingConfig)
    worker: TrainingWorker | None = None
    history: History = field(default_factory=History)
    started: Callable[[], object] = lambda: None
    _seen: int = 0

    @property
    def training(self) -> bool:
        """Whether a run is under way, be it paused."""
        return self.worker is not None and not self.worker.done

    def start_training(self) -> None:
        """Begin a run with the settings of the draft; the one before must be done."""
        # Imported here: it loads NumPy and the whole engine, which the app's first screen must not wait for.
        from netcore.runs.worker import TrainingWorker  # noqa: PLC0415

        if self.training:
            raise RuntimeError("one run at a time")
        self.worker, self.history, self._seen = TrainingWorker(self.draft), History(), 0
        self.worker.start()
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
        if self.history.started is None:
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

"""What the screens share: the model being looked at, the run being trained, the settings of the next one.

The app makes one and gives it to every screen. It holds state and no widgets, so it can be tested without an app.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netcore.runs.history import History
from netcore.training.config import TrainingConfig

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
    """

    model: str | None = None
    draft: TrainingConfig = field(default_factory=TrainingConfig)
    worker: TrainingWorker | None = None
    history: History = field(default_factory=History)
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

    def take_new_records(self) -> bool:
        """Fold in what the worker has put down since the last time; return whether there was anything."""
        if self.worker is None:
            return False
        new = self.worker.records[self._seen :]
        for record in new:
            self.history.add(record)
        self._seen += len(new)
        return bool(new)

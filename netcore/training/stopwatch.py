"""How long a run has trained, and what has happened since it last told."""

from __future__ import annotations

from time import perf_counter

from netcore.training.events import Progress
from netcore.training.step import Training

__all__ = ["Stopwatch"]


class Stopwatch:
    """Counts the time spent training, and sums up what happened since the last report."""

    def __init__(self, training: Training, report_seconds: float) -> None:
        self._training = training
        self._report_seconds = report_seconds
        self._last_tick = perf_counter()
        self.begin_window()

    def tick(self) -> None:
        """Count the time since the last tick."""
        now = perf_counter()
        self._training.seconds += now - self._last_tick
        self._training.epoch_seconds += now - self._last_tick
        self._last_tick = now

    def skip(self) -> None:
        """Leave out the time since the last tick: a pause."""
        self._last_tick = perf_counter()

    def begin_window(self) -> None:
        """Forget what was summed up."""
        self.images, self._correct, self._loss, self._since = 0, 0, 0.0, self._training.seconds

    def count(self, images: int, loss: float, correct: int) -> None:
        """Add a batch."""
        self.tick()
        self.images += images
        self._loss += loss
        self._correct += correct

    def report_due(self) -> bool:
        """Whether it is time to tell."""
        return self._training.seconds - self._since >= self._report_seconds

    def progress(self, rate: float) -> Progress:
        """Where the run is, and what happened since the last report."""
        training, images = self._training, max(self.images, 1)
        seconds = training.seconds - self._since
        event = Progress(
            epoch=training.epoch,
            epochs=training.config.epochs,
            batch=training.batch,
            batches=training.batches,
            train_loss=self._loss / images,
            train_accuracy=self._correct / images,
            learning_rate=rate,
            seconds=training.seconds,
            images_per_second=self.images / seconds if seconds else 0.0,
        )
        self.begin_window()
        return event

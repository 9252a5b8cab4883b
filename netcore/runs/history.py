"""The one fold from a run's events to what a screen needs: columns of numbers, best epoch, time left, a verdict.

A live run, a finished one and one followed from another terminal go through the same `History.add`. NumPy is not
needed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from netcore.runs.verdict import verdict
from netcore.training.events import (
    CheckpointFailed,
    CheckpointSaved,
    EpochFinished,
    Progress,
    RunContinued,
    RunFinished,
    RunPaused,
    RunStarted,
    SettingChanged,
)
from netcore.training.records import Record

__all__ = ["History", "Mark", "RunState"]

RunState = Literal["waiting", "running", "paused", "completed", "stopped", "diverged", "failed"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened on the way, to be shown in the plots.

    Attributes:
        epoch: When, in epochs since the beginning; 2.5 is the middle of the third.
        text: What, in a word or two.
    """

    epoch: float
    text: str


class History:
    """What the events so far add up to.

    Attributes:
        state: Of the run.
        started: Its first event, or the newest of those that tell that it is gone on with; None before that.
        finished: Its last event; None before that.
        epochs: Columns with a row an epoch, in order, kept as the events themselves.
        steps: Within and between epochs, the curve of the training loss and accuracy as it grows: (epochs, loss,
            accuracy).
        marks: Settings changed on the way.
        progress: The newest report of the present epoch; None before that.
        learning_rate: In force at the newest event that tells; None before the first.
        warning: Why the newest checkpoint could not be saved; empty where it was.
    """

    def __init__(self) -> None:
        self.state: RunState = "waiting"
        self.started: RunStarted | None = None
        self.finished: RunFinished | None = None
        self.epochs: list[EpochFinished] = []
        self.steps: list[tuple[float, float, float]] = []
        self.marks: list[Mark] = []
        self.progress: Progress | None = None
        self.learning_rate: float | None = None
        self.warning = ""

    def add(self, record: Record) -> None:
        """Take in the next event of the run."""
        match record.event:
            case RunStarted() as started:
                self._start(started)
            case Progress() as progress:
                self.progress, self.learning_rate = progress, progress.learning_rate
                at = progress.epoch + progress.batch / progress.batches
                self.steps.append((at, progress.train_loss, progress.train_accuracy))
            case EpochFinished() as epoch:
                self.epochs.append(epoch)
                self.progress, self.learning_rate = None, epoch.learning_rate
            case SettingChanged() as change:
                self.learning_rate = change.new
                at = change.epoch + change.batch / change.batches
                self.marks.append(Mark(at, f"rate {change.old:.3g} → {change.new:.3g}"))
            case RunPaused():
                self.state = "paused"
            case RunContinued():
                self.state = "running"
            case RunFinished() as finished:
                self.state, self.finished = finished.reason, finished
            case CheckpointFailed() as failed:
                self.warning = failed.message
            case CheckpointSaved():
                self.warning = ""

    def _start(self, started: RunStarted) -> None:
        """A run begins, or is resumed from a checkpoint: what came after that checkpoint will be done again."""
        self.started, self.finished, self.state, self.progress = started, None, "running", None
        self.learning_rate = self.learning_rate or float(started.config["learning_rate"])
        at = started.epoch + started.batch / started.batches
        self.epochs = [epoch for epoch in self.epochs if epoch.epoch <= started.epoch]
        self.steps = [step for step in self.steps if step[0] <= at]
        self.marks = [mark for mark in self.marks if mark.epoch <= at]

    # Columns, for plots and cards.

    @property
    def train_loss(self) -> list[float]:
        """After each epoch (nats)."""
        return [epoch.train_loss for epoch in self.epochs]

    @property
    def train_accuracy(self) -> list[float]:
        """After each epoch, in [0, 1]."""
        return [epoch.train_accuracy for epoch in self.epochs]

    @property
    def validation_loss(self) -> list[float | None]:
        """After each epoch (nats); None where no images are held out."""
        return [epoch.validation_loss for epoch in self.epochs]

    @property
    def validation_accuracy(self) -> list[float | None]:
        """After each epoch, in [0, 1]; None where no images are held out."""
        return [epoch.validation_accuracy for epoch in self.epochs]

    def columns(self) -> dict[str, list[float | None]]:
        """All columns by name, as a card keeps them, to six digits."""
        names = ("train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "learning_rate", "seconds")
        rows: dict[str, list[float | None]] = {}
        for name in names:
            values = [getattr(epoch, name) for epoch in self.epochs]
            rows[name] = [None if value is None else float(f"{value:.6g}") for value in values]
        return rows

    # Where the run is.

    @property
    def wanted_epochs(self) -> int:
        """How many epochs the run is to have; 0 before it has started."""
        return int(self.started.config["epochs"]) if self.started else 0

    @property
    def position(self) -> float:
        """Epochs done, with the finished part of the present one."""
        if self.progress:
            return self.progress.epoch + self.progress.batch / self.progress.batches
        begun = self.started.epoch + self.started.batch / self.started.batches if self.started else 0.0
        return max(begun, float(self.epochs[-1].epoch) if self.epochs else 0.0)

    @property
    def saved_as(self) -> str | None:
        """Name of the model that has come of it; None where none has."""
        return self.finished.model if self.finished else None

    @property
    def present_epoch(self) -> int:
        """The epoch that is under way, from 1, or right after its end the one that has ended; 0 before the start."""
        return min(max(math.ceil(self.position), 1), self.wanted_epochs)

    @property
    def images_per_second(self) -> float | None:
        """Training speed at the newest event that tells."""
        newest = self.progress or (self.epochs[-1] if self.epochs else None)
        return newest.images_per_second if newest else None

    @property
    def seconds(self) -> float:
        """Spent training, without pauses, as far as the events tell."""
        if self.progress:
            return self.progress.seconds
        return sum(epoch.seconds for epoch in self.epochs)

    @property
    def seconds_left(self) -> float | None:
        """Until the last epoch is done, at the pace of the newest epochs; None before anything is known."""
        left = self.wanted_epochs - self.position
        if self.finished or not left:
            return 0.0
        if self.epochs:
            newest = self.epochs[-5:]
            return left * sum(epoch.seconds for epoch in newest) / len(newest)
        if self.progress and self.started and self.progress.images_per_second:
            # Validation goes without the backward pass: about a third of the work an image.
            images = self.started.train_images + self.started.validation_images / 3
            return left * images / self.progress.images_per_second
        return None

    @property
    def best_epoch(self) -> EpochFinished | None:
        """With the highest validation accuracy (training accuracy where nothing is held out); the first of equals."""
        return max(self.epochs, key=_accuracy, default=None)

    @property
    def best_accuracy(self) -> float | None:
        """Of the best epoch, in [0, 1]; None before the first."""
        best = self.best_epoch
        return best.accuracy if best else None

    @property
    def verdict(self) -> str:
        """What an experienced eye would say of the curves, in plain words; empty while there is nothing to say."""
        if self.state == "diverged":
            return "diverged: " + (self.finished.message if self.finished else "")
        return verdict(self.epochs, finished=self.finished is not None)


def _accuracy(epoch: EpochFinished) -> float:
    return epoch.accuracy if math.isfinite(epoch.accuracy) else -1.0

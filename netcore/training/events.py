"""What happens in a run, as values: a run is a stream of these.

The loop yields them, the log keeps them one a line, `netcore.runs.history.History` folds them for a screen. A live run,
a finished one and one followed from another terminal are all the same stream.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

__all__ = [
    "CheckpointFailed",
    "CheckpointSaved",
    "EpochFinished",
    "Event",
    "FinishReason",
    "Mode",
    "Progress",
    "RunContinued",
    "RunDetached",
    "RunFinished",
    "RunPaused",
    "RunStarted",
    "SettingChanged",
]

FinishReason = Literal["completed", "stopped", "diverged", "failed"]
Mode = Literal["go_on", "one_epoch", "pause"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """Training begins, or goes on from a checkpoint at ``epoch`` (finished epochs) and ``batch`` (finished batches).

    ``note`` is what a person should know of that checkpoint; empty where all is well.
    """

    config: dict[str, Any]
    classes: tuple[str, ...]
    parameters: int
    train_images: int
    validation_images: int
    batches: int
    epoch: int = 0
    batch: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where the run is, a few times a second.

    Attributes:
        epoch: Finished epochs.
        epochs: Epochs wanted.
        batch: Finished batches of the present epoch.
        batches: Batches an epoch.
        train_loss: Mean over the images since the last Progress or the start of the epoch (nats).
        train_accuracy: Likewise, in [0, 1].
        learning_rate: Of the last batch.
        seconds: Spent training since the run began, without pauses.
        images_per_second: Since the last Progress.
    """

    epoch: int
    epochs: int
    batch: int
    batches: int
    train_loss: float
    train_accuracy: float
    learning_rate: float
    seconds: float
    images_per_second: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochFinished:
    """A pass over all training images is done.

    Attributes:
        epoch: Its number, from 1.
        epochs: Epochs wanted.
        train_loss: Mean over the epoch's images, each as it was met (nats): augmented, with neurons dropped and against
            the smoothed target where the settings say so, unlike the validation loss.
        train_accuracy: Likewise, in [0, 1].
        validation_loss: Over the images held out, after the epoch; None where there are none.
        validation_accuracy: Likewise, in [0, 1].
        learning_rate: Of the last batch.
        seconds: Since the epoch before, or the start, without pauses: training, validation, and what was done with the
            events meanwhile.
        images_per_second: Training images over these seconds without the validation.
    """

    epoch: int
    epochs: int
    train_loss: float
    train_accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    learning_rate: float
    seconds: float
    images_per_second: float

    @property
    def held_out(self) -> bool:
        """Whether `accuracy` is that of images that it was not trained on."""
        return self.validation_accuracy is not None

    @property
    def accuracy(self) -> float:
        """How good it is: of the images held out, or where there are none of those it was trained on; in [0, 1]."""
        return self.train_accuracy if self.validation_accuracy is None else self.validation_accuracy


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChanged:
    """A person changed a setting while training, after ``batch`` batches of the epoch after ``epoch`` finished ones.

    For the learning rate, ``old`` and ``new`` are the rates in force at that moment, with the schedule's factor.
    """

    setting: Literal["learning_rate"]
    old: float
    new: float
    epoch: int
    batch: int
    batches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPaused:
    """Training waits for a person, after ``batch`` batches of the epoch after ``epoch`` finished ones."""

    epoch: int
    batch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContinued:
    """Training goes on after a pause."""

    epoch: int
    batch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDetached:
    """This process leaves the run for another one to go on with from the checkpoint, doing what ``mode`` says."""

    epoch: int
    batch: int
    mode: Mode = "go_on"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointSaved:
    """Everything needed to go on from here is on the disk."""

    epoch: int
    batch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointFailed:
    """The disk did not take a checkpoint; the one before it is whole, and training goes on."""

    epoch: int
    batch: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished:
    """The last event of a run.

    Attributes:
        reason: Why it ended.
        epoch: Finished epochs.
        test_accuracy: On the test images, in [0, 1]; None where the run ended without a model.
        test_loss: Likewise (nats).
        model: Name under which the model was saved; None where it was not.
        message: What to tell a person beyond the reason: where it diverged, what failed.
    """

    reason: FinishReason
    epoch: int
    test_accuracy: float | None = None
    test_loss: float | None = None
    model: str | None = None
    message: str = ""


Event = (
    RunStarted
    | Progress
    | EpochFinished
    | SettingChanged
    | RunPaused
    | RunContinued
    | RunDetached
    | CheckpointSaved
    | CheckpointFailed
    | RunFinished
)

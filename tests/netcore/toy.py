"""Small images that a small network learns in a moment, and a run driven by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from netcore.datasets.library import Part
from netcore.training.checkpoint import StateCaptured, TrainingState
from netcore.training.config import TrainingConfig
from netcore.training.controls import Controls
from netcore.training.events import EpochFinished, Event, Progress
from netcore.training.loop import train
from netcore.training.step import Training

CLASSES = tuple("0123456789")


def toy_part(count: int, seed: int = 0) -> Part:
    """Each class is a bright band of rows on noise; sorted by nothing, every label about as often."""
    rng = np.random.default_rng(seed)
    labels = rng.permutation(count).astype(np.uint8) % 10
    images = rng.integers(0, 90, (count, 28, 28), np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[2 * label + 4 : 2 * label + 7] += 160
    return Part(images, labels)


TRAIN, TEST = toy_part(60), toy_part(20, seed=1)


def toy_training(**settings: Any) -> Training:
    """A run at its beginning: 60 images; four batches an epoch, the last one short, unless the settings differ."""
    usual = {"layers": "relu(6), softmax(10)", "epochs": 3, "batch_size": 16, "learning_rate": 0.05, "validation": 0}
    return Training(TrainingConfig(**(usual | {"workers": 1} | settings)), TRAIN, len(CLASSES))


def toy_run(training: Training, controls: Controls | None = None, report_seconds: float = 0.0) -> Iterator[Any]:
    """The loop over such a run. It reports after every batch."""
    return train(training, TEST, CLASSES, controls, report_seconds=report_seconds)


def events(stream: list[Event | StateCaptured]) -> list[Event]:
    """Without the captured states."""
    return [item for item in stream if not isinstance(item, StateCaptured)]


def last_state(stream: list[Event | StateCaptured]) -> TrainingState:
    return [item for item in stream if isinstance(item, StateCaptured)][-1].state


def without_clock(event: Event) -> Event:
    """The same event with whatever a clock measured set to zero."""
    timed = {"seconds": 0.0, "images_per_second": 0.0}
    if isinstance(event, Progress | EpochFinished):
        return type(event)(**{name: timed.get(name, getattr(event, name)) for name in event.__dataclass_fields__})
    return event


def finite(numbers: Any) -> bool:
    return all(math.isfinite(number) for number in np.ravel(numbers))

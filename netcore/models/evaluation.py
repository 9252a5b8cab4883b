"""How good a network is: accuracy, loss, what it confuses with what, and whether its confidence can be believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from netcore.datasets.library import Part
from netcore.errors import ModelError
from netcore.models.calibration import calibration_error, scaled
from netcore.nn.activations import Array
from netcore.nn.network import SLICE

__all__ = ["Evaluation", "Predictor", "evaluate", "measure"]


class Predictor(Protocol):
    """Anything that gives probabilities for images, such as a network."""

    def log_probabilities(self, images: NDArray[Any]) -> Array:
        """Logarithm of the probability of each class, (n, classes), for images (n, 28, 28) uint8."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a network does with the images of one part of a dataset; c is the number of classes.

    Attributes:
        probabilities: (n, c) float32.
        predictions: (n,) the class with the highest probability.
        confusion: (c, c) counts; row: true class, column: predicted class.
        correct: Images whose prediction is the label.
        accuracy: ``correct`` as a share of all, in [0, 1].
        loss: Mean cross-entropy (nats).
        per_class: (c,) accuracy among the images of each class; NaN where a class has none.
        ece: Expected calibration error over 15 bins, in [0, 1]; see `netcore.models.calibration`.
        ece_scaled: The same once a temperature is applied; None where none was given.
    """

    probabilities: Array
    predictions: NDArray[np.intp]
    confusion: NDArray[np.intp]
    correct: int
    accuracy: float
    loss: float
    per_class: NDArray[np.float64]
    ece: float
    ece_scaled: float | None

    @property
    def images(self) -> int:
        """How many images were looked at."""
        return len(self.predictions)


def evaluate(predictor: Predictor, part: Part, temperature: float | None = None) -> Evaluation:
    """Look at every image of ``part`` once; there must be one at least.

    Args:
        predictor: What is measured.
        part: The images and their labels.
        temperature: Fitted on other images, for `Evaluation.ece_scaled`; it changes no other figure.

    Raises:
        ModelError: A label is none of the classes that the predictor tells apart, or an answer is no number.
    """
    logs = predictor.log_probabilities(part.images)
    classes = logs.shape[1]
    if part.labels.max() >= classes:
        raise ModelError(
            f"the model tells {classes} classes apart, and the images have labels up to {part.labels.max()}"
        )
    if np.isnan(logs).any():
        raise ModelError("the model's answers are not finite numbers: its parameters are too large; train another")
    labels = part.labels.astype(np.intp)
    predictions = logs.argmax(axis=1)
    confusion = np.bincount(labels * classes + predictions, minlength=classes**2).reshape(classes, classes)
    correct = int(np.trace(confusion))
    of_class = confusion.sum(axis=1)
    per_class = np.full(classes, np.nan)
    np.divide(np.diag(confusion), of_class, out=per_class, where=of_class > 0)
    probabilities = np.exp(logs)
    return Evaluation(
        probabilities=probabilities,
        predictions=predictions,
        confusion=confusion,
        correct=correct,
        accuracy=correct / len(labels),
        loss=_mean_loss(logs, labels),
        per_class=per_class,
        ece=calibration_error(probabilities, labels),
        ece_scaled=None if temperature is None else calibration_error(np.exp(scaled(logs, temperature)), labels),
    )


def measure(predictor: Predictor, part: Part, stop: Callable[[], bool]) -> tuple[float, float] | None:
    """Loss and accuracy only, a slice at a time; between two of them it asks whether to stop.

    Returns:
        Mean loss (nats) and accuracy in [0, 1], or None where ``stop`` said so before the end.
    """
    loss, correct = 0.0, 0
    for start in range(0, len(part), SLICE):
        if stop():
            return None
        logs = predictor.log_probabilities(part.images[start : start + SLICE])
        labels = part.labels[start : start + SLICE]
        loss += _mean_loss(logs, labels) * len(labels)
        correct += int(np.count_nonzero(logs.argmax(axis=1) == labels))
    return loss / len(part), correct / len(part)


def _mean_loss(logs: Array, labels: NDArray[Any]) -> float:
    return float(-logs[np.arange(len(labels)), labels].mean(dtype=np.float64))

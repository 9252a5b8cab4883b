"""Whether a network's confidence can be believed, and the one number that corrects it: the temperature.

Source: Guo et al., On Calibration of Modern Neural Networks (2017).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcore.nn.activations import Array
from netcore.nn.loss import log_softmax

__all__ = ["Calibration", "calibrate", "calibration_error", "fit_temperature", "scaled"]

COLDEST, HOTTEST = 1 / 20, 20.0
"""Temperatures that are considered. Where every image is right the best one would be 0, which divides by nothing."""

_HALVINGS = 50
"""Of the range in which the best temperature lies: more change its twelfth digit at the most."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What images that were held out tell of a network's confidence.

    Attributes:
        temperature: By which its logits are best divided; above 1 where it is too sure of itself.
        ece: Expected calibration error on these images, without that; in [0, 1].
    """

    temperature: float
    ece: float


def calibrate(logs: Array, labels: NDArray[Any]) -> Calibration | None:
    """Find out how a network's confidence is to be taken; None where its answers are not finite numbers.

    The images must be held out: on those that it was trained on a network is surer than it should be, and the test
    images choose nothing.

    Args:
        logs: (n, classes) logarithms of its probabilities, n at least 1.
        labels: (n,) class indices.
    """
    if not np.isfinite(logs).all():
        return None
    return Calibration(fit_temperature(logs, labels), calibration_error(np.exp(logs), labels))


def calibration_error(probabilities: Array, labels: NDArray[Any], bins: int = 15) -> float:
    """Expected calibration error: how far confidence and accuracy lie apart, on average over the images.

    Equation 3 of the paper, with bins of equal width.

    Args:
        probabilities: (n, c).
        labels: (n,) class indices.
        bins: Into which the confidence, the highest probability, is sorted.
    """
    confidence = probabilities.max(axis=1).astype(np.float64)
    right = probabilities.argmax(axis=1) == labels
    # A bin is open below and closed above, as in the paper: confidence 1 belongs to the last one.
    number = np.clip(np.ceil(confidence * bins).astype(np.intp) - 1, 0, bins - 1)
    gap = np.bincount(number, weights=right - confidence, minlength=bins)
    return float(np.abs(gap).sum() / len(labels))


def fit_temperature(logs: Array, labels: NDArray[Any]) -> float:
    """The temperature T for which ``softmax(logs / T)`` has the smallest mean cross-entropy (section 4.2 of the paper).

    In 1 / T the loss is convex: its slope is the mean over the images of (the expected logarithm under the scaled
    probabilities - the one at the label), and rises. Halving the range finds where it crosses zero.

    Args:
        logs: (n, classes) finite log-probabilities, or logits: a constant added to a row changes nothing.
        labels: (n,) class indices.

    Returns:
        T, from 1/20 to 20.
    """
    exact = logs.astype(np.float64)
    at_label = exact[np.arange(len(labels)), labels]
    low, high = 1 / HOTTEST, 1 / COLDEST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        probabilities = np.exp(log_softmax(middle * exact))
        if float(((probabilities * exact).sum(axis=1) - at_label).sum()) > 0:
            high = middle
        else:
            low = middle
    return 2 / (low + high)


def scaled(logs: Array, temperature: float) -> Array:
    """Log-probabilities with the temperature applied, (n, classes). No image changes its class."""
    return log_softmax(logs / np.float32(temperature))

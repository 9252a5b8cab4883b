"""Softmax and cross-entropy in one step: the loss, how many are right, and the gradient of the logits.

Source: Goodfellow, Bengio, Courville, Deep Learning (2016), sections 6.2.2.3 and 4.1; log-sum-exp with the row's
maximum taken out, so no logit can overflow and no epsilon is needed. The gradient of softmax with cross-entropy is
simply ``probabilities - target``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcore.nn.activations import Array

__all__ = ["Labels", "log_softmax", "softmax_cross_entropy"]

Labels = NDArray[np.integer[Any]]


def log_softmax(logits: Array) -> Array:
    """Logarithm of the softmax of each row of ``logits`` (n, classes)."""
    shifted: Array = logits - logits.max(axis=1, keepdims=True)
    shifted -= np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return shifted


@lru_cache(maxsize=8)
def _row_starts(rows: int, classes: int) -> NDArray[np.intp]:
    """Where each row begins in the flat array. Batches have few different sizes, so it is made for a size once."""
    return np.arange(0, rows * classes, classes)


def softmax_cross_entropy(logits: Array, labels: Labels, divisor: int, smoothing: float = 0.0) -> tuple[float, int]:
    """Replace ``logits`` by the gradient of the mean loss, and return the loss.

    Args:
        logits: (n, classes), C-contiguous; overwritten by ``(softmax(logits) - target) / divisor``.
        labels: (n,) class indices.
        divisor: Rows in the whole batch: n, or more where the batch is worked off in slices.
        smoothing: Label smoothing in [0, 1): the target is ``1 - smoothing`` on the label plus ``smoothing / classes``
            on every class (Szegedy et al., Rethinking the Inception Architecture, 2016, section 7).

    Returns:
        The cross-entropy against the target, summed over the rows (nats), and how many rows have their largest logit
        at the label. A sum that is not finite says that training has diverged.
    """
    n, classes = logits.shape
    flat = logits.reshape(-1, copy=False)
    row_starts = _row_starts(n, classes)
    at_labels = row_starts + labels
    largest = logits.argmax(axis=1)
    largest += row_starts
    correct = int(np.count_nonzero(largest == at_labels))
    logits -= flat.take(largest)[:, None]
    at_label = float(np.add.reduce(flat.take(at_labels)))
    at_every_class = float(np.add.reduce(flat)) / classes if smoothing else 0.0
    np.exp(logits, out=logits)
    total = np.add.reduce(logits, axis=1)
    logits /= total[:, None]
    np.log(total, out=total)
    loss = float(np.add.reduce(total)) - (1 - smoothing) * at_label - smoothing * at_every_class
    if smoothing:
        logits -= smoothing / classes
    flat[at_labels] -= 1 - smoothing
    logits /= divisor
    return loss, correct

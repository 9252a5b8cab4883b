"""Softmax with cross-entropy against SciPy, also where a naive formula would overflow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import log_softmax as scipy_log_softmax
from scipy.special import softmax as scipy_softmax

from netcore.nn.loss import log_softmax, softmax_cross_entropy
from tests.netcore.reference import loss_of

pytestmark = pytest.mark.filterwarnings("error")

LOGIT = st.one_of(st.floats(-5, 5), st.sampled_from([1e4, -1e4, 0.0, 88.8, -104.0]))


@st.composite
def batches(draw):
    classes = draw(st.integers(1, 6))
    rows = draw(st.lists(st.lists(LOGIT, min_size=classes, max_size=classes), min_size=1, max_size=5))
    labels = draw(st.lists(st.integers(0, classes - 1), min_size=len(rows), max_size=len(rows)))
    return np.array(rows), np.array(labels, np.uint8)


@given(batches(), st.sampled_from([0.0, 0.1, 0.5]), st.integers(0, 7))
def test_loss_and_gradient_agree_with_scipy(batch, smoothing: float, more_rows: int):
    logits, labels = batch
    n, classes = logits.shape
    divisor = n + more_rows
    gradient = logits.copy()
    loss, correct = softmax_cross_entropy(gradient, labels, divisor, smoothing)

    assert loss == pytest.approx(sum(loss_of(*row, smoothing) for row in zip(logits, labels, strict=True)), abs=1e-9)
    target = (1 - smoothing) * np.eye(classes)[labels] + smoothing / classes
    np.testing.assert_allclose(gradient, (scipy_softmax(logits, axis=1) - target) / divisor, rtol=1e-9, atol=1e-12)
    assert correct == sum(int(np.argmax(row)) == label for row, label in zip(logits, labels, strict=True))


@given(batches())
def test_the_logarithms_agree_with_scipy_and_leave_the_logits_alone(batch):
    logits, _ = batch
    before = logits.copy()
    np.testing.assert_allclose(log_softmax(logits), scipy_log_softmax(logits, axis=1), rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(logits, before)


def test_extreme_logits_in_float32():
    logits = np.array([[1e4, -1e4, 0], [-1e4, 1e4, 1e4], [-1e4, -1e4, -1e4]], np.float32)
    loss, correct = softmax_cross_entropy(logits, np.array([1, 2, 0]), 3)
    # By hand: 20000 from the first row, ln 2 from the tie of two, ln 3 from the tie of three.
    assert loss == pytest.approx(20_000 + np.log(2) + np.log(3), rel=1e-6)
    assert correct == 1  # of equals, the first is the prediction
    by_hand = [[1, -1, 0], [0, 0.5, -0.5], [-2 / 3, 1 / 3, 1 / 3]]
    np.testing.assert_allclose(logits, np.array(by_hand) / 3, atol=1e-7)


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_logits_that_are_not_finite_show_in_the_loss(broken: float):
    with np.errstate(invalid="ignore"):
        loss, _ = softmax_cross_entropy(np.array([[0.0, broken], [1.0, 2.0]]), np.array([0, 1]), 2)
    assert not np.isfinite(loss)

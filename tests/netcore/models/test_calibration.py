"""Calibration against hand-computed cases and SciPy's minimiser."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from netcore.models.calibration import COLDEST, HOTTEST, calibrate, calibration_error, fit_temperature, scaled

pytestmark = pytest.mark.filterwarnings("error")


def answers(count: int, classes: int, seed: int, sharpness: float) -> tuple[np.ndarray, np.ndarray]:
    """Logits, and labels drawn from their softmax; the logits are then multiplied: the best temperature is known."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (count, classes))
    labels = np.array([rng.choice(classes, p=row) for row in softmax(logits, axis=1)])
    return log_softmax(logits * sharpness, axis=1).astype(np.float32), labels


def loss(logs: np.ndarray, labels: np.ndarray, temperature: float) -> float:
    rows = log_softmax(logs.astype(np.float64) / temperature, axis=1)
    return -np.mean([row[label] for row, label in zip(rows, labels, strict=True)])


CASES = st.tuples(
    st.integers(30, 200), st.integers(2, 10), st.integers(0, 10_000), st.sampled_from([0.2, 0.7, 1.0, 1.8, 6.0])
)


@given(CASES)
def test_the_temperature_is_the_one_that_scipy_finds(case: tuple[int, int, int, float]):
    logs, labels = answers(*case)
    found = minimize_scalar(
        lambda beta: loss(logs, labels, 1 / beta), bounds=(1 / HOTTEST, 1 / COLDEST), method="bounded",
        options={"xatol": 1e-9},
    )  # fmt: skip
    temperature = fit_temperature(logs, labels)
    assert 1 / temperature == pytest.approx(found.x, rel=1e-3, abs=1e-5)
    assert loss(logs, labels, temperature) <= found.fun + 1e-12


@pytest.mark.parametrize("sharpness", [0.5, 1.0, 3.0])
def test_what_multiplied_the_logits_is_found_again(sharpness: float):
    logs, labels = answers(4000, 6, seed=1, sharpness=sharpness)
    assert fit_temperature(logs, labels) == pytest.approx(sharpness, rel=0.1)


def test_a_temperature_by_hand():
    # Two classes, logits 2 apart, three of four right: the best probability is 3/4, so 2 / T = log 3.
    logs = np.tile(np.array([[1.0, -1.0]], np.float32), (4, 1))
    assert fit_temperature(logs, np.array([0, 0, 0, 1])) == pytest.approx(2 / np.log(3))


def test_the_ends_of_the_range():
    logs = np.array([[1.0, -1.0]] * 4, np.float32)
    assert fit_temperature(logs, np.zeros(4, np.uint8)) == pytest.approx(COLDEST)  # nothing is wrong: ever surer
    assert fit_temperature(logs, np.ones(4, np.uint8)) == pytest.approx(HOTTEST)  # nothing is right: never sure


def test_scaling_is_dividing_the_logits():
    logits = np.random.default_rng(0).normal(0, 30, (20, 5))
    logs = log_softmax(logits, axis=1).astype(np.float32)
    given_back = scaled(logs, 2.5)
    assert given_back.dtype == np.float32
    np.testing.assert_allclose(np.exp(given_back), softmax(logits / 2.5, axis=1), atol=1e-6)
    np.testing.assert_array_equal(given_back.argmax(axis=1), logits.argmax(axis=1))


def test_a_network_that_is_too_sure_is_better_calibrated_on_other_images():
    logs, labels = answers(6000, 5, seed=2, sharpness=3.0)
    known = calibrate(logs[:3000], labels[:3000])
    assert known.ece == calibration_error(np.exp(logs[:3000]), labels[:3000])
    before = calibration_error(np.exp(logs[3000:]), labels[3000:])
    after = calibration_error(np.exp(scaled(logs[3000:], known.temperature)), labels[3000:])
    assert before > 0.15
    assert after < 0.04


@pytest.mark.parametrize("odd", [np.nan, -np.inf])
def test_answers_that_are_no_numbers_tell_nothing(odd: float):
    logs, labels = answers(10, 3, seed=3, sharpness=1.0)
    logs[4, 1] = odd
    assert calibrate(logs, labels) is None


def test_calibration_by_hand():
    # Confidences 0.9, 0.9, 0.6 with one, none and all right: bins (13/15, 14/15] and (8/15, 9/15].
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1], [0.4, 0.6]])
    expected = 2 / 3 * abs(0.5 - 0.9) + 1 / 3 * abs(1 - 0.6)
    assert calibration_error(probabilities, np.array([0, 1, 1])) == pytest.approx(expected)


def test_a_bin_is_closed_above():
    # Confidence 3/15 belongs to (2/15, 3/15], the other one to (3/15, 4/15]: their gaps do not cancel.
    probabilities = np.array([[0.2] * 5, [0.25, 0.2, 0.2, 0.2, 0.15]])
    assert calibration_error(probabilities, np.array([0, 1])) == pytest.approx((0.8 + 0.25) / 2)


def test_full_confidence_belongs_to_the_last_bin():
    assert calibration_error(np.array([[1.0, 0.0]]), np.array([0])) == 0
    assert calibration_error(np.array([[1.0, 0.0]]), np.array([1])) == 1

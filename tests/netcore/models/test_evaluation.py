"""Evaluation against a loop over the images that does nothing clever."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logsumexp

from netcore.datasets.library import Part
from netcore.errors import ModelError
from netcore.models.evaluation import evaluate, measure
from netcore.nn.architecture import Architecture
from netcore.nn.network import Network
from tests.netcore.toy import TEST, toy_part

pytestmark = pytest.mark.filterwarnings("error")


@dataclass
class Oracle:
    """Answers with given logits; each image carries its number in its first pixels."""

    logits: np.ndarray

    def log_probabilities(self, images: np.ndarray) -> np.ndarray:
        numbers = images[:, 0, :2].astype(int) @ [1, 256]
        rows = self.logits[numbers]
        return (rows - logsumexp(rows, axis=1, keepdims=True)).astype(np.float32)


def case(count: int, classes: int, seed: int, sharpness: float) -> tuple[Oracle, Part]:
    rng = np.random.default_rng(seed)
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 0, 0], images[:, 0, 1] = np.arange(count) % 256, np.arange(count) // 256
    labels = rng.integers(0, classes, count).astype(np.uint8)
    logits = rng.normal(0, sharpness, (count, classes))
    logits[np.arange(count), labels] += sharpness  # better than chance
    return Oracle(logits), Part(images, labels)


CASES = st.builds(
    case, st.integers(1, 60), st.integers(2, 7), st.integers(0, 10_000), st.sampled_from([0.1, 1.0, 5.0, 300.0])
)


def naive_ece(oracle: Oracle, part: Part) -> float:
    """Bins (0, 1/15], (1/15, 2/15], ...: the gap in each, weighted by its share of the images."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(15)]
    for logs, label in zip(oracle.log_probabilities(part.images), part.labels, strict=True):
        confidence = max(float(np.exp(log)) for log in logs)
        k = next(k for k in range(15) if confidence <= (k + 1) / 15 or k == 14)
        bins[k].append((confidence, int(np.argmax(logs)) == label))
    total = 0.0
    for members in filter(None, bins):
        accuracy = sum(right for _, right in members) / len(members)
        confidence = sum(confidence for confidence, _ in members) / len(members)
        total += len(members) / len(part) * abs(accuracy - confidence)
    return total


@given(CASES)
def test_everything_against_a_loop_over_the_images(example: tuple[Oracle, Part]):
    oracle, part = example
    classes = oracle.logits.shape[1]
    confusion = [[0] * classes for _ in range(classes)]
    loss = 0.0
    for logits, label in zip(oracle.logits, part.labels, strict=True):
        confusion[label][int(np.argmax(logits))] += 1
        loss += logsumexp(logits) - logits[label]
    right = sum(confusion[k][k] for k in range(classes))

    result = evaluate(oracle, part)
    np.testing.assert_array_equal(result.confusion, confusion)
    assert (result.images, result.correct) == (len(part), right)
    assert result.accuracy == right / len(part)
    assert result.loss == pytest.approx(loss / len(part), rel=1e-5, abs=1e-5)
    assert result.ece == pytest.approx(naive_ece(oracle, part), abs=1e-5)
    for k in range(classes):
        total = sum(confusion[k])
        assert result.per_class[k] == pytest.approx(confusion[k][k] / total if total else math.nan, nan_ok=True)
    np.testing.assert_array_equal(result.predictions, oracle.logits.argmax(axis=1))
    np.testing.assert_allclose(result.probabilities.sum(axis=1), 1, atol=1e-5)


@given(CASES)
def test_measuring_in_slices_gives_the_same(example: tuple[Oracle, Part]):
    oracle, part = example
    loss, accuracy = measure(oracle, part, lambda: False)
    result = evaluate(oracle, part)
    assert (loss, accuracy) == (pytest.approx(result.loss, rel=1e-5, abs=1e-6), result.accuracy)


def test_slices_and_the_stop_between_them():
    oracle, part = case(3000, 4, seed=2, sharpness=1.0)
    result = evaluate(oracle, part)
    assert measure(oracle, part, lambda: False) == (pytest.approx(result.loss, rel=1e-6), result.accuracy)
    answers = iter([False, True])
    assert measure(oracle, part, lambda: next(answers)) is None
    assert next(answers, None) is None  # asked twice: before the first slice and before the second


def test_a_real_network():
    network = Network.initialised(Architecture.parse("relu(5), softmax(10)"), np.random.default_rng(0))
    result = evaluate(network, TEST)
    np.testing.assert_allclose(result.probabilities, network.probabilities(TEST.images), atol=1e-6)
    assert result.probabilities.dtype == np.float32
    assert result.confusion.sum() == len(TEST)


def test_the_calibration_error_with_a_temperature_is_that_of_divided_logits():
    oracle, part = case(200, 4, seed=3, sharpness=1.0)
    plain, scaled = evaluate(oracle, part), evaluate(oracle, part, temperature=2.5)
    assert scaled.ece_scaled == pytest.approx(evaluate(Oracle(oracle.logits / 2.5), part).ece, abs=1e-5)
    assert scaled.ece == plain.ece != scaled.ece_scaled
    assert plain.ece_scaled is None


def test_answers_that_are_no_numbers_are_no_accuracy():
    network = Network.initialised(Architecture.parse("relu(6), softmax(10)"), np.random.default_rng(0))
    network.parameters *= 1e30
    with pytest.raises(ModelError, match="not finite numbers"):
        evaluate(network, toy_part(10))


@pytest.mark.parametrize("classes", [7, 9])
def test_labels_that_the_network_does_not_know_are_refused(classes: int):
    network = Network(Architecture.parse(f"softmax({classes})"))
    with pytest.raises(ModelError, match=rf"{classes} classes.*labels up to 9"):
        evaluate(network, toy_part(10))

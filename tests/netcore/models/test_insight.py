"""Every number inside a network, against the same worked out from the arrays of its file in float64."""

from __future__ import annotations

import numpy as np
import pytest

from netcore.models.insight import Insight, look_inside
from netcore.models.survey import survey
from netcore.nn.architecture import Architecture
from netcore.nn.network import Network

IMAGES = np.random.default_rng(5).integers(0, 256, (40, 28, 28), np.uint8)
ACTIVATE = {
    "relu": lambda z: np.maximum(z, 0),
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(),
}


def network(text: str) -> Network:
    made = Network.initialised(Architecture.parse(text), np.random.default_rng(1))
    for biases in made.biases:
        biases[...] = np.random.default_rng(len(biases)).normal(0, 0.1, len(biases))
    return made


def by_hand(made: Network, image: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Sum and answer of each layer in float64."""
    steps, before = [], image.reshape(-1) / 255
    for layer, weights, biases in zip(made.architecture.layers, made.weights, made.biases, strict=True):
        total = before @ weights.astype(np.float64) + biases
        before = ACTIVATE[layer.activation](total)
        steps.append((total, before))
    return steps


LAYERS = ["softmax(10)", "relu(12), softmax(10)", "relu(9), tanh(8), sigmoid(7), softmax(4)"]


@pytest.mark.parametrize("layers", LAYERS)
def test_sums_and_answers_are_those_of_the_formula(layers: str):
    made = network(layers)
    inside = look_inside(made, IMAGES[0])
    assert len(inside.inputs) == len(inside.sums) == len(inside.answers) == len(made.weights)
    for layer, (total, answer) in enumerate(by_hand(made, IMAGES[0])):
        np.testing.assert_allclose(inside.sums[layer], total, atol=1e-5)
        np.testing.assert_allclose(inside.answers[layer], answer, atol=1e-6, rtol=1e-5)
    np.testing.assert_allclose(inside.answers[-1], made.probabilities(IMAGES[:1])[0], atol=1e-6)


@pytest.mark.parametrize("layers", LAYERS)
def test_contributions_and_bias_add_up_to_the_sum_of_every_neuron(layers: str):
    made = network(layers)
    inside = look_inside(made, IMAGES[1])
    for layer, (total, _) in enumerate(by_hand(made, IMAGES[1])):
        for neuron in range(len(total)):
            added = inside.contributions(layer, neuron).sum(dtype=np.float64) + made.biases[layer][neuron]
            assert added == pytest.approx(total[neuron], abs=1e-5)


@pytest.mark.parametrize("layers", LAYERS)
def test_effects_are_what_a_nudge_of_the_answer_does_to_the_logits(layers: str):
    made = network(layers)
    inside = look_inside(made, IMAGES[2])
    for layer in range(len(inside.answers)):
        for neuron in (0, 3):
            effects = inside.effects(layer, neuron)
            assert effects.dtype == np.float32
            np.testing.assert_allclose(effects, nudged(made, inside, layer, neuron), atol=1e-4, rtol=1e-3)


def nudged(made: Network, inside: Insight, layer: int, neuron: int, nudge: float = 1e-6) -> np.ndarray:
    """Rise of the logits for a rise of one answer, by central differences in float64."""
    last = len(inside.answers) - 1

    def logits(change: float) -> np.ndarray:
        answer = (inside.sums if layer == last else inside.answers)[layer].astype(np.float64)
        answer[neuron] += change
        for behind in range(layer + 1, last + 1):
            answer = answer @ made.weights[behind].astype(np.float64) + made.biases[behind]
            if behind < last:
                answer = ACTIVATE[made.architecture.layers[behind].activation](answer)
        return answer

    return (logits(nudge) - logits(-nudge)) / (2 * nudge)


def test_looking_inside_changes_nothing():
    made = network("relu(12), relu(8), softmax(10)")
    before = made.parameters.copy()
    inside = look_inside(made, IMAGES[0])
    inside.effects(0, 1)
    survey(made, IMAGES)
    np.testing.assert_array_equal(made.parameters, before)
    np.testing.assert_array_equal(IMAGES[0], np.random.default_rng(5).integers(0, 256, (40, 28, 28), np.uint8)[0])


def test_a_network_that_overflows_is_looked_at_without_a_warning(recwarn: pytest.WarningsRecorder):
    made = network("relu(12), softmax(10)")
    made.parameters[...] = 1e30
    look_inside(made, IMAGES[0])
    assert not recwarn.list


def test_a_survey_counts_weights_and_silent_neurons():
    made = network("relu(12), tanh(6), softmax(10)")
    made.weights[0][:, 4] = -1  # no image with ink can wake it
    made.biases[0][4] = 0
    first, second, last = survey(made, IMAGES)
    weights = made.weights[0].astype(np.float64)
    assert (first.shape, first.activation, first.parameters) == ((784, 12), "relu", 785 * 12)
    assert (first.mean, first.std) == pytest.approx((weights.mean(), weights.std()), abs=1e-7)
    assert (first.lowest, first.highest) == (weights.min(), weights.max())
    totals = IMAGES.reshape(40, -1) / 255 @ weights + made.biases[0]
    np.testing.assert_array_equal(first.answered, (totals > 0).sum(axis=0))
    assert first.dead == np.count_nonzero((totals > 0).sum(axis=0) == 0) >= 1
    assert (second.dead, last.dead) == (None, None)
    assert first.images == 40


def test_a_survey_looks_at_a_thousand_images_at_most():
    made = network("relu(3), softmax(10)")
    images = np.zeros((1500, 28, 28), np.uint8)
    images[1000:] = 255
    made.parameters[...] = 1  # with a bias of 1 every neuron answers on every image
    first, _ = survey(made, images)
    assert first.images == 1000
    assert first.answered is not None
    assert first.answered.tolist() == [1000] * 3

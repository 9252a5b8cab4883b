"""The network: views into one vector, its first weights, and its answers against a plain computation."""

from __future__ import annotations

from threading import Thread

import numpy as np
import pytest
from scipy.special import log_softmax as scipy_log_softmax

from netcore.nn.architecture import Architecture
from netcore.nn.network import SLICE, Network, as_inputs
from netcore.nn.turns import products
from tests.netcore.reference import SQUASH

ALL_KINDS = Architecture.parse("relu(9), tanh(8), sigmoid(7), linear(6), softmax(5)", 784)


def plain_logits(network: Network, image: np.ndarray) -> list[np.ndarray]:
    """Signals of every layer for one image, in float64; the last are the logits."""
    signals = [image.ravel() / 255.0]
    names = [layer.activation for layer in network.architecture.layers[:-1]]
    for name, w, b in zip([*names, "linear"], network.weights, network.biases, strict=True):
        signals.append(SQUASH[name](signals[-1] @ w.astype(np.float64) + b))
    return signals[1:]


def test_weights_and_biases_are_views_into_one_vector():
    architecture = Architecture.parse("relu(3), softmax(2)", 4)
    network = Network(architecture, np.arange(23, dtype=np.float32))
    # W0 (4, 3), b0 (3,), W1 (3, 2), b1 (2,), one after the other.
    np.testing.assert_array_equal(network.weights[0], np.arange(12).reshape(4, 3))
    np.testing.assert_array_equal(network.biases[0], [12, 13, 14])
    np.testing.assert_array_equal(network.weights[1], np.arange(15, 21).reshape(3, 2))
    np.testing.assert_array_equal(network.biases[1], [21, 22])
    network.weights[1][2, 1] = -1
    network.biases[0][0] = -2
    assert network.parameters[20] == -1
    assert network.parameters[12] == -2
    network.parameters[:] = 7
    assert all((array == 7).all() for array in (*network.weights, *network.biases))


def test_a_vector_of_another_length_is_refused():
    with pytest.raises(ValueError, match=r"\(22,\).*23"):
        Network(Architecture.parse("relu(3), softmax(2)", 4), np.zeros(22, np.float32))


def test_first_weights_have_the_variance_of_he_before_relu_and_of_lecun_elsewhere():
    network = Network.initialised(Architecture.parse("relu(300), tanh(200), softmax(100)"), np.random.default_rng(0))
    assert network.parameters.dtype == np.float32
    for weights, variance in zip(network.weights, (2 / 784, 1 / 300, 1 / 200), strict=True):
        # The variance of n normal numbers is known to sqrt(2 / n): 1 % for the smallest of these.
        assert weights.var() == pytest.approx(variance, rel=0.04)
        assert abs(weights.mean()) < 4 * (variance / weights.size) ** 0.5
    assert all((biases == 0).all() for biases in network.biases)


def test_the_same_seed_gives_the_same_network():
    first, again, other = (Network.initialised(ALL_KINDS, np.random.default_rng(seed)).parameters for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@pytest.mark.parametrize("count", [0, 1, 3, SLICE + 1])
def test_answers_agree_with_a_plain_computation(count: int):
    rng = np.random.default_rng(3)
    network = Network.initialised(ALL_KINDS, rng)
    images = rng.integers(0, 256, (count, 28, 28), np.uint8)
    logs, probabilities = network.log_probabilities(images), network.probabilities(images)
    assert logs.shape == probabilities.shape == (count, 5)
    assert logs.dtype == np.float32
    for i in {0, count // 2, count - 1} if count else ():
        expected = scipy_log_softmax(plain_logits(network, images[i])[-1])
        np.testing.assert_allclose(logs[i], expected, atol=2e-5)
        np.testing.assert_allclose(probabilities[i], np.exp(expected), atol=1e-5)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def test_an_answer_waits_for_its_turn():
    network, images = Network(ALL_KINDS), np.zeros((1, 28, 28), np.uint8)
    asking = Thread(target=network.probabilities, args=(images,))
    with products:
        asking.start()
        asking.join(0.1)
        assert asking.is_alive()
    asking.join(10)
    assert not asking.is_alive()


def test_what_every_neuron_answers():
    network = Network.initialised(ALL_KINDS, np.random.default_rng(3))
    images = np.random.default_rng(4).integers(0, 256, (2, 28, 28), np.uint8)
    activations = network.activations(images)
    assert [layer.shape for layer in activations] == [(2, 9), (2, 8), (2, 7), (2, 6), (2, 5)]
    signals = plain_logits(network, images[1])
    for ours, theirs in zip(activations[:-1], signals[:-1], strict=True):
        np.testing.assert_allclose(ours[1], theirs, atol=2e-5)
    np.testing.assert_allclose(activations[-1], network.probabilities(images), atol=1e-6)


def test_bytes_become_numbers_from_0_to_1_and_floats_stay():
    images = np.array([[[0, 51], [102, 255]]], np.uint8)
    np.testing.assert_allclose(as_inputs(images), [[0, 0.2, 0.4, 1]], rtol=1e-6)
    assert as_inputs(images).dtype == np.float32
    floats = np.array([[0.25, 0.5]], np.float32)
    np.testing.assert_array_equal(as_inputs(floats), floats)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("size", [1e30, np.inf, np.nan])
def test_a_network_that_has_diverged_answers_without_a_warning(size: float):
    network = Network.initialised(ALL_KINDS, np.random.default_rng(0))
    network.parameters[::3] = size
    images = np.full((2, 28, 28), 200, np.uint8)
    assert network.probabilities(images).shape == (2, 5)
    assert network.activations(images)[-1].shape == (2, 5)

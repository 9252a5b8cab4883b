"""Gradients against finite differences and against an independent implementation, for networks of every kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcore.nn.architecture import Architecture, Layer
from netcore.nn.backpropagation import Backpropagation
from netcore.nn.network import Network
from tests.netcore.reference import GRADIENTS

pytestmark = pytest.mark.filterwarnings("error")

KINDS = ("relu", "tanh", "sigmoid", "linear")


@dataclass
class Case:
    network: Network
    inputs: np.ndarray
    labels: np.ndarray

    def gradient(self, smoothing: float = 0.0, dropout: float = 0.0) -> tuple[float, np.ndarray]:
        """Mean loss and its gradient. The same neurons are silenced on each call."""
        work = Backpropagation(self.network, len(self.inputs), smoothing=smoothing, dropout=dropout)
        loss = run(work, self, slice(None), len(self.inputs), np.random.default_rng(7))
        return loss / len(self.inputs), work.gradient


def run(
    work: Backpropagation,
    example: Case,
    rows: slice,
    divisor: int,
    rng: np.random.Generator | None = None,
    pixels: tuple[slice, ...] = (slice(None),),
) -> float:
    """Backpropagation over some rows, by the pixels one after the other; return the summed loss."""
    inputs, labels = example.inputs[rows], example.labels[rows]
    sums = np.zeros((len(inputs), example.network.architecture.sizes[1]))
    some, delta = np.empty_like(sums), np.full_like(sums, np.nan)
    for chosen in pixels:
        work.first_sums(inputs[:, chosen], some, chosen)
        sums += some
    loss, _ = work.to_loss_and_back(sums, labels, divisor, delta, rng)
    for chosen in pixels:
        work.first_weights(inputs[:, chosen], delta, chosen)
    return loss


def case(hidden: list[tuple[str, int]], classes: int, inputs: int, rows: int, seed: int) -> Case:
    layers = (*(Layer(*layer) for layer in hidden), Layer("softmax", classes))
    architecture = Architecture(layers, inputs)
    rng = np.random.default_rng(seed)
    network = Network(architecture, rng.normal(0, 0.7, architecture.parameters))
    return Case(network, rng.random((rows, inputs)), rng.integers(0, classes, rows))


CASES = st.builds(
    case,
    hidden=st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 7)), max_size=3),
    classes=st.integers(2, 5),
    inputs=st.integers(1, 6),
    rows=st.integers(1, 6),
    seed=st.integers(0, 10_000),
)


def distance(ours: np.ndarray, theirs: np.ndarray) -> float:
    return float(np.linalg.norm(ours - theirs) / max(np.linalg.norm(theirs), 1e-3))


@given(CASES, st.sampled_from([0.0, 0.1]), st.sampled_from([0.0, 0.3]))
def test_gradients_agree_with_central_finite_differences(example: Case, smoothing: float, dropout: float):
    _, gradient = example.gradient(smoothing, dropout)
    # Of the error of a central difference, half comes from the third derivative (1e-12 of it), half from rounding the
    # loss (1e-16 / 1e-6): 1e-6 leaves room for neither a wrong sign nor a forgotten term.
    step, parameters = 1e-6, example.network.parameters
    differences = np.empty_like(gradient)
    for i in range(len(parameters)):
        here = parameters[i]
        parameters[i] = here + step
        above, _ = example.gradient(smoothing, dropout)
        parameters[i] = here - step
        below, _ = example.gradient(smoothing, dropout)
        parameters[i] = here
        differences[i] = (above - below) / (2 * step)
    assert distance(gradient, differences) < 1e-6


@pytest.mark.parametrize("reference", GRADIENTS.values(), ids=GRADIENTS.keys())
@given(example=CASES, smoothing=st.sampled_from([0.0, 0.1]))
def test_loss_and_gradients_agree_with_an_independent_implementation(reference, example: Case, smoothing: float):
    network = example.network
    loss, gradient = example.gradient(smoothing)
    names = [layer.activation for layer in network.architecture.layers[:-1]]
    expected, d_weights, d_biases = reference(
        names, network.weights, network.biases, example.inputs, example.labels, smoothing
    )
    assert loss == pytest.approx(expected, rel=1e-12)
    flat = np.concatenate([np.append(w.ravel(), b) for w, b in zip(d_weights, d_biases, strict=True)])
    assert distance(gradient, flat) < 1e-12


@given(CASES, st.data())
def test_the_gradients_of_slices_add_up_to_that_of_the_batch(example: Case, data: st.DataObject):
    whole_loss, whole = example.gradient()
    rows = len(example.inputs)
    cuts = sorted(data.draw(st.sets(st.integers(1, rows - 1)) if rows > 1 else st.just(set())))
    work = Backpropagation(example.network, rows)
    total, loss = np.zeros_like(whole), 0.0
    for start, end in zip([0, *cuts], [*cuts, rows], strict=True):
        loss += run(work, example, slice(start, end), rows)
        total += work.gradient
    assert loss / rows == pytest.approx(whole_loss, rel=1e-12)
    np.testing.assert_allclose(total, whole, rtol=1e-10, atol=1e-14)


def test_dropout_silences_its_share_and_keeps_the_mean():
    example = case([("linear", 400)], 2, 3, 200, seed=0)
    example.network.weights[0][...] = 0
    example.network.biases[0][...] = 1
    seen: list[np.ndarray] = []
    work = Backpropagation(example.network, 200, dropout=0.25)
    before = example.network.onward

    def onward(sums, arrays, hidden):
        outputs = before(sums, arrays, hidden)
        seen.append(outputs[0].copy())
        return outputs

    example.network.onward = onward
    run(work, example, slice(None), 200, np.random.default_rng(1))
    neurons = seen[0]
    assert set(np.unique(neurons.round(6))) == {0.0, round(1 / 0.75, 6)}
    # 80,000 draws: the share of silent ones has a standard deviation of 0.0015.
    assert np.mean(neurons == 0) == pytest.approx(0.25, abs=0.006)
    assert neurons.mean() == pytest.approx(1, abs=0.008)


def test_a_smaller_batch_leaves_nothing_of_the_larger_one_before():
    example = case([("relu", 4), ("tanh", 3)], 3, 5, 6, seed=3)
    work = Backpropagation(example.network, 6)
    run(work, example, slice(None), 6)
    run(work, example, slice(2), 2)
    fresh = Backpropagation(example.network, 2)
    run(fresh, example, slice(2), 2)
    np.testing.assert_array_equal(work.gradient, fresh.gradient)


@given(CASES, st.data())
def test_the_first_layer_can_be_done_by_pixels(example: Case, data: st.DataObject):
    rows, inputs = example.inputs.shape
    _, whole = example.gradient()
    cut = data.draw(st.integers(0, inputs))
    work = Backpropagation(example.network, rows)
    run(work, example, slice(None), rows, pixels=(slice(cut), slice(cut, inputs)))
    np.testing.assert_allclose(work.gradient, whole, rtol=1e-10, atol=1e-14)

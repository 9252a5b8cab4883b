"""Each optimizer against its formula, written out number by number, and against PyTorch where that is installed."""

from __future__ import annotations

import numpy as np
import pytest

from netcore.nn.optimizers import Optimizer, make_optimizer, remembered
from tests.netcore.reference import OPTIMIZERS

NAMES = ("sgd", "momentum", "adam")


def nothing_remembered(name: str, parameters: np.ndarray) -> dict[str, np.ndarray]:
    return {array: np.zeros_like(parameters) for array in remembered(name)}


def new(name: str, parameters: np.ndarray) -> Optimizer:
    return make_optimizer(name, nothing_remembered(name, parameters))


@pytest.mark.parametrize("reference", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())
@pytest.mark.parametrize("name", NAMES)
def test_steps_agree_with_the_formula(name: str, reference: type):
    rng = np.random.default_rng(5)
    ours = rng.normal(size=40)
    theirs = ours.copy()
    optimizer, other = new(name, ours), reference(name)
    for count, rate in enumerate((0.1, 0.1, 0.02, 0.3, 1e-4, 0.1, 0.1), start=1):  # a rate that changes acts at once
        gradient = rng.normal(size=40) * rng.choice([1e-6, 1.0, 50.0], size=40)
        optimizer.step(ours, gradient.copy(), rate, count)
        other.step([theirs], [gradient], rate)
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def test_momentum_by_hand():
    # v = 1, step 1 + 0.9; v = 0.9 + 1, step 1 + 0.9 * 1.9; v = 1.71 + 0, step 0.9 * 1.71
    parameters = np.zeros(1)
    optimizer = new("momentum", parameters)
    for count, (gradient, position) in enumerate(((1.0, -0.19), (1.0, -0.461), (0.0, -0.6149)), start=1):
        optimizer.step(parameters, np.array([gradient]), 0.1, count)
        assert parameters[0] == pytest.approx(position)


def test_the_first_step_of_adam_is_the_rate_whatever_the_gradient():
    parameters = np.zeros(3)
    new("adam", parameters).step(parameters, np.array([1e-3, -1.0, 1e5]), 0.01, 1)
    np.testing.assert_allclose(parameters, [-0.01, 0.01, -0.01], rtol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_the_state_is_all_that_an_optimizer_remembers(name: str):
    rng = np.random.default_rng(6)
    gradients = rng.normal(size=(6, 10)).astype(np.float32)
    straight, stopped = np.ones(10, np.float32), np.ones(10, np.float32)
    state = nothing_remembered(name, stopped)
    first, before = new(name, straight), make_optimizer(name, state)
    for count, gradient in enumerate(gradients, start=1):
        first.step(straight, gradient.copy(), 0.1, count)
    for count, gradient in enumerate(gradients[:3], start=1):
        before.step(stopped, gradient.copy(), 0.1, count)
    after = make_optimizer(name, {key: array.copy() for key, array in state.items()})
    for count, gradient in enumerate(gradients[3:], start=4):
        after.step(stopped, gradient.copy(), 0.1, count)
    np.testing.assert_array_equal(straight, stopped)
    assert straight.dtype == np.float32


@pytest.mark.parametrize("name", NAMES)
def test_optimizers_with_a_slice_each_do_what_one_does(name: str):
    rng = np.random.default_rng(8)
    gradients = rng.normal(size=(5, 37)).astype(np.float32)
    whole, cut = np.ones(37, np.float32), np.ones(37, np.float32)
    slices = [slice(0, 11), slice(11, 12), slice(12, 37)]
    one, some = new(name, whole), [new(name, cut[part]) for part in slices]
    for count, gradient in enumerate(gradients, start=1):
        one.step(whole, gradient.copy(), 0.1, count)
        for optimizer, part in zip(some, slices, strict=True):
            optimizer.step(cut[part], gradient[part].copy(), 0.1, count)
    np.testing.assert_array_equal(whole, cut)

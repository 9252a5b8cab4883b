"""Each optimizer against its formula, written out number by number, and against PyTorch where that is installed."""

from __future__ import annotations

import numpy as np
import pytest

from netcore.nn.optimizers import make_optimizer
from tests.netcore.reference import OPTIMIZERS

NAMES = ("sgd", "momentum", "adam")


@pytest.mark.parametrize("reference", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())
@pytest.mark.parametrize("name", NAMES)
def test_steps_agree_with_the_formula(name: str, reference: type):
    rng = np.random.default_rng(5)
    ours = rng.normal(size=40)
    theirs = ours.copy()
    optimizer, other = make_optimizer(name, ours), reference(name)
    for rate in (0.1, 0.1, 0.02, 0.3, 1e-4, 0.1, 0.1):  # a rate that changes acts at once
        gradient = rng.normal(size=40) * rng.choice([1e-6, 1.0, 50.0], size=40)
        optimizer.step(ours, gradient.copy(), rate)
        other.step([theirs], [gradient], rate)
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def test_momentum_by_hand():
    # v = 1, step 1 + 0.9; v = 0.9 + 1, step 1 + 0.9 * 1.9; v = 1.71 + 0, step 0.9 * 1.71
    parameters = np.zeros(1)
    optimizer = make_optimizer("momentum", parameters)
    for gradient, position in ((1.0, -0.19), (1.0, -0.461), (0.0, -0.6149)):
        optimizer.step(parameters, np.array([gradient]), 0.1)
        assert parameters[0] == pytest.approx(position)


def test_the_first_step_of_adam_is_the_rate_whatever_the_gradient():
    parameters = np.zeros(3)
    make_optimizer("adam", parameters).step(parameters, np.array([1e-3, -1.0, 1e5]), 0.01)
    np.testing.assert_allclose(parameters, [-0.01, 0.01, -0.01], rtol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_the_state_is_all_that_an_optimizer_remembers(name: str):
    rng = np.random.default_rng(6)
    gradients = rng.normal(size=(6, 10)).astype(np.float32)
    straight, stopped = np.ones(10, np.float32), np.ones(10, np.float32)
    first, before = make_optimizer(name, straight), make_optimizer(name, stopped)
    for gradient in gradients:
        first.step(straight, gradient.copy(), 0.1)
    for gradient in gradients[:3]:
        before.step(stopped, gradient.copy(), 0.1)
    after = make_optimizer(name, stopped)
    for key, array in before.state.items():
        after.state[key][...] = array
    for gradient in gradients[3:]:
        after.step(stopped, gradient.copy(), 0.1)
    np.testing.assert_array_equal(straight, stopped)
    assert straight.dtype == np.float32

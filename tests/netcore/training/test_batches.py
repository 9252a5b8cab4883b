"""What the network is given, and the average that is kept in its place."""

from __future__ import annotations

import numpy as np
import pytest

from netcore.training.batches import Batches
from netcore.training.config import TrainingConfig
from tests.netcore.toy import TRAIN, toy_training

pytestmark = pytest.mark.filterwarnings("error")


def _batches(own: slice, **settings: object) -> Batches:
    return Batches(TRAIN, TrainingConfig(**settings), np.zeros((2, 16, 784), np.uint8), 16, own)


@pytest.mark.parametrize("own", [slice(0, 784), slice(0, 392), slice(392, 784)])
def test_own_pixels_of_images_in_the_order_asked_for(own: slice):
    batches, chosen, rng = _batches(own), np.array([5, 0, 59, 5]), np.random.default_rng(1)
    batches.gather(1, chosen[:3], 0, None)
    batches.gather(0, np.array([7]), 0, None)  # elsewhere
    batches.gather(1, chosen[3:], 3, None)
    inputs = batches.inputs(1, 4, rng)
    np.testing.assert_allclose(inputs, TRAIN.images[chosen].reshape(4, -1)[:, own] / 255, rtol=1e-6)
    assert inputs.dtype == np.float32
    np.testing.assert_allclose(batches.inputs(0, 1, rng)[0], TRAIN.images[7].ravel()[own] / 255, rtol=1e-6)


def test_dropout_on_the_inputs_blanks_a_share_and_scales_up_the_rest():
    batches, chosen, rng = _batches(slice(0, 784), input_dropout=0.25), np.arange(16), np.random.default_rng(1)
    batches.gather(0, chosen, 0, None)
    plain = TRAIN.images[chosen].reshape(16, -1) / 255
    mean, blank = np.zeros(plain.shape), 0.0
    for _ in range(200):
        inputs = batches.inputs(0, 16, rng)
        kept = inputs > 0
        np.testing.assert_allclose(inputs[kept], plain[kept] / 0.75, rtol=1e-5)
        mean += inputs / 200
        blank += (inputs == 0)[plain > 0].mean() / 200
    assert blank == pytest.approx(0.25, abs=0.002)
    # The mean of 200 draws has a standard deviation of plain * sqrt(0.25 / 0.75 / 200) = 0.041 plain.
    assert np.abs(mean - plain).max() < 0.25
    assert mean.sum() == pytest.approx(plain.sum(), rel=0.002)


def test_dropout_on_the_inputs_blanks_changed_images_too():
    places = np.zeros((1, 16, 784), np.float32)
    batches = Batches(TRAIN, TrainingConfig(augment="shift", input_dropout=0.25), places, 16, slice(392, 784))
    rng = np.random.default_rng(1)
    (change,) = batches.draw(16, [rng])
    batches.gather(0, np.arange(16), 0, change)
    changed = places[0, :, 392:].copy()
    inputs = batches.inputs(0, 16, rng)
    kept = inputs > 0
    np.testing.assert_allclose(inputs[kept], changed[kept] / 0.75, rtol=1e-5)
    assert kept[changed > 0].mean() == pytest.approx(0.75, abs=0.02)


def test_the_average_follows_the_parameters():
    training = toy_training(average=0.5, learning_rate=0.2)
    average = training.network.parameters.astype(np.float64)
    for steps in range(8):
        training.step()
        # The decay is smaller over the first steps: (1 + t) / (10 + t), while that is below 0.5.
        decay = min(0.5, (1 + steps) / (10 + steps))
        average = decay * average + (1 - decay) * training.network.parameters
        if training.batch == training.batches:
            training.finish_epoch()
    np.testing.assert_allclose(training.result.parameters, average, atol=1e-6)
    assert not np.allclose(training.result.parameters, training.network.parameters, atol=1e-3)


def test_without_an_average_the_network_itself_is_kept():
    training = toy_training()
    assert np.shares_memory(training.result.parameters, training.network.parameters)

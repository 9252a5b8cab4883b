"""A run whose numbers overflow stops by itself, says so, keeps finite parameters, and prints nothing."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from netcore.datasets.library import Part
from netcore.training.checkpoint import StateCaptured
from netcore.training.config import TrainingConfig
from netcore.training.controls import Controls
from netcore.training.events import EpochFinished, Progress, RunFinished, RunPaused
from netcore.training.loop import train
from netcore.training.records import Record
from netcore.training.step import Training
from tests.netcore.toy import CLASSES, TEST, TRAIN, events, finite, last_state, toy_run, toy_training

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize("epochs", [1, 3])
@pytest.mark.parametrize("validation", [0, 20])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize("layers", ["softmax(10)", "relu(6), softmax(10)", "tanh(6), softmax(10)"])
@pytest.mark.parametrize("rate", [1e6, 1e20, 1e38, 1e60])
def test_no_rate_leaves_anything_that_is_not_finite(rate, layers, optimizer, validation, epochs):
    controls = Controls()
    controls.set_learning_rate(rate)
    training = toy_training(layers=layers, optimizer=optimizer, validation=validation, epochs=epochs)
    stream = list(toy_run(training, controls))
    for item in stream:
        if isinstance(item, StateCaptured):
            assert finite(item.state.parameters)
        else:
            line = Record("run", 0.0, item).to_json()
            json.loads(line, parse_constant=lambda word: pytest.fail(f"{word} in an event"))
    np.testing.assert_array_equal(last_state(stream).parameters, training.network.parameters)
    finished = stream[-1]
    assert isinstance(finished, RunFinished)
    # A rate may be absurd and the numbers stay finite, since tanh is bounded; beyond float32 they cannot.
    assert finished.reason in (("diverged", "completed") if rate < 1e60 else ("diverged",))
    if finished.reason == "diverged":
        assert finished.test_accuracy is None
        assert "try a learning rate below" in finished.message


def test_a_deep_linear_network_diverges_by_itself():
    training = toy_training(layers="linear(9), linear(9), softmax(10)", learning_rate=900, epochs=50)
    stream = events(list(toy_run(training)))
    finished = stream[-1]
    assert finished.reason == "diverged"
    assert finished.epoch < 50
    assert "try a learning rate below 900" in finished.message
    assert finite(training.network.parameters)


def test_the_message_tells_the_place_and_the_rate_although_an_older_state_is_kept():
    controls, training = Controls(), toy_training(epochs=5, schedule="constant")
    stream = toy_run(training, controls)
    while not isinstance(next(stream), EpochFinished):
        pass
    at_the_end_of_the_epoch = training.network.parameters.copy()
    while not isinstance(event := next(stream), Progress):
        pass
    assert (event.epoch, event.batch) == (1, 1)
    controls.set_learning_rate(1e60)  # beyond float32: the very next step breaks the parameters
    rest = list(stream)
    assert rest[-1].reason == "diverged"
    assert rest[-1].epoch == 1
    assert "after epoch 1, batch 2" in rest[-1].message
    assert "below 1e+60" in rest[-1].message
    np.testing.assert_array_equal(last_state(rest).parameters, at_the_end_of_the_epoch)


@pytest.mark.parametrize("wish", [Controls.stop, Controls.pause])
def test_a_wish_right_after_the_fatal_step_finds_the_divergence(wish):
    controls = Controls()
    stream = toy_run(toy_training(), controls)
    while not isinstance(next(stream), Progress):
        pass
    controls.set_learning_rate(1e60)
    while not isinstance(next(stream), Progress):
        pass
    wish(controls)
    rest = []
    for event in stream:
        assert not isinstance(event, RunPaused)
        rest.append(event)
    assert rest[-1].reason == "diverged"
    assert finite(last_state(rest).parameters)


def test_a_loss_in_a_report_is_always_finite():
    stream = toy_run(toy_training(layers="linear(9), linear(9), softmax(10)", learning_rate=900, epochs=50))
    losses = [event.train_loss for event in stream if isinstance(event, Progress | EpochFinished)]
    assert losses
    assert all(map(math.isfinite, losses))


@pytest.mark.parametrize("where", ["validation", "test"])
def test_numbers_that_overflow_only_on_images_never_trained_on(where: str):
    """A pixel that is dark in all training images, and a weight on it that is finite by a hair."""
    dark, lit = TRAIN.images.copy(), TEST.images.copy()
    dark[:, 0, 0], lit[:, 0, 0] = 0, 255
    settings = TrainingConfig(layers="relu(6), softmax(10)", epochs=1, validation=20 if where == "validation" else 0)
    training = Training(settings, Part(dark, TRAIN.labels), 10)
    training.network.weights[0][0] = 3e38
    if training.validation is not None:
        training.validation.images[:, 0, 0] = 255
    stream = list(train(training, Part(lit, TEST.labels), CLASSES))
    assert stream[-1].reason == "diverged"
    assert finite(last_state(stream).parameters)
    told = [event for event in stream if isinstance(event, EpochFinished)]
    assert len(told) == (0 if where == "validation" else 1)

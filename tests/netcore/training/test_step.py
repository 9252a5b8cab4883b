"""One step of training after the other, against an independent implementation."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from netcore.datasets.library import Part
from netcore.errors import CheckpointError, SettingError
from netcore.nn.architecture import Architecture
from netcore.nn.network import SLICE, Network
from netcore.training.config import TrainingConfig
from netcore.training.step import Diverged, Training
from tests.netcore.reference import GRADIENTS, OPTIMIZERS, cosine
from tests.netcore.toy import CLASSES, TRAIN, toy_part, toy_training

pytestmark = pytest.mark.filterwarnings("error")

BOTH = [(GRADIENTS[name], OPTIMIZERS[name]) for name in GRADIENTS]


def epoch_by_hand(training: Training) -> list[np.ndarray]:
    """Train for an epoch; return which images each batch was made of."""
    batches, start = [], 0
    while training.batch < training.batches:
        images, *_ = training.step()
        batches.append(training.capture().order[start : start + images])
        start += images
    training.finish_epoch()
    return batches


@pytest.mark.parametrize(("gradients", "optimizer_kind"), BOTH, ids=list(GRADIENTS))
@pytest.mark.parametrize("schedule", ["constant", "cosine"])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_three_epochs_agree_with_an_independent_implementation(optimizer, schedule, gradients, optimizer_kind):
    rate, decay, smoothing, epochs = (0.002 if optimizer == "adam" else 0.05), 0.1, 0.1, 3
    training = toy_training(
        layers="relu(7), tanh(6), softmax(10)",
        epochs=epochs,
        optimizer=optimizer,
        schedule=schedule,
        learning_rate=rate,
        weight_decay=decay,
        label_smoothing=smoothing,
        validation=11,
    )
    weights = [w.astype(np.float64) for w in training.network.weights]
    biases = [b.astype(np.float64) for b in training.network.biases]
    start = training.network.parameters.astype(np.float64)
    other = optimizer_kind(optimizer)

    done, total = 0, epochs * training.batches
    for _ in range(epochs):
        for rows in epoch_by_hand(training):
            now = rate * (cosine(done / total) if schedule == "cosine" else 1)
            images, labels = TRAIN.images[rows].reshape(len(rows), -1) / 255, TRAIN.labels[rows]
            _, d_weights, d_biases = gradients(["relu", "tanh"], weights, biases, images, labels, smoothing)
            for array in weights:
                np.multiply(array, 1 - now * decay, out=array)
            other.step([*weights, *biases], [*d_weights, *d_biases], now)
            done += 1
    assert done == total == 12

    expected = np.concatenate([np.append(w.ravel(), b) for w, b in zip(weights, biases, strict=True)])
    moved = np.linalg.norm(expected - start)
    assert moved > 0.1
    # A sum of 784 products in float32 is rounded by about sqrt(784) * 6e-8 = 1.7e-6 of its size; twelve steps, each
    # carrying on the errors of those before, make that 2e-5. Measured: 3e-6 at the most.
    assert np.linalg.norm(training.network.parameters - expected) / moved < 2e-5


@pytest.mark.parametrize("rows", [SLICE, 5])
@pytest.mark.parametrize("workers", [1, 2])
def test_loss_and_right_ones_of_a_step_are_those_before_it(workers: int, rows: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("netcore.training.common.SLICE", rows)  # of five images for each worker: several slices
    training = toy_training(workers=workers)
    logs = training.network.log_probabilities(TRAIN.images).astype(np.float64)
    images, loss, correct, rate = training.step()
    rows = training.capture().order[:images]
    assert images == 16
    assert loss == pytest.approx(-sum(logs[row, TRAIN.labels[row]] for row in rows), rel=1e-5)
    assert correct == sum(logs[row].argmax() == TRAIN.labels[row] for row in rows)
    assert rate == training.config.learning_rate


@pytest.mark.parametrize(
    "setting", [{"dropout": 0.5}, {"input_dropout": 0.5}, {"label_smoothing": 0.5}, {"augment": "shift"}], ids=str
)
def test_what_makes_training_harder_raises_its_loss(setting: dict[str, object]):
    easy, hard = (sum(training.step()[1] for _ in range(4)) for training in (toy_training(), toy_training(**setting)))
    assert hard > easy


@pytest.mark.parametrize(
    ("batch_size", "sizes"), [(16, [16, 16, 16, 12]), (60, [60]), (59, [59, 1]), (1000, [60]), ("all", [60])]
)
def test_every_image_is_met_once_an_epoch_the_last_short_batch_included(batch_size, sizes: list[int]):
    training = toy_training(batch_size=batch_size)
    assert training.batches == len(sizes)
    orders = []
    for _ in range(2):
        batches = epoch_by_hand(training)
        assert [len(batch) for batch in batches] == sizes
        orders.append(np.concatenate(batches))
        np.testing.assert_array_equal(np.sort(orders[-1]), np.arange(60))
    assert (orders[0] != orders[1]).any()


def test_batch_all_is_one_step_along_the_whole_gradient():
    part = toy_part(2 * SLICE + 100)  # three slices
    training = Training(
        TrainingConfig(layers="relu(4), softmax(10)", batch_size="all", optimizer="sgd", validation=0), part, 10
    )
    assert training.batches == 1
    before = training.network.parameters.astype(np.float64)
    network = training.network
    weights = [w.astype(np.float64) for w in network.weights]
    biases = [b.astype(np.float64) for b in network.biases]
    # The whole gradient in two products, with nothing in slices.
    x = part.pixels / 255
    z = x @ weights[0] + biases[0]
    logits = np.maximum(z, 0) @ weights[1] + biases[1]
    error = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True) - np.eye(10)[part.labels]
    error /= len(part)
    below = (error @ weights[1].T) * (z > 0)
    gradient = np.concatenate([(x.T @ below).ravel(), below.sum(0), (np.maximum(z, 0).T @ error).ravel(), error.sum(0)])
    training.step()
    step = training.network.parameters - before
    expected = -training.config.learning_rate * gradient
    assert np.linalg.norm(step - expected) < 1e-4 * np.linalg.norm(expected)


def test_held_out_images_are_never_trained_on_and_come_from_everywhere():
    part = Part(TRAIN.images[np.argsort(TRAIN.labels)], np.sort(TRAIN.labels))  # files may be sorted by label
    training = Training(TrainingConfig(layers="softmax(10)", validation=20, batch_size=7), part, 10)
    assert len(training.validation) == 20
    met = np.concatenate(epoch_by_hand(training))
    np.testing.assert_array_equal(np.sort(met), training.rows)
    held_out = np.setdiff1d(np.arange(60), training.rows)
    np.testing.assert_array_equal(training.validation.images, part.images[held_out])
    np.testing.assert_array_equal(training.validation.labels, part.labels[held_out])
    assert len(np.unique(training.validation.labels)) > 5


def test_the_seed_decides_everything():
    settings = {"dropout": 0.3, "validation": 10, "augment": "shift"}
    first, again, other = (toy_training(seed=seed, **settings) for seed in (4, 4, 5))
    for training in (first, again, other):
        epoch_by_hand(training)
    np.testing.assert_array_equal(first.network.parameters, again.network.parameters)
    np.testing.assert_array_equal(first.validation.images, again.validation.images)
    assert (first.network.parameters != other.network.parameters).any()


def test_training_starts_from_a_given_network():
    start = Network.initialised(Architecture.parse("relu(6), softmax(10)"), np.random.default_rng(99))
    training = Training(TrainingConfig(layers="relu(6), softmax(10)", validation=0), TRAIN, 10, start)
    np.testing.assert_array_equal(training.network.parameters, start.parameters)
    training.step()
    assert (training.network.parameters != start.parameters).any()
    assert training.network.parameters is not start.parameters


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"layers": "softmax(9)"}, r"softmax\(9\).*10 classes.*softmax\(10\)"),
        ({"validation": 60}, "60 of 60"),
        ({"validation": 5000}, "5000 of 60"),
    ],
)
def test_settings_that_do_not_fit_the_dataset_are_refused(settings, says: str):
    with pytest.raises(SettingError, match=says):
        toy_training(**settings)


def test_a_network_of_other_layers_is_no_start():
    start = Network(Architecture.parse("relu(5), softmax(10)"))
    with pytest.raises(SettingError, match=r"relu\(6\), softmax\(10\) differs from relu\(5\), softmax\(10\)"):
        Training(TrainingConfig(layers="relu(6), softmax(10)", validation=0), TRAIN, len(CLASSES), start)


OTHERS = {
    "fewer images": toy_part(59),
    "other pixels": Part(toy_part(60, seed=8).images, TRAIN.labels),
    "other labels": Part(TRAIN.images, TRAIN.labels[::-1]),
}


@pytest.mark.parametrize("steps", [1, 4])
@pytest.mark.parametrize("others", OTHERS.values(), ids=OTHERS.keys())
def test_a_state_of_a_run_over_other_images_is_refused(others: Part, steps: int):
    """In the middle of an epoch, and between two."""
    training = toy_training()
    for _ in range(steps):
        training.step()
    if training.batch == training.batches:
        training.finish_epoch()
    state, other = training.capture(), Training(training.config, others, 10)
    before = other.network.parameters.copy()
    with pytest.raises(CheckpointError, match=r"training images of mnist .*\d\d.* import the former ones again"):
        other.restore(state)
    np.testing.assert_array_equal(other.network.parameters, before)
    Training(training.config, Part(TRAIN.images.copy(), TRAIN.labels.copy()), 10).restore(state)


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("layers", "relu(7), softmax(10)", r"layers relu\(6\), softmax\(10\), its config.json now says relu\(7\)"),
        ("optimizer", "adam", "optimizer momentum, its config.json now says adam"),
        ("batch_size", 15, "batch size 16, its config.json now says 15; put 16 back"),
        ("augment", "warp", "augment none"),
        ("workers", 2, "workers 1"),
    ],
)
def test_a_state_of_other_settings_is_refused(setting: str, value: object, said: str):
    training = toy_training(workers=1)
    training.step()
    with pytest.raises(CheckpointError, match=said):
        toy_training(**{"workers": 1} | {setting: value}).restore(training.capture())


def test_a_state_that_does_not_say_what_it_was_made_with_has_to_fit():
    training = toy_training()
    training.step()
    state = dataclasses.replace(training.capture(), made_with={})
    for other in (toy_training(optimizer="adam"), Training(training.config, toy_part(59), 10)):
        with pytest.raises(CheckpointError, match="does not fit"):
            other.restore(state)
    toy_training(seed=5).restore(state)


def test_what_a_run_is_called_may_change():
    training = toy_training(name="before")
    training.step()
    toy_training(name="after").restore(training.capture())


@pytest.mark.parametrize("which", ["network", "result"])
def test_one_parameter_that_is_no_number_is_found_in_the_average_too(which: str):
    training = toy_training(average=0.9)
    assert training.finite
    getattr(training, which).parameters[3] = np.nan
    assert not training.finite


def test_a_captured_state_does_not_change_any_more():
    training = toy_training()
    training.step()
    state = training.capture()
    parameters, velocity = state.parameters.copy(), state.optimizer["decayed_velocity"].copy()
    generator, order = str(state.generator), state.order.copy()
    epoch_by_hand(training)
    epoch_by_hand(training)
    np.testing.assert_array_equal(state.parameters, parameters)
    np.testing.assert_array_equal(state.optimizer["decayed_velocity"], velocity)
    assert str(state.generator) == generator
    np.testing.assert_array_equal(state.order, order)


def test_a_snapshot_does_not_change_any_more():
    training = toy_training()
    snapshot, before = training.snapshot(), training.network.parameters.copy()
    training.step()
    assert (training.network.parameters != before).any()
    np.testing.assert_array_equal(snapshot.parameters, before)


def test_the_warmup_is_given_in_epochs():
    training = toy_training(schedule="constant", warmup=1.5)
    rates = []
    for _ in range(3):
        for _ in range(4):
            *_, rate = training.step()
            rates.append(rate)
        training.finish_epoch()
    assert (np.diff(rates[:7]) > 0).all()
    assert rates[5] < rates[6] == rates[-1] == training.config.learning_rate


@pytest.mark.parametrize(("batch_size", "workers"), [(16, 1), ("all", 2)])
def test_how_many_workers_were_chosen_is_kept(batch_size: int | str, workers: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("netcore.nn.threads.available_threads", lambda: 2)
    training = toy_training(workers="auto", layers="relu(128), softmax(10)", batch_size=batch_size)
    assert training.config.workers == workers


@pytest.mark.parametrize("place", [0, -1])
def test_one_image_whose_loss_is_not_finite_keeps_all_shares_from_moving(place: int):
    """Two pixels that are dark in all other images, and weights on them that are finite by a hair."""
    settings = {"layers": "linear(6), softmax(10)", "batch_size": "all", "workers": 2}
    same_order = toy_training(**settings)
    same_order.step()
    images = TRAIN.images.copy()
    images[:, 0, :2] = 0
    images[same_order.capture().order[place], 0, :2] = 255  # it is the first share's, or the last one's
    training = Training(TrainingConfig(validation=0, **settings), Part(images, TRAIN.labels), 10)
    training.network.weights[0][:2] = 3e38
    before = training.network.parameters.copy()
    with pytest.raises(Diverged), np.errstate(all="ignore"):
        training.step()
    np.testing.assert_array_equal(training.network.parameters, before)

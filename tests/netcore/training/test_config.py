"""Every setting is checked when it is made, and the message names setting and value."""

from __future__ import annotations

import json
import math

import pytest

from netcore.errors import SettingError
from netcore.training.config import TrainingConfig, check_name


def test_the_defaults_work_and_travel_through_json():
    config = TrainingConfig()
    assert TrainingConfig.from_json(json.loads(json.dumps(config.to_json()))) == config


def test_every_setting_travels_through_json():
    values = {
        "dataset": "fashion-mnist",
        "layers": "tanh(12), softmax(5)",
        "start_from": "fashion1",
        "epochs": 7,
        "batch_size": "all",
        "optimizer": "adam",
        "learning_rate": 0.003,
        "schedule": "one-cycle",
        "warmup": 0.5,
        "weight_decay": 0.01,
        "input_dropout": 0.1,
        "dropout": 0.2,
        "label_smoothing": 0.1,
        "average": 0.99,
        "augment": "shift",
        "validation": 123,
        "seed": 2**40,
        "workers": 2,
        "name": "my-net_2.1",
    }
    config = TrainingConfig.from_json(values)
    assert config.to_json() == TrainingConfig().to_json() | values


def test_layers_are_kept_in_one_writing():
    assert TrainingConfig(layers=" ReLU( 8 ),softmax(3) ").layers == "relu(8), softmax(3)"
    assert TrainingConfig(layers="relu(8), softmax(3)").architecture(5).sizes == (5, 8, 3)


@pytest.mark.parametrize(
    ("setting", "value", "called"),
    [
        ("dataset", 5, "dataset"),
        ("layers", None, "layers"),
        ("layers", "relu(5)", "layers"),
        ("start_from", 5, "start from"),
        ("epochs", 0, "epochs"),
        ("epochs", 2.5, "epochs"),
        ("epochs", "3", "epochs"),
        ("epochs", True, "epochs"),
        ("epochs", 10**6, "epochs"),
        ("batch_size", 0, "batch size"),
        ("batch_size", "most", "batch size"),
        ("batch_size", None, "batch size"),
        ("optimizer", "lbfgs", "optimizer"),
        ("optimizer", None, "optimizer"),
        ("learning_rate", 0, "learning rate"),
        ("learning_rate", -0.1, "learning rate"),
        ("learning_rate", math.nan, "learning rate"),
        ("learning_rate", math.inf, "learning rate"),
        ("learning_rate", 1001, "learning rate"),
        ("learning_rate", 10**400, "learning rate"),
        ("learning_rate", "fast", "learning rate"),
        ("schedule", "staircase", "schedule"),
        ("weight_decay", -1e-9, "weight decay"),
        ("dropout", 1.0, "dropout"),
        ("dropout", True, "dropout"),
        ("label_smoothing", 0.96, "label smoothing"),
        ("augment", "melt", "augment"),
        ("validation", -1, "validation"),
        ("validation", 0.1, "validation"),
        ("seed", -1, "seed"),
        ("seed", 2**63, "seed"),
        ("workers", 0, "workers"),
        ("workers", "many", "workers"),
        ("name", "", "name"),
        ("name", 5, "name"),
        ("name", "a/b", "name"),
    ],
)
def test_a_value_that_cannot_work_is_refused_by_name(setting: str, value: object, called: str):
    with pytest.raises(SettingError) as caught:
        TrainingConfig(**{setting: value})
    assert caught.value.setting == called
    assert str(caught.value).startswith(f"{called}: ")
    assert str(value if setting == "layers" else repr(value)) in str(caught.value)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("epochs", 1),
        ("batch_size", 1),
        ("learning_rate", 1000),
        ("learning_rate", 5e-324),
        ("weight_decay", 0),
        ("dropout", 0.95),
        ("label_smoothing", 0),
        ("seed", 2**63 - 1),
        ("start_from", None),
    ],
)
def test_the_limits_themselves_work(setting: str, value: object):
    assert getattr(TrainingConfig(**{setting: value}), setting) == value


def test_a_setting_of_a_newer_version_is_refused_by_name():
    with pytest.raises(SettingError, match="cooling: unknown setting"):
        TrainingConfig.from_json({"epochs": 3, "cooling": 1})


@pytest.mark.parametrize("name", ["a", "9", "mnist-1", "A_b.c-d", "x" * 64])
def test_names_that_can_be_a_files(name: str):
    check_name(name)


@pytest.mark.parametrize("name", ["", ".", "..", ".x", "-x", "_x", "a b", "a/b", "a\\b", "a\0", "ä", "x.npz", "x" * 65])
def test_names_that_cannot(name: str):
    with pytest.raises(SettingError) as caught:
        check_name(name)
    assert repr(name) in str(caught.value)

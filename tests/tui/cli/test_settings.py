"""The flags of train: every setting has one, and what was not given comes from a model or is the default."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import numpy as np
import pytest

from netcore.errors import ModelError, SettingError
from netcore.models.card import read_card
from netcore.training.config import TrainingConfig
from netcore.training.presets import PRESETS
from tests.tui.cli.conftest import Runs
from tui.cli.settings import FLAGS, add_flags, config_from


def config(*arguments: str | Path) -> TrainingConfig:
    parser = argparse.ArgumentParser()
    add_flags(parser)
    return config_from(parser.parse_args([str(argument) for argument in arguments]))


def test_every_setting_has_a_flag():
    assert list(FLAGS) == [field.name for field in dataclasses.fields(TrainingConfig)]


def test_without_flags_the_defaults_hold():
    assert config() == TrainingConfig()


def test_every_flag_sets_its_setting():
    given = config(
        "--dataset", "fashion-mnist", "--layers", "tanh(7), softmax(10)", "--epochs", "3", "--batch-size", "64",
        "--optimizer", "adam", "--learning-rate", "1e-3", "--schedule", "constant", "--weight-decay", "0.01",
        "--dropout", "0.2", "--label-smoothing", "0.1", "--augment", "shift", "--validation", "99", "--seed", "5",
        "--name", "own",
    )  # fmt: skip
    assert given == TrainingConfig(
        dataset="fashion-mnist", layers="tanh(7), softmax(10)", epochs=3, batch_size=64, optimizer="adam",
        learning_rate=0.001, schedule="constant", weight_decay=0.01, dropout=0.2, label_smoothing=0.1, augment="shift",
        validation=99, seed=5, name="own",
    )  # fmt: skip
    assert config("--batch-size", "all").batch_size == "all"


def test_like_takes_all_but_the_name_and_flags_go_before(guesser: Path):
    card = read_card(guesser)
    assert card is not None
    made_with = TrainingConfig.from_json(dict(card.settings))
    assert config("--like", "guesser") == made_with
    assert config("--like", guesser, "--epochs", "7", "--name", "new") == dataclasses.replace(
        made_with, epochs=7, name="new"
    )


def test_a_preset_brings_its_settings_and_flags_go_before():
    quick = dict(PRESETS["quick"].settings)
    assert config("--preset", "quick") == TrainingConfig(**quick)
    assert config("--preset", "quick", "--epochs", "2", "--dataset", "fashion-mnist") == TrainingConfig(
        **quick | {"epochs": 2, "dataset": "fashion-mnist"}
    )


def test_a_preset_trains_on_from_a_model_too(guesser: Path):
    layers = "relu(16), tanh(8), softmax(4)"
    given = config("--preset", "strong", "--from", "guesser")
    assert (given.start_from, given.dataset, given.layers) == ("guesser", "bands", layers)
    assert given.augment == PRESETS["strong"].settings["augment"]


def test_a_preset_and_a_model_to_be_like_exclude_each_other(mnist_tui: Runs, guesser: Path):
    said = mnist_tui("train", "--preset", "quick", "--like", "guesser")
    assert (said.code, said.out) == (2, "")
    assert "not allowed with" in said.err


def test_from_takes_layers_and_dataset_and_flags_go_before(guesser: Path):
    assert config("--from", "guesser") == TrainingConfig(
        start_from="guesser", dataset="bands", layers="relu(16), tanh(8), softmax(4)"
    )
    assert config("--from", "guesser", "--dataset", "mnist").dataset == "mnist"


def test_a_model_without_a_card_has_layers_but_no_settings(home: Path, monkeypatch: pytest.MonkeyPatch):
    np.savez(home / "bare.npz", W0=np.zeros((784, 6)), b0=np.zeros(6), W1=np.zeros((6, 3)), b1=np.zeros(3))
    assert config("--from", home / "bare.npz").layers == "relu(6), softmax(3)"
    monkeypatch.chdir(home)
    assert config("--from", "bare.npz").start_from == str(home / "bare.npz")  # from wherever the run is gone on with
    with pytest.raises(ModelError, match="with which settings"):
        config("--like", home / "bare.npz")


@pytest.mark.parametrize(
    ("flag", "value"),
    [
        ("--layers", "relu(0), softmax(10)"),
        ("--epochs", "0"),
        ("--batch-size", "-1"),
        ("--learning-rate", "nan"),
        ("--weight-decay", "-1"),
        ("--dropout", "1"),
        ("--label-smoothing", "2"),
        ("--validation", "-5"),
        ("--seed", "-1"),
        ("--name", "../up"),
    ],
)
def test_a_value_that_cannot_work_is_told_with_its_flag(flag: str, value: str):
    with pytest.raises(SettingError, match=f"^{flag}: ") as caught:
        config(flag, value)
    assert value.removeprefix("relu(").split(")", maxsplit=1)[0] in str(caught.value)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--layers", "softmax(9)"], "--layers: the last is softmax(9), the dataset has 4 classes"),
        (["--validation", "600"], "--validation: 600 of 600"),
        (["--name", "guesser"], "--name: there is already a model called 'guesser'"),
    ],
)
def test_a_value_that_does_not_fit_the_rest_is_told_with_its_flag(
    mnist_tui: Runs, guesser: Path, home: Path, flags: list[str], message: str
):
    said = mnist_tui("train", "--like", "guesser", *flags)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"mnist-tui: {message}")
    assert not (home / "runs").exists()

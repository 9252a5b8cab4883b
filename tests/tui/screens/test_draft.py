"""What is typed into the form of a new network: each wrong field has its reason, and the settings what was typed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from netcore.datasets.info import list_datasets
from netcore.training.config import TrainingConfig
from tests.tui.app_home import fill_home
from tui.screens.draft import FIELDS, Checked, check, fitted_layers, texts_of


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MNIST_TUI_HOME", str(tmp_path))
    fill_home(tmp_path)
    return tmp_path


def checked(start: TrainingConfig | None = None, **typed: str) -> Checked:
    return check(texts_of(TrainingConfig()) | typed, list_datasets(), start or TrainingConfig())


def test_every_setting_of_learning_has_a_field():
    elsewhere = {"start_from", "workers"}  # the key t; how fast, not what
    assert {field.name for field in FIELDS} == set(TrainingConfig().to_json()) - elsewhere


def test_settings_without_a_field_stay_as_they_were():
    start = TrainingConfig(start_from="mine", workers=1)
    assert checked(start, epochs="3").config == replace(start, epochs=3)


@pytest.mark.parametrize(
    "config",
    [
        TrainingConfig(),
        TrainingConfig(
            dataset="little", layers="tanh(3), softmax(4)", epochs=3, batch_size="all", optimizer="adam", name="new",
            learning_rate=0.00025, schedule="constant", weight_decay=1e-5, dropout=0.25, label_smoothing=0.1,
            augment="warp", validation=0, seed=2**63 - 1, warmup=1.5, input_dropout=0.1, average=0.999,
        ),
    ],
)  # fmt: skip
def test_settings_come_out_of_the_form_as_they_went_in(config: TrainingConfig):
    assert check(texts_of(config), list_datasets(), TrainingConfig()).config == config


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("layers", "relu(128", "cannot read 'relu(128'"),
        ("layers", "", "none given"),
        ("layers", "relu(10)", "end with a softmax"),
        ("layers", "swish(3), softmax(10)", "unknown activation 'swish'"),
        ("layers", "relu(8), softmax(9)", "mnist has 10 classes; end with softmax(10)"),
        ("epochs", "0", "0 does not work"),
        ("epochs", "ten", "'ten' does not work"),
        ("epochs", "", "'' does not work"),
        ("batch_size", "some", "or 'all'"),
        ("batch_size", "-1", "or 'all'"),
        ("learning_rate", "0", "use a number above 0"),
        ("learning_rate", "nan", "nan does not work"),
        ("validation", "60000", "60,000 training images"),
        ("validation", "1.5", "'1.5' does not work"),
        ("weight_decay", "-1", "use a number from 0"),
        ("dropout", "1", "use a number from 0 to 0.95"),
        ("label_smoothing", "x", "'x' does not work"),
        ("warmup", "9.5", "9.5 does not work"),
        ("input_dropout", "2", "use a number from 0 to 0.95"),
        ("average", "1", "use a number from 0"),
        ("seed", "-1", "use a whole number"),
        ("name", "a/b", "cannot be a file's name"),
        ("name", "mine", "already a model called 'mine'"),
    ],
)
def test_a_wrong_field_shows_its_reason_and_no_other_does(field: str, text: str, reason: str):
    found = checked(**{field: text})
    assert found.config is None
    assert list(found.problems) == [field]
    assert reason in found.problems[field]
    assert not found.problems[field].startswith(field.replace("_", " "))


def test_every_wrong_field_shows_its_own_reason():
    assert set(checked(epochs="x", seed="y", name="z/").problems) == {"epochs", "seed", "name"}


def test_a_warmup_fits_the_epochs():
    assert checked(warmup="20", epochs="50").problems == {}
    assert set(checked(warmup="20", epochs="10").problems) == {"warmup"}


def test_all_images_in_one_batch():
    assert checked(batch_size="all", validation="0").work == "60,000 training images in 1 batch an epoch"


def test_the_last_short_batch_counts():
    assert checked(batch_size="128", validation="5,000").work == "55,000 training images in 430 batches an epoch"


def test_a_model_to_start_from_keeps_its_layers():
    start = TrainingConfig(start_from="mine", layers="relu(12), softmax(10)")
    found = checked(start, layers="relu(13), softmax(10)")
    assert "mine, from which it is to start, has relu(12)" in found.problems["layers"]
    assert checked(start, layers="relu(12),softmax(10)").problems == {}


def test_a_dataset_that_is_gone():
    assert "there is no dataset 'gone'" in checked(dataset="gone").problems["dataset"]


def test_the_last_layer_follows_the_dataset():
    assert fitted_layers("relu(10), softmax( 10 ) ", 10, 4) == "relu(10), softmax(4)"
    assert fitted_layers("relu(10), softmax(12)", 10, 4) == "relu(10), softmax(12)"

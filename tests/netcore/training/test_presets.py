"""The presets: each decides how to train and leaves alone what is trained."""

from __future__ import annotations

import dataclasses

import pytest

from netcore.training.config import TrainingConfig
from netcore.training.presets import PRESETS, preset_of

OWN = {"dataset": "fashion-mnist", "layers": "tanh(9), softmax(10)", "seed": 7, "workers": 1, "name": "mine"}


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_known_again_whatever_is_trained(name: str):
    config = TrainingConfig(**PRESETS[name].settings, **OWN)
    assert preset_of(config) == name
    assert {setting: getattr(config, setting) for setting in OWN} == OWN


@pytest.mark.parametrize("name", PRESETS)
def test_any_of_its_settings_changed_is_no_preset(name: str):
    others = {"epochs": 99, "optimizer": "adam", "learning_rate": 0.7, "dropout": 0.5, "validation": 77, "average": 0.9}
    config = TrainingConfig(**PRESETS[name].settings)
    for setting, value in others.items():
        assert preset_of(dataclasses.replace(config, **{setting: value})) is None


def test_presets_differ_and_train_on_all_images():
    assert len({str(preset.settings) for preset in PRESETS.values()}) == len(PRESETS) >= 2
    assert {preset.settings["validation"] for preset in PRESETS.values()} == {0}
    assert preset_of(TrainingConfig()) is None

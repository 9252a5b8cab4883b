"""The same seed gives the same bits with the app open and without it, whoever looks on and whoever helps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from netcore.models.model import load_model
from netcore.training.config import TrainingConfig
from tests.tui.app_home import fill_home, press, until
from tui.app import MnistTuiApp
from tui.cli.main import main

SETTINGS = TrainingConfig(
    dataset="little",
    layers="relu(12), softmax(4)",
    epochs=12,
    batch_size=20,
    learning_rate=0.02,
    validation=60,
    dropout=0.2,
    augment="shift",
    average=0.9,
    seed=3,
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MNIST_TUI_HOME", str(tmp_path))
    fill_home(tmp_path)
    return tmp_path


@pytest.mark.parametrize("workers", [1, 2])
async def test_with_the_app_open_and_without_it(workers: int):
    app = MnistTuiApp("truecolor")
    app.session.draft = replace(SETTINGS, name="watched", workers=workers)
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "2", "enter")
        await until(pilot, lambda: app.session.worker is not None)
        # Test, Inspect and Train each have the network predict beside the training.
        while app.session.training:
            await press(pilot, "3", "r", "4", "n", "2")
        await until(pilot, lambda: app.session.history.finished is not None)

    command = "train --dataset little --epochs 12 --batch-size 20 --learning-rate 0.02 --validation 60 --dropout 0.2"
    command += f" --augment shift --average 0.9 --seed 3 --name alone --workers {workers} --json --layers"
    assert main([*command.split(), "relu(12), softmax(4)"]) == 0
    watched, alone = load_model("watched"), load_model("alone")
    np.testing.assert_array_equal(watched.network.parameters, alone.network.parameters)
    assert watched.card is not None
    assert alone.card is not None
    numbers = [name for name in watched.card.history if name != "seconds"]
    assert "validation_loss" in numbers
    assert {name: watched.card.history[name] for name in numbers} == {
        name: alone.card.history[name] for name in numbers
    }

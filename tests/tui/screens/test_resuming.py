"""`r` on the Runs screen goes on with a run in this app; Train shows it from its first epoch."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from textual.pilot import Pilot

from netcore.models.model import load_model
from netcore.runs.preparing import prepare
from netcore.runs.recorder import record
from netcore.runs.run import Run, list_runs
from netcore.training.config import TrainingConfig
from netcore.training.controls import Controls
from netcore.training.events import EpochFinished, RunStarted
from tests.tui.app_home import ENDLESS, fill_home, press, screen_text, until
from tui.app import MnistTuiApp
from tui.screens.runs import RunsScreen
from tui.screens.training import TrainScreen
from tui.widgets.run_list import RunList

LITTLE = TrainingConfig(
    dataset="little", layers="relu(12), softmax(4)", epochs=9, batch_size=50, validation=60, workers=1
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MNIST_TUI_HOME", str(tmp_path))
    fill_home(tmp_path)
    return tmp_path


def train(name: str, stop_after: int | None = None) -> Run:
    config = replace(LITTLE, name=name)
    training, controls, run = prepare(config), Controls(), Run.create(config)
    for told in record(run, training, controls):
        if isinstance(told.event, EpochFinished) and told.event.epoch == stop_after:
            controls.stop(keep=True)
    return run


async def test_a_run_that_another_process_has_got_hold_of_first_can_be_tried_again():
    run = train("cut", stop_after=3)
    async with runs_screen() as (pilot, _):
        with run.held():
            pilot.app.session.resume_training(run)
            await press(pilot, "2")
            await until(pilot, lambda: "is being trained by another process" in screen_text(pilot))
            assert "r resumes it here" in " ".join(screen_text(pilot).split())
            assert "enter tries again" not in screen_text(pilot)
        await press(pilot, "r")
        await until(pilot, lambda: "COMPLETED" in screen_text(pilot))
        assert len(pilot.app.session.history.epochs) == 9


async def test_a_resumed_run_that_is_thrown_away_does_not_leave_the_name_of_its_model_to_the_next():
    run = train("cut", stop_after=3)
    async with runs_screen() as (pilot, _):
        session = pilot.app.session
        session.resume_training(run)
        session.worker.controls.pause()
        await press(pilot, "2")
        await until(pilot, lambda: "PAUSED" in screen_text(pilot))
        await press(pilot, "x", "t")
        await until(pilot, lambda: "Ready to train" in screen_text(pilot))
        assert session.draft.name is None
        assert "saved as      little-1" in screen_text(pilot)
    assert list_runs() == []


@asynccontextmanager
async def runs_screen() -> AsyncIterator[tuple[Pilot[Any], RunsScreen]]:
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await press(pilot, "5")
        await until(pilot, lambda: isinstance(app.screen, RunsScreen) and app.screen.query_one(RunList).chosen)
        screen = app.screen
        assert isinstance(screen, RunsScreen)
        await until(pilot, lambda: "reading" not in screen_text(pilot).lower())
        yield pilot, screen
        if app.session.worker is not None:
            app.session.worker.controls.stop(keep=False)
            assert app.session.worker.join(20)


async def test_a_stopped_run_goes_on_and_is_shown_from_its_first_epoch():
    always = train("always")
    run = train("cut", stop_after=3)
    async with runs_screen() as (pilot, screen):
        assert screen.query_one(RunList).chosen == run.id
        await until(pilot, lambda: "r Resume" in screen_text(pilot))
        await press(pilot, "r")
        await until(pilot, lambda: isinstance(pilot.app.screen, TrainScreen))
        await until(pilot, lambda: "COMPLETED" in screen_text(pilot))
        assert "saved as cut" in screen_text(pilot)
        history = pilot.app.session.history
        assert [epoch.epoch for epoch in history.epochs] == list(range(1, 10))
        assert history.train_loss == always.history().train_loss
        await press(pilot, "5")
        await until(pilot, lambda: pilot.app.screen is screen and "r Resume" not in screen_text(pilot))
    np.testing.assert_array_equal(load_model("cut").network.parameters, load_model("always").network.parameters)
    started = [kept.event.epoch for kept in run.records() if isinstance(kept.event, RunStarted)]
    assert started == [0, 3]


async def test_while_something_trains_nothing_is_resumed():
    train("cut", stop_after=3)
    async with runs_screen() as (pilot, _):
        session = pilot.app.session
        session.draft = ENDLESS
        session.start_training()
        await press(pilot, "2", "5")
        await until(pilot, lambda: "training epoch" in screen_text(pilot) and "r Resume" not in screen_text(pilot))
        worker = session.worker
        await press(pilot, "end", "r")
        assert session.worker is worker


async def test_what_cannot_be_resumed_is_told_in_train():
    run = train("spoilt", stop_after=3)
    for name in ("checkpoint.npz", "checkpoint-before.npz"):
        (run.path / name).write_bytes(b"")
    async with runs_screen() as (pilot, _):
        await press(pilot, "r")
        await until(pilot, lambda: "no whole checkpoint is left" in " ".join(screen_text(pilot).split()))
        assert "BROKEN" in screen_text(pilot)
        assert "enter tries again" not in screen_text(pilot)
    assert run.history().state == "stopped"  # its log and its model are as they were
    assert load_model("spoilt").card.epochs == 3

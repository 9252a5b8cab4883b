"""Runs that another process trains, watched and steered in the app; and runs that the app leaves to one."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from textual.pilot import Pilot

from netcore.models.library import list_models
from netcore.models.model import load_model
from netcore.runs.alone import continue_alone
from netcore.runs.preparing import prepare
from netcore.runs.recorder import record
from netcore.runs.run import Run, list_runs
from netcore.training.config import TrainingConfig
from netcore.training.controls import Controls
from netcore.training.events import EpochFinished, Event, SettingChanged
from tests.tui import app_home
from tests.tui.app_home import EVERY_SIZE, on, opened, press, resize, screen_text, show_as, throw_away, until
from tui.app import MnistTuiApp
from tui.screens.inspecting import InspectScreen
from tui.screens.runs import RunsScreen
from tui.screens.stop_dialog import StopDialog
from tui.screens.training import TrainScreen
from tui.widgets.plot import LinePlot
from tui.widgets.run_list import RunList
from tui.widgets.run_status import RunStatus
from tui.widgets.strips import StripWidget
from tui.widgets.thumbnails import Thumbnails

ENDLESS = replace(app_home.ENDLESS, name="distant", schedule="constant")


@pytest.fixture(autouse=True)
def home(little_home: Path) -> Path:
    return little_home


def alone(config: TrainingConfig = ENDLESS) -> Run:
    """A run that a process of its own trains from its first batch."""
    run = Run.create(config)
    continue_alone(run)
    return run


@asynccontextmanager
async def watching(run: Run, *, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[Any]]:
    """The app, opened on a run; all runs are thrown away at the end."""
    app = MnistTuiApp("truecolor", watch=run.id)
    app.session.tempo = app_home.QUICK
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            await on(pilot, TrainScreen)
            await until(pilot, lambda: app.session.begun)
            yield pilot
    finally:
        throw_away(app.session)


def status(pilot: Pilot[Any]) -> str:
    return " ".join(pilot.app.screen.query_one(RunStatus).text.split())


def told(run: Run, kind: type[Event]) -> list[Any]:
    return [kept.event for kept in run.records() if isinstance(kept.event, kind)]


def curve(pilot: Pilot[Any], plot: str, name: str) -> list[float | None]:
    (found,) = [one for one in pilot.app.screen.query_one(f"#{plot}-plot", LinePlot).series if one.name == name]
    return list(found.values)


# Watching


async def test_it_is_shown_from_its_first_epoch_and_goes_on_growing():
    run = alone()
    async with watching(run) as pilot:
        assert pilot.app.current_mode == "train"
        await until(pilot, lambda: "RUNNING" in status(pilot))
        for _ in range(2):
            shown = curve(pilot, "loss", "validation")
            await until(pilot, lambda shown=shown: len(curve(pilot, "loss", "validation")) > len(shown) + 5)
        shown = curve(pilot, "loss", "validation")
        assert shown == [epoch.validation_loss for epoch in told(run, EpochFinished)][: len(shown)]
        assert "watching epoch" in screen_text(pilot).splitlines()[0]
        # Predictions are those of its newest checkpoint.
        await until(pilot, lambda: all(item.predicted for item in pilot.app.screen.query_one(Thumbnails).items))
        assert run.holder not in (None, os.getpid())


async def test_enter_on_the_list_of_runs_attaches():
    run = alone()
    async with opened(RunsScreen, "5") as (pilot, screen):
        await until(pilot, lambda: "running elsewhere" in screen_text(pilot))
        assert "enter Open" in screen_text(pilot)
        assert screen.query_one(RunList).chosen == run.id
        await press(pilot, "enter")
        await on(pilot, TrainScreen)
        await until(pilot, lambda: len(pilot.app.session.history.epochs) > 3)
        watched = pilot.app.session.attached
        await press(pilot, "5", "enter")  # again: the same
        await on(pilot, TrainScreen)
        assert pilot.app.session.attached is watched


async def test_a_finished_run_is_told_with_its_model():
    run = alone(replace(ENDLESS, epochs=3))
    async with watching(run) as pilot:
        await until(pilot, lambda: "COMPLETED" in status(pilot))
        assert "saved as distant" in status(pilot)
        assert len(curve(pilot, "accuracy", "train")) == 3
        await press(pilot, "enter")
        await until(pilot, lambda: pilot.app.current_mode == "test" and pilot.app.session.model == "distant")


async def test_its_network_can_be_looked_into():
    run = alone()
    async with watching(run) as pilot:
        await press(pilot, "4")
        await on(pilot, InspectScreen)
        await until(pilot, lambda: "l Live" in screen_text(pilot))
        await press(pilot, "l")
        screen = pilot.app.screen
        await until(pilot, lambda: screen.probe and screen.probe.subject.name == "distant")
        first = screen.probe.subject.network.parameters.copy()
        await until(pilot, lambda: not np.array_equal(screen.probe.subject.network.parameters, first))


async def test_a_run_whose_process_is_gone_is_broken_and_r_resumes_it():
    run = alone()
    async with watching(run) as pilot:
        await until(pilot, lambda: "RUNNING" in status(pilot))
        await press(pilot, "x")
        await until(pilot, lambda: isinstance(pilot.app.screen, StopDialog))
        os.kill(run.holder or 0, signal.SIGKILL)
        await on(pilot, TrainScreen)  # there is nothing left to ask
        await until(pilot, lambda: "BROKEN" in status(pilot))
        assert "has lost its process" in status(pilot)
        assert " left" not in screen_text(pilot)
        epochs = len(pilot.app.session.history.epochs)
        await press(pilot, "r")
        await until(pilot, lambda: "RUNNING" in status(pilot))
        assert pilot.app.session.training_here
        await until(pilot, lambda: len(pilot.app.session.history.epochs) > epochs)


# Steering


async def test_every_key_steers_it():
    run = alone()
    async with watching(run) as pilot:
        await until(pilot, lambda: "RUNNING" in status(pilot))
        await press(pilot, "space")
        await until(pilot, lambda: "PAUSED" in status(pilot))
        before = len(told(run, EpochFinished))
        await press(pilot, "full_stop")
        await until(pilot, lambda: len(pilot.app.session.history.epochs) > before and "PAUSED" in status(pilot))
        assert len(told(run, EpochFinished)) == before + 1
        await press(pilot, "right_square_bracket")
        await until(pilot, lambda: "learning rate 0.2" in screen_text(pilot))
        await press(pilot, "space")
        await until(pilot, lambda: "RUNNING" in status(pilot))
        (changed,) = told(run, SettingChanged)
        assert (changed.old, changed.new) == pytest.approx((0.1, 0.2))


async def test_two_who_watch_see_what_each_of_them_does():
    run = alone()
    async with watching(run, size=(120, 40)) as one, watching(run, size=(120, 40)) as other:
        for pilot in (one, other):
            await until(pilot, lambda pilot=pilot: "RUNNING" in status(pilot))
        await press(one, "left_square_bracket")
        await press(other, "space")
        for pilot in (one, other):
            await until(pilot, lambda pilot=pilot: "PAUSED" in status(pilot))
            for plot in pilot.app.screen.query(LinePlot):
                await until(pilot, lambda plot=plot: "rate 0.1 → 0.05" in plot.text)
        await press(one, "space")
        for pilot in (one, other):
            await until(pilot, lambda pilot=pilot: "RUNNING" in status(pilot))


async def test_every_size_is_whole():
    """Whatever is shown: attached, asked what to stop, and as its process is gone."""
    run = alone()
    async with watching(run) as pilot:
        await until(pilot, lambda: "RUNNING" in status(pilot))

        async def try_all() -> None:
            for tier, size in [(tier, size) for tier, sizes in EVERY_SIZE for size in (*sizes, (40, 12))]:
                await show_as(pilot, tier)
                await resize(pilot, *size)
                for widget in pilot.app.screen.query(StripWidget):
                    if widget.region.height:
                        widths = {widget.render_line(y).cell_length for y in range(widget.size.height)}
                        assert widths == {widget.size.width}, (tier, size)
                assert tier != "ascii" or screen_text(pilot).isascii(), size
                assert "Runs" in screen_text(pilot).splitlines()[0], (tier, size)

        await try_all()
        await press(pilot, "x")
        await try_all()
        await press(pilot, "escape")
        os.kill(run.holder or 0, signal.SIGKILL)
        await until(pilot, lambda: "BROKEN" in status(pilot))
        await try_all()


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_stopping_says_whose_run_it_is_and_what_each_choice_does(size: tuple[int, int]):
    run = alone()
    async with watching(run, size=size) as pilot:
        train = pilot.app.screen
        await press(pilot, "x")
        await until(pilot, lambda: "A run of another process. Stop it?" in screen_text(pilot))
        choices = pilot.app.screen
        for words in (
            "its process saves the model",
            "it goes on, no longer",
            "remove the run and its",
            "nothing changes",
        ):
            await until(pilot, lambda words=words: words in screen_text(pilot))
            if size[0] < 60:
                await press(pilot, "down")
        plot = train.query_one("#loss-plot", LinePlot)
        assert not choices.children[0].region.overlaps(plot.region)
        shown = len(plot.series[0].values)
        await until(pilot, lambda: len(plot.series[0].values) > shown)
        await press(pilot, "k")
        await until(pilot, lambda: pilot.app.screen is train and "STOPPED" in status(pilot))
    assert load_model("distant").card.run == run.id


async def test_one_that_has_saved_a_model_before_is_seen_to_stop_while_it_is_thrown_away():
    training, controls, run = prepare(ENDLESS), Controls(), Run.create(ENDLESS)
    for kept in record(run, training, controls):
        if isinstance(kept.event, EpochFinished):
            controls.stop()
    continue_alone(run)
    async with watching(run) as pilot:
        await press(pilot, "x", "t")
        seen = []
        while not seen or "The run was thrown away." not in seen[-1]:
            await pilot.pause(0.01)
            seen.append(screen_text(pilot))
        assert not any("goes on by itself" in text for text in seen)
        assert pilot.app.session.draft.name is None
    assert list_runs() == []


async def test_thrown_away_it_leaves_nothing():
    run = alone()
    async with watching(run) as pilot:
        await press(pilot, "x", "t")
        await until(pilot, lambda: "Ready to train" in screen_text(pilot))
        assert "The run was thrown away." in screen_text(pilot)
        assert list_runs() == []
        assert "distant" not in [entry.name for entry in list_models()]
        assert not run.alive


async def test_left_alone_it_goes_on_unwatched():
    run = alone()
    async with watching(run) as pilot:
        await press(pilot, "x")
        await until(pilot, lambda: "Leave it running" in screen_text(pilot))
        await press(pilot, "d")
        await until(pilot, lambda: "Ready to train" in screen_text(pilot))
        epochs = len(told(run, EpochFinished))
        await until(pilot, lambda: len(told(run, EpochFinished)) > epochs)
        assert run.alive
        assert not pilot.app.session.training


async def test_quitting_asks_nothing_and_says_where_it_is():
    run = alone()
    async with watching(run) as pilot:
        app = pilot.app
        await press(pilot, "q")
        await until(pilot, lambda: not app.is_running or app._exit)
        assert app.session.outcome == f"The run goes on by itself; mnist-tui watch {run.id} shows it."
        assert run.alive


async def test_what_is_asked_of_a_run_that_has_just_ended_is_told():
    run = alone()
    async with watching(run) as pilot:
        await until(pilot, lambda: "RUNNING" in status(pilot))
        number = run.holder or 0
        os.kill(number, signal.SIGKILL)
        await until(pilot, lambda: not run.alive)
        pilot.app.screen.action_pause()
        await until(pilot, lambda: any("is not being trained" in notice.message for notice in pilot.app._notifications))


async def test_other_settings_take_its_place_and_it_goes_on():
    run = alone()
    async with watching(run) as pilot:
        await until(pilot, lambda: "RUNNING" in status(pilot))
        pilot.app.session.draft = replace(ENDLESS, name="near")
        await until(pilot, lambda: "Ready to train" in screen_text(pilot))
        assert "The run goes on by itself" in " ".join(screen_text(pilot).split())
        await press(pilot, "enter")
        await until(pilot, lambda: "RUNNING" in status(pilot) and pilot.app.session.training_here)
        assert run.alive
        await press(pilot, "5")
        await on(pilot, RunsScreen)
        await until(pilot, lambda: screen_text(pilot).count("running") >= 2)
        await press(pilot, "end", "enter")  # one at a time
        await until(pilot, lambda: any("x and then d" in notice.message for notice in pilot.app._notifications))


# Leaving a run to a process of its own


async def test_detached_it_goes_on_from_the_very_batch_and_stays_in_sight():
    config = replace(ENDLESS, name="left", epochs=400, batch_size=20, schedule="cosine", dropout=0.1)
    async with opened(TrainScreen, "2", draft=config) as (pilot, _):
        session = pilot.app.session
        await press(pilot, "enter")
        await until(pilot, lambda: len(session.history.epochs) > 5)
        await press(pilot, "x")
        await until(pilot, lambda: "it goes on in a process of its own" in screen_text(pilot))
        await press(pilot, "d")
        await until(pilot, lambda: "DETACHING" in status(pilot))
        assert "Pause" not in screen_text(pilot)
        await until(pilot, lambda: session.attached and session.begun)
        run = session.attached.run
        await press(pilot, "space")
        await until(pilot, lambda: "PAUSED" in status(pilot) or "COMPLETED" in status(pilot))
        assert session.history.epochs[0].epoch == 1
        await press(pilot, "space")
        await until(pilot, lambda: "COMPLETED" in status(pilot))
        assert curve(pilot, "loss", "train") == [epoch.train_loss for epoch in told(run, EpochFinished)]
    straight = replace(config, name="straight")
    for _ in record(Run.create(straight), prepare(straight), Controls()):
        pass
    assert np.array_equal(load_model("left").network.parameters, load_model("straight").network.parameters)
    assert load_model("left").card.history["train_loss"] == load_model("straight").card.history["train_loss"]


async def test_a_paused_run_stays_paused():
    async with opened(TrainScreen, "2", draft=ENDLESS) as (pilot, _):
        session = pilot.app.session
        await press(pilot, "enter")
        await until(pilot, lambda: len(session.history.epochs) > 1)
        await press(pilot, "space")
        await until(pilot, lambda: "PAUSED" in status(pilot))
        await press(pilot, "x", "d")
        await until(pilot, lambda: session.attached and session.begun and "PAUSED" in status(pilot))
        await press(pilot, "space")
        await until(pilot, lambda: "RUNNING" in status(pilot))


async def test_live_in_inspect_stays_live():
    async with opened(TrainScreen, "2", draft=ENDLESS) as (pilot, _):
        session = pilot.app.session
        await press(pilot, "enter")
        await until(pilot, lambda: session.history.epochs)
        await press(pilot, "4")
        await on(pilot, InspectScreen)
        await until(pilot, lambda: "l Live" in screen_text(pilot))
        await press(pilot, "l")
        screen = pilot.app.screen
        await until(pilot, lambda: screen.probe and screen.probe.subject.of is session.own)
        session.end("detach")
        await until(pilot, lambda: session.attached and screen.probe.subject.of is session.attached)


async def test_a_run_may_be_left_before_its_first_batch():
    async with opened(TrainScreen, "2", draft=ENDLESS) as (pilot, _):
        session = pilot.app.session
        session.start_training()
        session.end("detach")
        await until(pilot, lambda: session.attached and session.begun)
        await until(pilot, lambda: "RUNNING" in status(pilot))
        assert pilot.app.session.attached.run.holder not in (None, os.getpid())


async def test_where_no_process_can_begin_the_run_is_not_lost(monkeypatch: pytest.MonkeyPatch):
    async with opened(TrainScreen, "2", draft=ENDLESS) as (pilot, _):
        session = pilot.app.session
        await press(pilot, "enter")
        await until(pilot, lambda: len(session.history.epochs) > 3)
        with monkeypatch.context() as without_python:
            without_python.setattr(sys, "executable", "/bin/false")
            await press(pilot, "x", "d")
            await until(pilot, lambda: "BROKEN" in status(pilot))
        assert "could not go on in a process of its own" in status(pilot)
        epochs = len(session.history.epochs)
        await press(pilot, "r")
        await until(pilot, lambda: "RUNNING" in status(pilot) and len(session.history.epochs) > epochs)
        assert session.training_here

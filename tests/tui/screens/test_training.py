"""The Train screen with a real app, a real run in its thread, and a small dataset of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from textual.pilot import Pilot

from netcore.models.library import list_models
from netcore.models.model import load_model
from netcore.runs.run import list_runs
from netcore.training.config import TrainingConfig
from netcore.training.events import RunPaused
from tests.tui import app_home
from tests.tui.app_home import opened, press, press_at_once, screen_text, show_as, until
from tui.render.tier import Tier
from tui.screens.new_network import NewNetworkScreen
from tui.screens.stop_dialog import StopDialog
from tui.screens.tempo import NORMAL
from tui.screens.training import TrainScreen
from tui.widgets.meter import Meter
from tui.widgets.plot import LinePlot
from tui.widgets.run_status import RunStatus
from tui.widgets.strips import StripWidget
from tui.widgets.thumbnails import Thumbnails
from tui.widgets.words import Words

ENDLESS = replace(app_home.ENDLESS, name=None, schedule="constant")
SHORT = replace(app_home.ENDLESS, name=None, epochs=4, learning_rate=0.01)

pytestmark = pytest.mark.usefixtures("little_home")


@asynccontextmanager
async def train_screen(
    draft: TrainingConfig = ENDLESS, *, size: tuple[int, int] = (80, 24), tier: Tier = "truecolor"
) -> AsyncIterator[Pilot[Any]]:
    """The app on its Train screen; a run that is left is thrown away at the end."""
    async with opened(TrainScreen, "2", draft=draft, size=size, tier=tier) as (pilot, _):
        yield pilot


def text(pilot: Pilot[Any], kind: type[StripWidget] = StripWidget) -> str:
    """What stands on the screen in widgets of this kind."""
    return "\n".join(widget.text for widget in pilot.app.screen.query(kind) if widget.region.height)


def status(pilot: Pilot[Any]) -> str:
    return text(pilot, RunStatus)


async def started(pilot: Pilot[Any], epochs: int = 2) -> None:
    """Start, and go on to so many finished epochs."""
    await press(pilot, "enter")
    await until(pilot, lambda: len(pilot.app.session.history.epochs) >= epochs)


async def paused(pilot: Pilot[Any]) -> None:
    await press(pilot, "space")
    await until(pilot, lambda: "PAUSED" in status(pilot))


async def test_before_the_start_the_settings_stand_there():
    async with train_screen() as pilot:
        await until(pilot, lambda: len(pilot.app.screen.query_one(Thumbnails).items) > 4)
        card = text(pilot, Words)
        for words in (
            "little: 240 images, 60 held out, 60 to test",
            "relu(12), softmax(4)",
            f"{784 * 12 + 12 + 12 * 4 + 4:,}",
            "100,000, each 120 batches of 2 images",
            "momentum, learning rate 0.1",
            "enter starts",
        ):
            assert words in card
        assert text(pilot, Thumbnails).split()
        assert "✓" not in text(pilot, Thumbnails)


async def test_a_run_is_watched_from_its_first_numbers_to_its_model():
    async with train_screen(SHORT) as pilot:
        await press(pilot, "enter")
        await until(pilot, lambda: "COMPLETED" in status(pilot))
        history = pilot.app.session.history
        finished = history.finished
        assert [plot.series[0].values for plot in pilot.app.screen.query(LinePlot)] == [
            history.train_loss,
            history.train_accuracy,
        ]
        assert [list(plot.series[1].values) for plot in pilot.app.screen.query(LinePlot)] == [
            history.validation_loss,
            history.validation_accuracy,
        ]
        assert f"{finished.test_accuracy:.2%}".replace("%", " %") in status(pilot)
        assert "saved as little-1" in status(pilot)
        meters = text(pilot, Meter)
        best = max(history.epochs, key=lambda epoch: epoch.validation_accuracy)
        assert "4 / 4" in meters
        assert f"best {best.epoch} ({100 * best.validation_accuracy:.2f} %)" in meters
        assert "120 / 120" in meters
        assert "images/s" in meters

        # The predictions below the images are those of the model that was saved.
        await until(pilot, lambda: "✓" in text(pilot, Thumbnails) or "✗" in text(pilot, Thumbnails))
        items = pilot.app.screen.query_one(Thumbnails).items
        answers = load_model("little-1").network.probabilities(np.stack([item.image for item in items])).argmax(axis=1)
        await until(
            pilot,
            lambda: (
                [item.predicted for item in pilot.app.screen.query_one(Thumbnails).items]
                == ["abcd"[label] for label in answers]
            ),
        )

        await press(pilot, "enter")
        await until(pilot, lambda: pilot.app.current_mode == "test")
        assert pilot.app.session.model == "little-1"


async def test_a_pause_stops_the_batches_and_is_plain_to_see():
    async with train_screen() as pilot:
        await started(pilot)
        assert "RUNNING" in status(pilot)
        await paused(pilot)
        worker = pilot.app.session.worker
        parameters, records = worker.network_snapshot().parameters, len(worker.records)
        await pilot.pause(0.4)
        assert np.array_equal(worker.network_snapshot().parameters, parameters)
        assert len(worker.records) == records
        await press(pilot, "space")
        await until(pilot, lambda: "RUNNING" in status(pilot))
        await until(pilot, lambda: len(worker.records) > records + 10)
        assert not np.array_equal(worker.network_snapshot().parameters, parameters)


async def test_one_epoch_ends_where_an_epoch_ends():
    async with train_screen() as pilot:
        await started(pilot)
        await paused(pilot)
        worker, before = pilot.app.session.worker, len(pilot.app.session.history.epochs)
        middle = next(record.event for record in reversed(worker.records) if isinstance(record.event, RunPaused))
        await press(pilot, "full_stop")
        await until(pilot, lambda: len(pilot.app.session.history.epochs) > before and "PAUSED" in status(pilot))
        end = next(record.event for record in reversed(worker.records) if isinstance(record.event, RunPaused))
        assert (end.epoch, end.batch) == (middle.epoch + 1, 0)
        assert len(pilot.app.session.history.epochs) == before + 1


async def test_another_learning_rate_is_in_force_and_marked_in_both_plots():
    async with train_screen(size=(120, 40)) as pilot:
        await started(pilot)
        await paused(pilot)
        assert "learning rate 0.1" in text(pilot, Meter)
        await press(pilot, "right_square_bracket")
        await until(pilot, lambda: "learning rate 0.2" in text(pilot, Meter))
        await press(pilot, "left_square_bracket", "left_square_bracket")
        await until(pilot, lambda: "learning rate 0.05" in text(pilot, Meter))
        for plot in pilot.app.screen.query(LinePlot):
            assert "rate 0.1 → 0.2" in plot.text
            assert "┊" in plot.text
        await press(pilot, "full_stop")
        await until(pilot, lambda: pilot.app.session.history.epochs[-1].learning_rate == pytest.approx(0.05))


async def test_stopped_and_kept_the_model_stands_in_the_list():
    async with train_screen() as pilot:
        await started(pilot)
        await press(pilot, "x")
        await until(pilot, lambda: isinstance(pilot.app.screen, StopDialog))
        await press(pilot, "enter")  # the first choice
        await until(pilot, lambda: isinstance(pilot.app.screen, TrainScreen) and "STOPPED" in status(pilot))
        entry = next(entry for entry in list_models() if entry.name == "little-1")
        assert entry.test_accuracy == pilot.app.session.history.finished.test_accuracy
        assert "saved as little-1" in status(pilot)
        reached = len(pilot.app.session.history.epochs)
        await press(pilot, "r")
        await until(pilot, lambda: "RUNNING" in status(pilot) and len(pilot.app.session.history.epochs) > reached)


async def test_the_question_says_that_the_run_goes_on_meanwhile_unless_it_is_paused():
    async with train_screen() as pilot:
        await started(pilot)
        await press(pilot, "x")
        await until(pilot, lambda: "the run goes on meanwhile" in screen_text(pilot))
        await press(pilot, "escape", "space")
        await until(pilot, lambda: "PAUSED" in status(pilot))
        await press(pilot, "x")
        await until(pilot, lambda: "Stop this run?" in screen_text(pilot))
        assert "goes on meanwhile" not in screen_text(pilot)


async def test_thrown_away_leaves_nothing():
    async with train_screen() as pilot:
        await started(pilot)
        await press(pilot, "x")
        await until(pilot, lambda: isinstance(pilot.app.screen, StopDialog))
        await press(pilot, "t")
        await until(pilot, lambda: isinstance(pilot.app.screen, TrainScreen) and "Ready" in text(pilot, Words))
        assert "little-1" not in [entry.name for entry in list_models()]
        assert list_runs() == []
        await started(pilot)  # and the next one can begin
        assert "RUNNING" in status(pilot)


async def test_the_plots_move_under_the_question_and_going_on_goes_on():
    async with train_screen() as pilot:
        await started(pilot)
        train = pilot.app.screen
        await press(pilot, "x")
        await until(pilot, lambda: isinstance(pilot.app.screen, StopDialog))
        for _ in range(2):
            seen = list(train.query_one("#loss-plot", LinePlot).series[0].values)
            await until(
                pilot, lambda seen=seen: len(train.query_one("#loss-plot", LinePlot).series[0].values) > len(seen)
            )
        await press(pilot, "escape")
        await until(pilot, lambda: pilot.app.screen is train)
        assert not pilot.app.session.worker.controls.stopping


async def test_the_question_goes_away_when_the_run_ends_by_itself():
    async with train_screen(SHORT) as pilot:
        await started(pilot, epochs=0)
        pilot.app.session.worker.controls.pause()
        await until(pilot, lambda: "PAUSED" in status(pilot) or "COMPLETED" in status(pilot))
        if "PAUSED" in status(pilot):
            await press(pilot, "x")
            await until(pilot, lambda: isinstance(pilot.app.screen, StopDialog))
            pilot.app.session.worker.controls.go_on()
        await until(pilot, lambda: isinstance(pilot.app.screen, TrainScreen) and "COMPLETED" in status(pilot))


async def test_other_settings_come_from_the_form_and_wait_for_the_start():
    async with train_screen(SHORT) as pilot:
        await press(pilot, "enter")
        await until(pilot, lambda: "COMPLETED" in status(pilot))
        await press(pilot, "n")
        await until(pilot, lambda: isinstance(pilot.app.screen, NewNetworkScreen))
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, TrainScreen))
        assert "COMPLETED" in status(pilot)
        press_at_once(pilot, "n", *"relu(7), softmax(4)", "enter")
        await until(pilot, lambda: "relu(7), softmax(4)" in text(pilot, Words))
        assert "Its model is little-1" in text(pilot, Words)
        assert not pilot.app.session.training
        await press(pilot, "enter")
        await until(pilot, lambda: "saved as little-2" in status(pilot))


async def test_divergence_is_told_and_leaves_no_model():
    wild = TrainingConfig(
        dataset="little", layers="linear(12), softmax(4)", epochs=500, learning_rate=900, validation=0
    )
    async with train_screen(wild) as pilot:
        await press(pilot, "enter")
        await until(pilot, lambda: "DIVERGED" in status(pilot))
        words = " ".join(status(pilot).split())
        assert "try a learning rate below" in words
        assert "no model was saved" in words
        assert "little-1" not in [entry.name for entry in list_models()]
        await until(pilot, lambda: "enter Start" in text(pilot))


async def test_what_cannot_begin_says_why():
    async with train_screen(TrainingConfig(dataset="little", layers="relu(12), softmax(3)")) as pilot:
        await press(pilot, "enter")
        await until(pilot, lambda: "FAILED" in status(pilot))
        assert "use softmax(4)" in " ".join(status(pilot).split())


async def test_a_dataset_that_is_not_there_is_named_on_the_card():
    async with train_screen(TrainingConfig(dataset="nowhere")) as pilot:
        await until(pilot, lambda: "no dataset is called 'nowhere'" in text(pilot, Words))


async def test_the_other_screens_work_while_it_trains():
    async with train_screen() as pilot:
        await started(pilot)
        await press(pilot, "1")
        await until(pilot, lambda: pilot.app.current_mode == "models")
        before = len(pilot.app.session.worker.records)
        await until(pilot, lambda: len(pilot.app.session.worker.records) > before + 20)
        await press(pilot, "2")
        await until(pilot, lambda: isinstance(pilot.app.screen, TrainScreen))
        shown = pilot.app.screen.query_one("#loss-plot", LinePlot).series[0]
        assert len(shown.values) > 2


async def test_both_plots_are_read_at_the_same_epoch():
    async with train_screen(SHORT, size=(120, 40)) as pilot:
        await press(pilot, "enter")
        await until(pilot, lambda: "COMPLETED" in status(pilot))
        await press(pilot, "left", "left")
        third = pilot.app.session.history.epochs[2]
        for plot, value in zip(
            pilot.app.screen.query(LinePlot),
            (f"{third.validation_loss:.4f}", f"{100 * third.validation_accuracy:.2f} %"),
            strict=True,
        ):
            assert plot.cursor == 3
            assert value in plot.text.split("\n")[0]
            assert value in status(pilot)
        assert "← epoch 3 →" in status(pilot)
        await press(pilot, "right", "right")
        assert {plot.cursor for plot in pilot.app.screen.query(LinePlot)} == {None}


async def test_an_epoch_that_the_plots_have_not_drawn_yet_can_be_read():
    async with train_screen(size=(120, 40)) as pilot:
        pilot.app.session.tempo = replace(NORMAL, plots=1e9)
        await started(pilot, 20)
        await press(pilot, "left")
        plot = pilot.app.screen.query_one("#loss-plot", LinePlot)
        assert plot.cursor >= 20
        assert f"Loss  epoch {plot.cursor} " in plot.text


async def test_the_loss_can_be_read_on_a_log_scale():
    async with train_screen(SHORT, size=(120, 40)) as pilot:
        await press(pilot, "enter")
        await until(pilot, lambda: "COMPLETED" in status(pilot))
        plain = pilot.app.screen.query_one("#loss-plot", LinePlot).text
        await press(pilot, "l")
        assert pilot.app.screen.query_one("#loss-plot", LinePlot).text != plain
        await press(pilot, "l")
        assert pilot.app.screen.query_one("#loss-plot", LinePlot).text == plain


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60), (60, 20)])
async def test_nothing_is_cut_off(size: tuple[int, int]):
    async with train_screen(size=size) as pilot:
        await started(pilot)
        await paused(pilot)
        screen = pilot.app.screen
        for widget in screen.query(StripWidget):
            if widget.display and widget.region.height:
                assert screen.region.contains_region(widget.region), widget
        needed = ("train", "validation", "train loss", "best", "images/s", "learning rate 0.1", "x stops", "q Quit")
        await until(pilot, lambda: all(words in text(pilot) for words in needed))
        assert [plot.text.split()[0] for plot in screen.query(LinePlot)] == ["Loss", "Accuracy"]
        shown = screen.query_one(Thumbnails)
        assert (shown.region.height == 9) == (size[1] >= 24)
        if shown.region.height:
            await until(pilot, lambda: sum(map(shown.text.count, "✓✗")) == (size[0] - 2 + 2) // 16)


async def test_every_terminal_is_told_everything():
    async with train_screen() as pilot:
        await started(pilot)
        await paused(pilot)
        for tier in ("mono", "16", "256", "ascii"):
            await show_as(pilot, tier)
            words = text(pilot)
            assert "PAUSED" in words, tier
            assert "train loss" in words, tier
        assert words.isascii()
        await until(pilot, lambda: any(line.startswith(("v ", "x ")) for line in text(pilot, Thumbnails).split("\n")))

"""The app around the screens: modes, help, looks, room, and an end that keeps what was learned."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest
from textual.pilot import Pilot

from netcore.models.library import list_models
from netcore.models.model import load_model
from netcore.runs.run import Run, list_runs
from tests.tui.app_home import ENDLESS, press, press_at_once, resize, screen_text, throw_away, until
from tui.app import SCREENS, MnistTuiApp
from tui.screens.help import HelpScreen, keys_of
from tui.screens.stop_dialog import StopDialog
from tui.widgets.key_bar import KeyBar
from tui.widgets.mode_bar import MODES, ModeBar
from tui.widgets.model_list import ModelList

pytestmark = pytest.mark.usefixtures("little_home")


async def train(pilot: Pilot[Any]) -> None:
    """Begin a run that has no end of its own, and wait for its first epoch."""
    app = pilot.app
    app.session.draft = ENDLESS
    app.session.start_training()
    await until(pilot, lambda: app.session.history.epochs)


async def test_each_mode_has_its_key():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        assert list(SCREENS) == list(MODES)
        for key, mode in enumerate(MODES, start=1):
            await press(pilot, str(key))
            await until(pilot, lambda mode=mode: app.current_mode == mode)
            await until(pilot, lambda: "Quit" in app.screen.query_one(KeyBar).text)
            assert app.screen.query_one(ModeBar)


async def test_the_mode_bar_can_be_clicked():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click(ModeBar, offset=(15, 0))
        await until(pilot, lambda: app.current_mode == "train")
        await pilot.click(ModeBar, offset=(70, 0))
        assert app.current_mode == "train"


async def test_the_key_bar_can_be_clicked():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        bar = app.screen.query_one(KeyBar)
        await pilot.click(KeyBar, offset=(bar.text.index("Help"), 0))
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))


async def test_the_key_bar_leaves_out_what_does_not_fit_and_says_so():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(50, 20)) as pilot:
        await pilot.pause()
        text = app.screen.query_one(KeyBar).text
        assert text.startswith(" enter Test")
        assert "…" in text
        assert text.endswith("? Help  q Quit")


async def test_help_is_made_from_the_bindings():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        keys = keys_of(app.screen)
        assert ("↓ j", "Next model") in keys["On this screen"]
        assert ("n", "New network") in keys["On this screen"]
        assert ("q", "Quit") in keys["Everywhere"]
        assert {words for _, words in keys["Everywhere"]} >= set(MODES.values())
        await press(pilot, "question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen) and "Everywhere" in screen_text(pilot))
        words = screen_text(pilot)
        for group in keys.values():
            for _, meaning in group:
                assert meaning in words
        await press(pilot, "escape")
        await until(pilot, lambda: not isinstance(app.screen, HelpScreen))
        await press(pilot, "n")
        await until(pilot, lambda: ("enter", "Train") in keys_of(app.screen)["On this screen"])  # ctrl+s is not shown


async def test_light_and_dark():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        dark = app.screen.styles.background
        await press(pilot, "f2")
        await until(pilot, lambda: app.theme == "mnist-light")
        await until(pilot, lambda: app.screen.styles.background.brightness > 0.9 > 0.2 > dark.brightness)
        await press(pilot, "f2")
        await until(pilot, lambda: app.theme == "mnist-dark")


async def test_the_palette_tests_a_model_by_name():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        offered = {command.title for command in app.get_system_commands(app.screen)}
        assert offered >= {*MODES.values(), "Theme", "Help", "Quit", "Test mine"}
        assert "Test broken" not in offered
        await press(pilot, "ctrl+p")
        await press(pilot, *"test mine")
        await until(pilot, lambda: "81.25 %" in screen_text(pilot).partition("Test mine")[2])
        await press(pilot, "enter")
        await until(pilot, lambda: app.session.model == "mine" and app.current_mode == "test")


async def test_a_tiny_terminal_says_so_and_comes_back():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        for mode in SCREENS:
            app.switch_mode(mode)
            await until(pilot, lambda mode=mode: app.current_mode == mode and app.screen.is_mounted)
            await pilot.resize_terminal(30, 8)
            await until(pilot, lambda: screen_text(pilot).strip() == "too small: 40 x 12 needed")
            await pilot.resize_terminal(1, 1)
            await pilot.resize_terminal(80, 24)
            await until(pilot, lambda: "1 Models" in screen_text(pilot) and "too small" not in screen_text(pilot))
            assert "Quit" in app.screen.query_one(KeyBar).text


async def test_a_terminal_that_shrinks_under_a_dialog():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        for key in ("n", "question_mark"):
            await press(pilot, key)
            await until(pilot, lambda: len(app.screen_stack) == 2)
            await pilot.resize_terminal(20, 5)
            await until(pilot, lambda: "too small" in screen_text(pilot))
            await pilot.resize_terminal(80, 24)
            await until(pilot, lambda: "too small" not in screen_text(pilot))
            await press(pilot, "escape")
            await until(pilot, lambda: len(app.screen_stack) == 1)
            await until(pilot, lambda: app.focused is app.screen.query_one(ModelList))


async def left(pilot: Pilot[Any]) -> str:
    """Wait until the app closes; what it then says of its run."""
    app = pilot.app
    await until(pilot, lambda: not app.is_running or app._exit)
    app.session.settle("throw away")
    app.session.take_new_records()
    return app.session.outcome


@pytest.mark.parametrize("key", ["q", "ctrl+c", "ctrl+q"])
async def test_quitting_while_training_asks_over_the_plots_and_goes_back_where_it_was(key: str):
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        await train(pilot)
        await press(pilot, "5", key)
        await until(pilot, lambda: "A run is being trained. Quit?" in screen_text(pilot))
        assert app.current_mode == "train"
        await press(pilot, "escape")
        await until(pilot, lambda: app.current_mode == "runs")
        assert app.session.training
        await press(pilot, "4", key)
        await until(pilot, lambda: isinstance(app.screen, StopDialog))
        await press(pilot, "enter")
        sentence = await left(pilot)
    card = load_model("endless").card
    assert card is not None
    assert card.epochs == len(app.session.history.epochs) >= 1
    assert sentence.startswith("The run has stopped. Its model is endless, ")
    assert app.return_code == (130 if key == "ctrl+c" else 0)


async def test_quitting_while_training_may_throw_the_run_away():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        await train(pilot)
        await press(pilot, "q")
        await until(pilot, lambda: isinstance(app.screen, StopDialog))
        await press(pilot, "t")
        assert await left(pilot) == "The run was thrown away."
    assert "endless" not in [entry.name for entry in list_models()]
    assert list_runs() == []


async def test_quitting_while_training_may_leave_the_run_to_a_process_of_its_own():
    app = MnistTuiApp("truecolor")
    try:
        async with app.run_test(size=(80, 24)) as pilot:
            await train(pilot)
            await press(pilot, "q")
            await until(pilot, lambda: isinstance(app.screen, StopDialog))
            await press(pilot, "d")
            said = await left(pilot)
        (run,) = list_runs()
        assert said == f"The run goes on by itself; mnist-tui watch {run.id} shows it."
        assert run.holder not in (None, os.getpid())
    finally:
        throw_away(app.session)


async def test_quitting_is_not_forgotten_where_the_run_ends_during_the_question():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        await train(pilot)
        await press(pilot, "q")
        await until(pilot, lambda: isinstance(app.screen, StopDialog))
        app.session.worker.controls.stop()
        assert (await left(pilot)).startswith("The run has stopped. Its model is endless, ")
        assert app._ending._left_a_run  # so that this is said
    assert app.return_code == 0


async def test_a_second_ctrl_c_stops_and_keeps():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        await train(pilot)
        await press(pilot, "n")  # also from within a form
        await until(pilot, lambda: len(app.screen_stack) == 2)
        await press(pilot, "ctrl+c")
        await until(pilot, lambda: isinstance(app.screen, StopDialog))
        await press(pilot, "ctrl+c")
        assert (await left(pilot)).startswith("The run has stopped. Its model is endless, ")
    assert app.return_code == 130


async def test_ctrl_c_leaves_at_once_where_nothing_trains():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "ctrl+c")
        assert await left(pilot) == ""
    assert app.return_code == 130


async def test_other_screens_hear_of_the_run_and_of_its_end():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        await train(pilot)
        await until(pilot, lambda: "training epoch" in screen_text(pilot).splitlines()[0])
        app.session.worker.controls.pause()
        await until(pilot, lambda: "paused in epoch" in screen_text(pilot).splitlines()[0])
        app.session.worker.controls.stop(keep=True)
        await until(pilot, lambda: "endless" in [entry.name for entry in app.screen.query_one(ModelList).entries])
        await until(pilot, lambda: "epoch" not in screen_text(pilot).splitlines()[0])
        await until(pilot, lambda: any("Its model is endless" in told.message for told in app._notifications))


async def test_a_run_that_cannot_begin_is_told():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        app.session.draft = type(ENDLESS)(dataset="little", layers="softmax(3)")
        app.session.start_training()
        await until(pilot, lambda: any("softmax(4)" in notice.message for notice in app._notifications))
        assert [notice.severity for notice in app._notifications] == ["error"]


@pytest.mark.parametrize("key", ["3", "4", "5", "n", "question_mark"])
async def test_it_may_end_while_a_screen_is_being_opened(key: str):
    """As it does where a connection is lost; an exception of the app is raised behind the with."""
    for seconds in (0, 0.01, 0.03, 0.06):
        app = MnistTuiApp("truecolor")
        app.session.model = "mine"
        async with app.run_test(size=(80, 24)) as pilot:
            press_at_once(pilot, key)
            await asyncio.sleep(seconds)
            app.exit()


@pytest.mark.parametrize("mode", ["1", "2", "5"])
async def test_on_the_tiniest_terminals_keys_do_no_harm(mode: str):
    """Whoever makes the terminal large again finds the app as it was, whatever was pressed meanwhile."""
    Run.create(ENDLESS)
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        for size in ((1, 1), (2, 24), (220, 2), (80, 2), (30, 3)):
            await press(pilot, "1")
            await resize(pilot, *size)
            await press(pilot, mode, "pagedown", "pageup", "down", "home", "end")
        await resize(pilot, 80, 24)
        await until(pilot, lambda: "q Quit" in screen_text(pilot))

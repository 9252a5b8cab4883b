"""The form of a new network, with the keyboard only."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from netcore.training.config import TrainingConfig
from netcore.training.presets import PRESETS
from tests.tui.app_home import fill_home, press, press_at_once, screen_text, until
from tui.app import MnistTuiApp
from tui.screens.new_network import NewNetworkScreen
from tui.widgets.choice import Choice


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MNIST_TUI_HOME", str(tmp_path))
    fill_home(tmp_path)
    return tmp_path


async def test_from_n_to_train_with_what_was_typed():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "n")
        await until(pilot, lambda: "New network" in screen_text(pilot))
        assert "109,386 parameters" in screen_text(pilot)
        assert "55,000 training images in 430 batches an epoch" in screen_text(pilot)
        await press(pilot, *"softmax(10)", "down", *"25", "tab", *"all", "tab", "right")
        await until(pilot, lambda: "7,850 parameters" in screen_text(pilot))
        assert "in 1 batch an epoch" in screen_text(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: app.current_mode == "train")
        draft = app.session.draft
        assert (draft.layers, draft.epochs, draft.batch_size, draft.optimizer) == ("softmax(10)", 25, "all", "adam")


@pytest.mark.parametrize(("name", "offered"), [("mine", ""), ("next", "next")])
async def test_the_name_of_a_model_that_is_there_is_not_offered_again(name: str, offered: str):
    app = MnistTuiApp("truecolor")
    app.session.draft = TrainingConfig(name=name)  # of the run before
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "n")
        await until(pilot, lambda: isinstance(app.screen, NewNetworkScreen))
        assert app.screen.query_one("#name", Input).value == offered


async def test_nothing_overtakes_what_was_typed_before():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        epochs = [*"5", "home", *"21", "delete", "end", *"07", "backspace"]
        press_at_once(pilot, "n", "up", "right", "down", "down", *epochs, *["down"] * 6, *"60", "enter")
        await until(pilot, lambda: app.current_mode == "train")
        draft = app.session.draft
        assert (draft.dataset, draft.epochs, draft.validation) == ("little", 210, 60)
        assert draft.layers.endswith("softmax(4)")


async def test_a_reason_stands_beside_its_field_and_enter_goes_there():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "n")
        await until(pilot, lambda: isinstance(app.screen, NewNetworkScreen))
        await press(pilot, "tab", *"0")
        await until(pilot, lambda: "✗ 0 does not work; use a whole number" in screen_text(pilot))
        assert "1 field to mend" in screen_text(pilot)
        await press(pilot, "tab", "ctrl+s")
        assert isinstance(app.screen, NewNetworkScreen)
        await until(pilot, lambda: app.focused is app.screen.query_one("#epochs"))
        await press(pilot, "1", "ctrl+s")
        await until(pilot, lambda: app.current_mode == "train")
        assert app.session.draft.epochs == 1


async def test_escape_leaves_the_draft_and_keeps_what_was_typed():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        before = app.session.draft
        await press(pilot, "n")
        await until(pilot, lambda: isinstance(app.screen, NewNetworkScreen))
        await press(pilot, "tab", *"77", "escape")
        await until(pilot, lambda: not isinstance(app.screen, NewNetworkScreen))
        assert app.session.draft is before
        await press(pilot, "n")
        await until(pilot, lambda: isinstance(app.screen, NewNetworkScreen))
        assert app.screen.query_one("#epochs", Input).value == "77"


async def test_another_dataset_brings_its_number_of_classes():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "n")
        await until(pilot, lambda: isinstance(app.screen, NewNetworkScreen))
        await press(pilot, "up", "left", "left")
        await until(pilot, lambda: app.screen.query_one("#dataset", Choice).value == "little")
        await until(pilot, lambda: app.screen.query_one("#layers", Input).value == "relu(128), relu(64), softmax(4)")


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40)])
async def test_every_field_can_be_reached_and_seen(size: tuple[int, int]):
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "n")
        await until(pilot, lambda: isinstance(app.screen, NewNetworkScreen))
        seen = []
        for _ in range(19):
            await pilot.pause(0.01)
            assert app.focused is not None
            await until(pilot, lambda: app.screen.region.contains_region(app.focused.region))  # type: ignore[union-attr]
            seen.append(app.focused.id)
            await press(pilot, "tab")
        assert len(set(seen)) == 19
        if size != (60, 20):
            assert app.screen.query_one("#form").max_scroll_y == 0


async def test_a_preset_fills_the_fields_and_what_was_typed_comes_back():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "n")
        await until(pilot, lambda: isinstance(app.screen, NewNetworkScreen))
        form = app.screen
        await press(pilot, "tab", *"77", "up", "up", "up", "right")
        quick = PRESETS["quick"].settings
        await until(pilot, lambda: form.query_one("#epochs", Input).value == str(quick["epochs"]))
        assert form.query_one("#schedule", Choice).value == quick["schedule"]
        assert "98 % on MNIST" in screen_text(pilot)
        await press(pilot, "left")
        await until(pilot, lambda: form.query_one("#epochs", Input).value == "77")
        assert form.query_one("#schedule", Choice).value == "cosine"
        await press(pilot, "right", "right", "enter")
        await until(pilot, lambda: app.current_mode == "train")
        assert app.session.draft == TrainingConfig(**PRESETS["strong"].settings)


async def test_a_setting_changed_by_hand_makes_it_ones_own():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        app.session.draft = TrainingConfig(**PRESETS["quick"].settings)
        await press(pilot, "2")
        await until(pilot, lambda: app.current_mode == "train")
        await press(pilot, "n")
        await until(pilot, lambda: isinstance(app.screen, NewNetworkScreen))
        assert app.screen.query_one("#preset", Choice).value == "quick"
        await press(pilot, "tab", *"77")
        await until(pilot, lambda: app.screen.query_one("#preset", Choice).value == "own")
        assert app.screen.query_one("#schedule", Choice).value == PRESETS["quick"].settings["schedule"]
        await press(pilot, "enter")
        await until(pilot, lambda: not isinstance(app.screen, NewNetworkScreen))
        assert app.session.draft == TrainingConfig(**PRESETS["quick"].settings | {"epochs": 77})

"""A committee in the app: in the list, under test, and looked into member by member."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from netcore.models.combining import combine
from netcore.models.model import Model, load_model
from tests.tui.app_home import fill_home, press, screen_text, until
from tui.app import MnistTuiApp
from tui.screens.inspecting import InspectScreen
from tui.screens.testing import TestScreen as Screen  # a name that pytest does not take for tests
from tui.widgets.model_list import ModelList

LAYERS = "committee of 2: relu(12), softmax(4)"


@pytest.fixture(autouse=True)
def committee(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Model:
    """Made of one network and of that network with another first class."""
    monkeypatch.setenv("MNIST_TUI_HOME", str(tmp_path))
    fill_home(tmp_path)
    combine("twin", [load_model("mine")])
    other = load_model("twin")
    other.single().biases[-1][0] += 3
    return combine("pair", [load_model("mine"), other], half=True)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_list_and_the_card_tell_what_it_is_made_of(size: tuple[int, int]):
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=size) as pilot:
        listing = app.screen.query_one(ModelList)
        listing.highlighted = [entry.name for entry in listing.entries].index("pair")
        await pilot.pause()
        words = screen_text(pilot)
        assert LAYERS in words
        assert "mine (seed 7), twin (seed 7)" in words
        if size == (120, 40):
            assert "stored          float16" in words
            assert "3 epochs each, 2 min 10 s in all" in words
        await press(pilot, "t")
        await until(pilot, lambda: any("pair is a committee of 2" in notice.message for notice in app._notifications))
        assert app.current_mode == "models"
        assert app.screen is app.screen_stack[0]


async def test_it_is_tested_as_a_whole(committee: Model):
    app = MnistTuiApp("truecolor")
    app.session.model = "pair"
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "3")
        await until(pilot, lambda: isinstance(app.screen, Screen) and app.screen.exam is not None)
        exam = app.screen.exam
        await until(pilot, lambda: exam.evaluation is not None)
        assert exam.evaluation.accuracy == committee.card.test_accuracy
        alone = [member.probabilities(exam.part.images).astype(float) for member in committee.members]
        np.testing.assert_allclose(exam.evaluation.probabilities, sum(alone) / 2, atol=1e-6)
        assert np.abs(alone[0] - alone[1]).max() > 0.1
        assert LAYERS in screen_text(pilot)


async def test_it_is_looked_into_member_by_member(committee: Model):
    app = MnistTuiApp("truecolor")
    app.session.model = "pair"
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "4")
        await until(pilot, lambda: isinstance(app.screen, InspectScreen) and app.screen.probe is not None)
        screen = app.screen
        for number in (0, 1, 0):
            await until(pilot, lambda number=number: f"member {number + 1} of 2" in screen_text(pilot))
            await until(pilot, lambda: screen.probe.survey is not None)
            np.testing.assert_array_equal(screen.probe.subject.network.parameters, committee.members[number].parameters)
            await press(pilot, "c")


async def test_one_network_has_no_other_members():
    app = MnistTuiApp("truecolor")
    app.session.model = "mine"
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "4")
        await until(pilot, lambda: isinstance(app.screen, InspectScreen) and app.screen.probe is not None)
        await press(pilot, "c")
        assert "ember" not in screen_text(pilot)

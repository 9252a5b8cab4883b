"""Sizes of the terminal: on the least, 40 x 12, what must be there is there in every tier; none breaks a screen."""

from __future__ import annotations

import random
from itertools import product
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from rich.cells import cell_len
from textual.screen import Screen
from textual.widgets import Input

from tests.tui.app_home import ENDLESS, opened, press, resize, screen_text, show_as, until
from tui.app import SCREENS, MnistTuiApp
from tui.render.tier import Tier
from tui.screens.choose import ChooseScreen
from tui.screens.drawing import DrawScreen
from tui.screens.go_to import GoToScreen
from tui.screens.help import HelpScreen
from tui.screens.inspecting import InspectScreen
from tui.screens.models import ModelsScreen
from tui.screens.new_network import NewNetworkScreen
from tui.screens.open_image import OpenImageScreen
from tui.screens.runs import RunsScreen
from tui.screens.testing import TestScreen as ImageScreen  # a name that pytest does not take for tests
from tui.screens.training import TrainScreen
from tui.widgets.canvas import Canvas
from tui.widgets.key_bar import KeyBar
from tui.widgets.mode_bar import ModeBar
from tui.widgets.picture import Picture
from tui.widgets.strips import StripWidget

pytestmark = pytest.mark.usefixtures("little_home")

LEAST = (40, 12)
TIERS: tuple[Tier, ...] = get_args(Tier)
PIXELS = {"truecolor": "▀", "256": "▀", "16": "░▒▓█", "mono": "░▒▓█", "ascii": ".:-=+*#%@"}
CURVES = {"truecolor": "⠁⣀⣄⡇⠉", "256": "⠁⣀⣄⡇⠉", "16": "▀▄█", "mono": "▀▄█", "ascii": "*"}


async def test_every_mode_has_its_first_and_last_line_and_something_between():
    app = MnistTuiApp("truecolor")
    app.session.model = "mine"
    async with app.run_test(size=LEAST) as pilot:
        for mode, tier in product(SCREENS, TIERS):
            await show_as(pilot, tier)
            app.switch_mode(mode)
            await until(pilot, lambda mode=mode: app.current_mode == mode and app.screen.query(KeyBar))
            await until(pilot, lambda: "q Quit" in screen_text(pilot).splitlines()[-1])
            lines = screen_text(pilot).splitlines()
            for title in ("1 Models", "2 Train", "3 Test", "4 Inspect", "5 Runs"):
                assert title in lines[0], (mode, tier)
            await until(pilot, lambda: len("".join(screen_text(pilot).split("\n")[1:-1]).strip()) > 20)
            for widget in app.screen.query(StripWidget):
                lengths = {widget.render_line(y).cell_length for y in range(widget.size.height)}
                assert lengths <= {widget.size.width}, (mode, tier)
            assert app.screen.query_one(ModeBar).region.y == 0, (mode, tier)


async def test_a_test_image_its_label_and_the_likeliest_classes():
    async with opened(ImageScreen, "3", model="mine", size=LEAST) as (pilot, screen):
        await until(pilot, lambda: "#1 of 60" in screen_text(pilot))
        true = screen.exam.dataset.classes[screen.exam.part.labels[0]]
        probabilities = screen.exam.probabilities(0)
        order = [screen.exam.dataset.classes[place] for place in np.argsort(-probabilities)]
        picture, bars = screen.query_one(Picture), screen.query_one("#bars", StripWidget)
        for tier in TIERS:
            await show_as(pilot, tier)
            await until(pilot, lambda: picture.content_size == (14, 7))  # it may be laid out once more
            await until(pilot, lambda: "predicted " in screen_text(pilot))
            text = screen_text(pilot)
            assert {*"".join(picture.text.split())} <= {*PIXELS[tier]}, tier
            assert len("".join(picture.text.split())) > 40, tier
            assert f"true      {true}" in text, tier
            assert f"predicted {order[0]}" in text, tier
            assert f"{100 * probabilities.max():.2f} % sure" in text, tier
            assert bars.region in screen.region, tier
            shown = [line.lstrip(" ▸✓>v").split()[0] for line in bars.text.splitlines()]
            assert sorted(shown) == sorted(order), tier  # all four are there
            assert f"{100 * probabilities.max():.0f} %" in bars.text, tier


async def test_a_run_shows_its_plots_and_how_it_stands():
    async with opened(TrainScreen, "2", draft=ENDLESS, size=LEAST) as (pilot, _):
        await press(pilot, "enter")
        await until(pilot, lambda: "RUNNING" in screen_text(pilot) and "%" in screen_text(pilot))
        for tier in TIERS:
            await show_as(pilot, tier)
            await until(pilot, lambda tier=tier: {*CURVES[tier]} & {*screen_text(pilot)})
            text = screen_text(pilot)
            assert text.count("tra") >= 2, tier  # the legends of both
            assert text.count("val") >= 2, tier
            assert "epoch" in text, tier
            assert "batch" in text, tier


async def test_inside_a_network():
    async with opened(InspectScreen, "4", model="mine", size=LEAST) as (pilot, _):
        await until(pilot, lambda: "neuron 1" in screen_text(pilot))
        assert "bias" in screen_text(pilot)
        await press(pilot, "v")
        await until(pilot, lambda: "#1 of 60" in screen_text(pilot) or "#1 of" in screen_text(pilot))
        await press(pilot, "v")
        await until(pilot, lambda: "product" in screen_text(pilot))
        first = next(line for line in screen_text(pilot).splitlines() if "×" in line)
        place, value, _, weight, _, product = first.split()
        row, column = place.split(",")  # of the pixel
        assert {int(row), int(column)} <= {*range(1, 29)}
        assert abs(float(value) * float(weight) - float(product)) < 2e-4


async def test_runs_are_listed():
    async with opened(RunsScreen, "5", size=LEAST) as (pilot, _):
        await until(pilot, lambda: "There are no runs yet." in screen_text(pilot))


@pytest.mark.parametrize("tier", ["truecolor", "ascii"])
async def test_every_field_of_a_new_network_can_be_reached(tier: Tier):
    async with opened(NewNetworkScreen, "n", size=LEAST, tier=tier) as (pilot, screen):
        assert screen.focused.id == "layers"
        await until(pilot, lambda: "softmax(4)" in screen_text(pilot) or "softmax(10)" in screen_text(pilot))
        for _ in range(25):
            focused = screen.focused
            await until(pilot, lambda: screen.focused.region in screen.region and screen.focused.region.height)
            await press(pilot, "tab")
            await until(pilot, lambda before=focused: screen.focused is not before)


@pytest.mark.parametrize(
    ("kind", "keys", "words"),
    [
        (HelpScreen, ["question_mark"], ["Keys", "escape closes", "Next model"]),
        (GoToScreen, ["3", "g"], ["Go to image", "enter go", "escape stay"]),
        (OpenImageScreen, ["3", "o"], ["path of an image", "nothing opened yet", "esc Back"]),
        (DrawScreen, ["3", "d"], ["your draw", "nothing drawn yet", "space Pen", "pen up"]),
    ],
)
async def test_dialogs_fit(kind: Any, keys: list[str], words: list[str]):
    async with opened(kind, *keys, model="mine", size=LEAST) as (pilot, _):
        for word in words:
            await until(pilot, lambda word=word: word in screen_text(pilot))


async def test_help_can_be_scrolled_to_its_end():
    async with opened(HelpScreen, "question_mark", size=LEAST) as (pilot, _):
        await press(pilot, "end")
        await until(pilot, lambda: "q  Quit" in screen_text(pilot))


async def test_a_model_can_be_chosen():
    async with opened(ModelsScreen, size=LEAST) as (pilot, _):
        await press(pilot, "end")
        await until(pilot, lambda: "▸mine" in screen_text(pilot))
        await press(pilot, "slash")
        await until(pilot, lambda: pilot.app.screen.query(Input))


async def test_an_image_is_drawn_in_a_window_that_follows_the_pen():
    async with opened(DrawScreen, "3", "d", model="mine", size=LEAST, tier="mono") as (pilot, screen):
        canvas = screen.query_one(Canvas)
        assert canvas.content_size == (14, 7)
        await press(pilot, *["up"] * 20, *["left"] * 20, "space", "right", "right", "space")
        await until(pilot, lambda: "█" in canvas.text.split("\n")[0][:4])  # the corner of the sheet
        assert screen.sketch.ink[0, :3].min() > 200
        await press(pilot, *["down"] * 30, *["right"] * 30)
        await until(pilot, lambda: canvas.text.split("\n")[6][13:] == "▄")  # the other one, with the pen on it
        assert "█" not in canvas.text
        await press(pilot, "e")
        await until(pilot, lambda: "eraser up" in screen_text(pilot))


async def test_the_mouse_draws_where_it_is_in_the_window():
    async with opened(DrawScreen, "3", "d", model="mine", size=LEAST) as (pilot, screen):
        canvas = screen.query_one(Canvas)
        left, top, _ = canvas._placing()
        assert (left, top) == (-7, -4)  # the middle of 28 x 14 cells, of which 14 x 7 are seen
        await pilot.mouse_down(canvas, offset=(1 + 2, 1 + 3))
        await pilot.hover(canvas, offset=(1 + 10, 1 + 3))
        await pilot.mouse_up(canvas, offset=(1 + 10, 1 + 3))
        assert (screen.sketch.ink[14, 9:18] > 150).all()
        assert not screen.sketch.ink[:12].any()
        assert not screen.sketch.ink[:, :7].any()


async def test_an_opened_image_and_its_answer(tmp_path: Path):
    np.save(tmp_path / "a.npy", np.pad(np.full((20, 4), 255, np.uint8), ((4, 4), (12, 12))))
    async with opened(OpenImageScreen, "3", "o", model="mine", size=LEAST, tier="mono") as (pilot, screen):
        screen.query_one(Input).value = str(tmp_path / "a.npy")
        await press(pilot, "enter")
        await until(pilot, lambda: "predicted " in screen_text(pilot) and "█" in screen_text(pilot))
        await resize(pilot, 80, 24)
        await until(pilot, lambda: screen_text(pilot).count("predicted") == 2)  # the tile's, and the key of the bars


@pytest.mark.parametrize(
    ("width", "says"), [(39, "too small: 40 x 12 needed"), (23, "too small"), (8, "small"), (3, ""), (1, "")]
)
async def test_less_says_so_in_one_line(width: int, says: str):
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(width, 5)) as pilot:
        await until(pilot, lambda: screen_text(pilot).split() == says.split())
        await resize(pilot, *LEAST)
        await until(pilot, lambda: "too small" not in screen_text(pilot) and "q Quit" in screen_text(pilot))


EVERY_SCREEN: list[tuple[type[Screen[Any]], list[str]]] = [
    (ModelsScreen, []),
    (HelpScreen, ["question_mark"]),
    (NewNetworkScreen, ["n"]),
    (TrainScreen, ["2"]),
    (ImageScreen, ["3"]),
    (GoToScreen, ["3", "g"]),
    (ChooseScreen, ["3", "m"]),
    (DrawScreen, ["3", "d"]),
    (OpenImageScreen, ["3", "o"]),
    (InspectScreen, ["4"]),
    (InspectScreen, ["4", "v"]),
    (InspectScreen, ["4", "v", "v"]),
    (InspectScreen, ["4", "v", "v", "v"]),
    (RunsScreen, ["5"]),
]


@pytest.mark.parametrize(("kind", "keys"), EVERY_SCREEN)
async def test_no_size_breaks_a_screen(kind: type[Screen[Any]], keys: list[str]):
    sizes = random.Random(f"{kind.__name__} {keys}")  # others for each
    async with opened(kind, *keys, model="mine", tier="mono") as (pilot, screen):
        before = screen_text(pilot)
        for _ in range(4):
            width, height = sizes.randint(1, 160), sizes.randint(1, 50)
            await resize(pilot, width, height)
            await until(pilot, lambda height=height: len(screen_text(pilot).split("\n")) == height)
            assert all(cell_len(row) <= width for row in screen_text(pilot).split("\n"))
            assert screen_text(pilot).count("too small") == (9 <= width < 40 or (width >= 9 and height < 12))
        await resize(pilot, 80, 24)
        assert pilot.app.screen is screen
        first = before.split("\n")[0]
        await until(pilot, lambda: screen_text(pilot).split("\n")[0] == first)

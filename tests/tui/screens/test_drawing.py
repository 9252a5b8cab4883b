"""Drawing with keys and mouse in a real app, and the answer of a network that is asked independently."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from textual.pilot import Pilot

from netcore.datasets.info import find_dataset
from netcore.datasets.library import load_part
from netcore.datasets.picture import prepare
from tests.tui.screens import nearest_mean
from tui.app import MnistTuiApp
from tui.render.tier import Tier
from tui.screens.drawing import DrawScreen
from tui.widgets.bars import ProbabilityBars
from tui.widgets.canvas import Canvas
from tui.widgets.picture import Picture
from tui.widgets.words import Words


@pytest.fixture(scope="module")
def means() -> np.ndarray:
    return nearest_mean.means_of(load_part("mnist", "test"))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, means: np.ndarray) -> Path:
    monkeypatch.setenv("MNIST_TUI_HOME", str(tmp_path))
    nearest_mean.save(tmp_path, "nearest", means, "mnist", find_dataset("mnist").classes)
    return tmp_path


@asynccontextmanager
async def draw_screen(
    *, size: tuple[int, int] = (80, 24), tier: Tier = "truecolor"
) -> AsyncIterator[tuple[Pilot[Any], DrawScreen]]:
    app = MnistTuiApp(tier)
    app.session.model = "nearest"
    async with app.run_test(size=size) as pilot:
        await pilot.press("3", "d")
        screen = app.screen
        assert isinstance(screen, DrawScreen)
        yield pilot, screen


async def until(pilot: Pilot[Any], condition: Callable[[], bool]) -> None:
    """Let the app go on until something holds."""
    for _ in range(2000):
        if condition():
            return
        await pilot.pause()
    raise AssertionError("it did not happen")


def words(screen: Any, name: str) -> str:
    return screen.query_one(f"#{name}", Words).text


def ink_of(screen: DrawScreen) -> np.ndarray:
    return screen.sketch.ink


async def test_a_stroke_drawn_with_keys_is_seen_and_answered(means: np.ndarray) -> None:
    async with draw_screen() as (pilot, screen):
        assert "nothing drawn yet" in words(screen, "verdict")
        assert "pen up" in words(screen, "pen")
        await pilot.press(*["up"] * 6, "space", *["down"] * 12, "space")
        ink = ink_of(screen)
        assert (ink[8:21, 14] == 255).all()  # the cursor began in the middle, at (14, 14)
        assert not ink[:6].any()
        assert not ink[:, 18:].any()
        assert 0 < ink[14, 13] < 255  # a soft rim
        await until(pilot, lambda: "predicted" in words(screen, "verdict"))
        image = prepare(ink)
        expected = int(nearest_mean.nearest(means, image[None])[0])
        assert expected == 1  # a vertical stroke
        assert f"   {expected}   " in words(screen, "verdict")
        share = 100 * nearest_mean.probabilities(means, image)[expected]
        assert f"{share:.2f} %" in screen.query_one(ProbabilityBars).text.splitlines()[expected]
        assert np.array_equal(screen.query_one(Picture).image, image)


async def test_moving_with_the_pen_up_draws_nothing() -> None:
    async with draw_screen() as (pilot, screen):
        await pilot.press("left", "up", "right", "down")
        assert not ink_of(screen).any()
        canvas = screen.query_one(Canvas)
        canvas.cursor = (0, 27)
        await pilot.press("left", "down")
        assert canvas.cursor == (0, 27)


async def test_undo_takes_back_a_whole_stroke_then_the_one_before() -> None:
    async with draw_screen() as (pilot, screen):
        await pilot.press("space", "down", "down", "space")
        first = ink_of(screen).copy()
        await pilot.press("right", "right", "right", "space", "down", "down", "down")
        await pilot.press("z")
        assert np.array_equal(ink_of(screen), first)
        assert "pen up" in words(screen, "pen")
        await pilot.press("c")
        assert not ink_of(screen).any()
        await pilot.press("z")
        assert np.array_equal(ink_of(screen), first)
        await pilot.press("z", "z", "z")
        assert not ink_of(screen).any()
        await until(pilot, lambda: "nothing drawn yet" in words(screen, "verdict"))


async def test_the_eraser_takes_ink_away() -> None:
    async with draw_screen() as (pilot, screen):
        await pilot.press("space", *["right"] * 8, "space")
        before = int(ink_of(screen).sum())
        await pilot.press("e", "space")
        assert "eraser down" in words(screen, "pen")
        assert ink_of(screen)[14, 22] == 0
        assert 0 < ink_of(screen).sum() < before


async def test_the_drawing_is_kept_while_one_looks_elsewhere() -> None:
    async with draw_screen() as (pilot, screen):
        await pilot.press("space", "down", "down", "space")
        drawn = ink_of(screen).copy()
        await pilot.press("1", "3")
        assert pilot.app.screen is screen
        await pilot.press("escape")
        assert pilot.app.screen is not screen
        await pilot.press("d")
        again = pilot.app.screen
        assert isinstance(again, DrawScreen)
        assert np.array_equal(ink_of(again), drawn)
        await until(pilot, lambda: "predicted" in words(again, "verdict"))


async def test_another_model_leads_back_to_the_test_images(home: Path, means: np.ndarray) -> None:
    nearest_mean.save(home, "second", means, "mnist", find_dataset("mnist").classes)
    async with draw_screen() as (pilot, screen):
        await pilot.press("1")
        pilot.app.session.model = "second"  # what the Models screen does
        await pilot.press("3")
        await until(pilot, lambda: pilot.app.screen is not screen and "second" in words(pilot.app.screen, "about"))


@pytest.mark.parametrize(("size", "scale"), [((80, 24), 1), ((120, 40), 2), ((200, 60), 3)])
async def test_the_mouse_draws_and_its_right_button_or_shift_erases(size: tuple[int, int], scale: int) -> None:
    async with draw_screen(size=size) as (pilot, screen):
        canvas = screen.query_one(Canvas)
        assert canvas.content_size == (28 * scale, 14 * scale)
        row = 1 + 5 * scale  # behind the frame
        await pilot.mouse_down(canvas, offset=(1 + 5 * scale, row))
        await pilot.hover(canvas, offset=(1 + 20 * scale, row))
        await pilot.mouse_up(canvas, offset=(1 + 20 * scale, row))
        line = ink_of(screen)[10]
        assert (line[6:20] > 150).all()
        assert not line[23:].any()
        assert not ink_of(screen)[14:].any()
        await pilot.hover(canvas, offset=(1 + 20 * scale, 1 + 12 * scale))  # the button is up: no line
        assert not ink_of(screen)[14:].any()
        for column, how in ((8, {"shift": True}), (16, {"button": 3})):
            await pilot.mouse_down(canvas, offset=(1 + column * scale, row), **how)
            await pilot.mouse_up(canvas, offset=(1 + column * scale, row))
            assert ink_of(screen)[10, column] == 0


TERMINALS: list[tuple[tuple[int, int], Tier]] = [
    *((size, "truecolor") for size in ((60, 20), (80, 24), (120, 40), (200, 60))),
    *(((80, 24), tier) for tier in ("256", "16", "mono", "ascii")),
    ((200, 60), "ascii"),
]


@pytest.mark.parametrize(("size", "tier"), TERMINALS)
async def test_complete_on_every_terminal(size: tuple[int, int], tier: Tier) -> None:
    async with draw_screen(size=size, tier=tier) as (pilot, screen):
        await pilot.press("space", *["down"] * 3)
        await until(pilot, lambda: "%" in screen.query_one(ProbabilityBars).text)
        canvas = screen.query_one(Canvas)
        assert canvas.region in screen.region
        assert canvas.content_size.width >= 28
        assert screen.query_one("#pen").region.y < size[1] - 1
        for widget in (screen.query_one("#verdict"), screen.query_one(ProbabilityBars)):
            assert widget.region in screen.region
            assert widget.region.height
        if tier == "ascii":
            assert canvas.text.isascii()
            assert any(mark in canvas.text for mark in "^_+")  # where the pen is

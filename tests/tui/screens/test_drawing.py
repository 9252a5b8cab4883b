"""Drawing with keys and mouse in a real app, and the answer of a network that is asked independently."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from textual.pilot import Pilot

from netcore.datasets.info import find_dataset
from netcore.datasets.picture import prepare
from tests.tui.app_home import on, opened, press, resize, show_as, until
from tests.tui.screens import nearest_mean
from tui.render.tier import Tier
from tui.screens.drawing import DrawScreen
from tui.widgets.bars import ProbabilityBars
from tui.widgets.canvas import Canvas
from tui.widgets.picture import Picture
from tui.widgets.words import Words


@pytest.fixture(autouse=True)
def home(nearest_home: Path) -> Path:
    return nearest_home


@asynccontextmanager
async def draw_screen(
    *, size: tuple[int, int] = (80, 24), tier: Tier = "truecolor"
) -> AsyncIterator[tuple[Pilot[Any], DrawScreen]]:
    async with opened(DrawScreen, "3", "d", model="nearest", size=size, tier=tier) as opening:
        yield opening


def words(screen: Any, name: str) -> str:
    return screen.query_one(f"#{name}", Words).text


def ink_of(screen: DrawScreen) -> np.ndarray:
    return screen.sketch.ink


async def test_a_stroke_drawn_with_keys_is_seen_and_answered(means: np.ndarray) -> None:
    async with draw_screen() as (pilot, screen):
        assert "nothing drawn yet" in words(screen, "verdict")
        assert "pen up" in words(screen, "pen")
        await press(pilot, *["up"] * 6, "space", *["down"] * 12, "space")
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
        await press(pilot, "left", "up", "right", "down")
        assert not ink_of(screen).any()
        canvas = screen.query_one(Canvas)
        canvas.cursor = (0, 27)
        await press(pilot, "left", "down")
        assert canvas.cursor == (0, 27)


async def test_undo_takes_back_a_whole_stroke_then_the_one_before() -> None:
    async with draw_screen() as (pilot, screen):
        await press(pilot, "space", "down", "down", "space")
        first = ink_of(screen).copy()
        await press(pilot, "right", "right", "right", "space", "down", "down", "down")
        await press(pilot, "z")
        assert np.array_equal(ink_of(screen), first)
        assert "pen up" in words(screen, "pen")
        await press(pilot, "c")
        assert not ink_of(screen).any()
        await press(pilot, "z")
        assert np.array_equal(ink_of(screen), first)
        await press(pilot, "z", "z", "z")
        assert not ink_of(screen).any()
        await until(pilot, lambda: "nothing drawn yet" in words(screen, "verdict"))


async def test_the_eraser_takes_ink_away() -> None:
    async with draw_screen() as (pilot, screen):
        await press(pilot, "space", *["right"] * 8, "space")
        before = int(ink_of(screen).sum())
        await press(pilot, "e", "space")
        assert "eraser down" in words(screen, "pen")
        assert ink_of(screen)[14, 22] == 0
        assert 0 < ink_of(screen).sum() < before


async def test_the_drawing_is_kept_while_one_looks_elsewhere() -> None:
    async with draw_screen() as (pilot, screen):
        await press(pilot, "space", "down", "down", "space")
        drawn = ink_of(screen).copy()
        await press(pilot, "1", "3")
        await until(pilot, lambda: pilot.app.screen is screen)
        await press(pilot, "escape")
        await until(pilot, lambda: pilot.app.screen is not screen)
        await press(pilot, "d")
        await on(pilot, DrawScreen)
        again = pilot.app.screen
        assert isinstance(again, DrawScreen)
        assert np.array_equal(ink_of(again), drawn)
        await until(pilot, lambda: "predicted" in words(again, "verdict"))


async def test_another_model_leads_back_to_the_test_images(home: Path, means: np.ndarray) -> None:
    nearest_mean.save(home, "second", means, "mnist", find_dataset("mnist").classes)
    async with draw_screen() as (pilot, screen):
        await press(pilot, "1")
        pilot.app.session.model = "second"  # what the Models screen does
        await press(pilot, "3")
        await until(pilot, lambda: pilot.app.screen is not screen and "second" in words(pilot.app.screen, "about"))


async def draw_with_mouse(pilot: Pilot[Any], screen: DrawScreen, scale: int) -> None:
    """A line from column 5 to 20 of the image in its row 10; then two places in it are erased."""
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


async def test_the_mouse_draws_and_its_right_button_or_shift_erases() -> None:
    async with draw_screen() as (pilot, screen):
        for size, scale in (((80, 24), 1), ((120, 40), 2), ((200, 60), 3)):
            await resize(pilot, *size)
            await draw_with_mouse(pilot, screen, scale)
            await press(pilot, "c")
            assert not ink_of(screen).any()


TERMINALS: list[tuple[Tier, tuple[int, int]]] = [
    *(("truecolor", size) for size in ((60, 20), (80, 24), (120, 40), (200, 60))),
    *((tier, (80, 24)) for tier in ("256", "16", "mono", "ascii")),
    ("ascii", (200, 60)),
]


async def test_complete_on_every_terminal() -> None:
    async with draw_screen(size=(60, 20)) as (pilot, screen):
        await press(pilot, "space", *["down"] * 3)
        await until(pilot, lambda: "%" in screen.query_one(ProbabilityBars).text)
        for tier, size in TERMINALS:
            await show_as(pilot, tier)
            await resize(pilot, *size)
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

"""Opening image files in a real app: what the network makes of them, and what is said of those it cannot read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from textual.pilot import Pilot
from textual.widgets import Input, Static

from netcore.datasets.library import Part
from tests.tui.app_home import opened, press, press_at_once, until
from tests.tui.screens import nearest_mean
from tui.screens.open_image import OpenImageScreen
from tui.widgets.bars import ProbabilityBars
from tui.widgets.picture import Picture
from tui.widgets.words import Words


@pytest.fixture(autouse=True)
def folder(nearest_home: Path) -> Path:
    folder = nearest_home / "images"
    folder.mkdir()
    return folder


@asynccontextmanager
async def open_screen() -> AsyncIterator[tuple[Pilot[Any], OpenImageScreen]]:
    async with opened(OpenImageScreen, "3", "o", model="nearest") as opening:
        yield opening


def told(screen: OpenImageScreen) -> str:
    return str(screen.query_one("#told", Static).content)


async def enter(pilot: Pilot[Any], path: str) -> None:
    pilot.app.screen.query_one(Input).value = path
    await press(pilot, "enter")
    await pilot.pause()


async def test_a_file_is_shown_as_the_network_sees_it(folder: Path, mnist: Part, means: np.ndarray) -> None:
    number = 61
    Image.fromarray(255 - mnist.images[number]).save(folder / "dark on light.png")
    async with open_screen() as (pilot, screen):
        await enter(pilot, f"{folder}/dark on light.png")
        # Prepared as MNIST was, an image of MNIST is what it was.
        assert np.array_equal(screen.query_one(Picture).image, mnist.images[number])
        expected = int(nearest_mean.nearest(means, mnist.images[number : number + 1])[0])
        assert f"   {expected}   " in screen.query_one("#verdict", Words).text
        share = 100 * nearest_mean.probabilities(means, mnist.images[number])[expected]
        assert f"{share:.2f} %" in screen.query_one(ProbabilityBars).text.splitlines()[expected]


async def test_a_file_that_cannot_be_read_is_told_in_place(folder: Path) -> None:
    (folder / "text.png").write_text("no picture")
    Image.new("L", (40, 40), 128).save(folder / "grey.png")
    async with open_screen() as (pilot, screen):
        for name, reason in (
            ("missing.png", "there is no such file"),
            ("text.png", "it is not a picture"),
            ("grey.png", "it shows nothing"),
            ("", "it is a folder"),
            ("~nobody-has-this-name/x.png", "there is no such file"),
        ):
            path = name if name.startswith("~") else str(folder / name)
            await enter(pilot, path)
            await until(pilot, lambda path=path: path in told(screen))
            assert told(screen).startswith("✗")
            assert reason in told(screen)
            assert pilot.app.screen is screen


async def test_nothing_typed_is_told() -> None:
    async with open_screen() as (pilot, screen):
        await enter(pilot, "  ")
        assert "type the path of an image" in told(screen)


async def test_tab_completes_as_a_shell_does(folder: Path) -> None:
    for name in ("seven-big.png", "seven-small.png", ".seven-hidden.png"):
        (folder / name).touch()
    (folder / "others").mkdir()
    async with open_screen() as (pilot, screen):
        path = screen.query_one(Input)
        path.value = f"{folder}/se"
        await press(pilot, "tab")
        await pilot.pause()
        assert path.value == f"{folder}/seven-"
        assert told(screen) == "seven-big.png  seven-small.png"
        press_at_once(pilot, "b", "tab", "backspace")
        await until(pilot, lambda: path.value == f"{folder}/seven-big.pn")
        path.value = f"{folder}/o"
        await press(pilot, "tab")
        assert path.value == f"{folder}/others/"
        path.value = "~nobody-has-this-name/x"
        await press(pilot, "tab")
        await pilot.pause()
        assert "no path begins like this" in told(screen)
        path.value = f"{folder}/x"
        await press(pilot, "tab")
        await pilot.pause()
        assert "no path begins like this" in told(screen)


async def test_digits_are_typed_and_escape_leaves() -> None:
    async with open_screen() as (pilot, screen):
        await press(pilot, "1", "2", "q")
        assert screen.query_one(Input).value == "12q"
        await press(pilot, "escape")
        assert pilot.app.screen is not screen

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

from netcore.datasets.info import find_dataset
from netcore.datasets.library import Part, load_part
from tests.tui.screens import nearest_mean
from tui.app import MnistTuiApp
from tui.screens.open_image import OpenImageScreen
from tui.widgets.bars import ProbabilityBars
from tui.widgets.picture import Picture
from tui.widgets.words import Words


@pytest.fixture(scope="module")
def mnist() -> Part:
    return load_part("mnist", "test")


@pytest.fixture(scope="module")
def means(mnist: Part) -> np.ndarray:
    return nearest_mean.means_of(mnist)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, means: np.ndarray) -> Path:
    monkeypatch.setenv("MNIST_TUI_HOME", str(tmp_path / "home"))
    nearest_mean.save(tmp_path / "home", "nearest", means, "mnist", find_dataset("mnist").classes)
    folder = tmp_path / "images"
    folder.mkdir()
    return folder


@asynccontextmanager
async def open_screen() -> AsyncIterator[tuple[Pilot[Any], OpenImageScreen]]:
    app = MnistTuiApp("truecolor")
    app.session.model = "nearest"
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3", "o")
        screen = app.screen
        assert isinstance(screen, OpenImageScreen)
        yield pilot, screen


def told(screen: OpenImageScreen) -> str:
    return str(screen.query_one("#told", Static).content)


async def enter(pilot: Pilot[Any], path: str) -> None:
    pilot.app.screen.query_one(Input).value = path
    await pilot.press("enter")
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


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing.png", "there is no such file"),
        ("text.png", "it is not a picture"),
        ("grey.png", "it shows nothing"),
        ("", "it is not a picture"),  # the folder itself
    ],
)
async def test_a_file_that_cannot_be_read_is_told_in_place(name: str, reason: str, folder: Path) -> None:
    (folder / "text.png").write_text("no picture")
    Image.new("L", (40, 40), 128).save(folder / "grey.png")
    async with open_screen() as (pilot, screen):
        await enter(pilot, str(folder / name))
        assert told(screen).startswith("✗")
        assert reason in told(screen)
        assert str(folder / name) in told(screen)
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
        await pilot.press("tab")
        await pilot.pause()
        assert path.value == f"{folder}/seven-"
        assert told(screen) == "seven-big.png  seven-small.png"
        await pilot.press("b", "tab")
        assert path.value == f"{folder}/seven-big.png"
        path.value = f"{folder}/o"
        await pilot.press("tab")
        assert path.value == f"{folder}/others/"
        path.value = f"{folder}/x"
        await pilot.press("tab")
        await pilot.pause()
        assert "no path begins like this" in told(screen)


async def test_digits_are_typed_and_escape_leaves() -> None:
    async with open_screen() as (pilot, screen):
        await pilot.press("1", "2", "q")
        assert screen.query_one(Input).value == "12q"
        await pilot.press("escape")
        assert pilot.app.screen is not screen

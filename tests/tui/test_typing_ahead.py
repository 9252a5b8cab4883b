"""Keys that arrive together do what they do one by one."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

import pytest
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from tests.tui.app_home import opened, press_at_once, until
from tui import typing_ahead
from tui.screens.inspecting import InspectScreen
from tui.screens.models import ModelsScreen
from tui.screens.testing import TestScreen as ImageScreen  # a name that pytest does not take for tests
from tui.screens.training import TrainScreen
from tui.typing_ahead import TypingAheadApp


@pytest.fixture(autouse=True)
def _home(little_home: Path) -> None:
    """The dataset, and the models that learned it."""


async def test_through_three_screens_and_a_dialog():
    async with opened(ModelsScreen) as (pilot, _):
        press_at_once(pilot, "3", "g", "4", "2", "enter", "right")
        await until(pilot, lambda: isinstance(pilot.app.screen, ImageScreen) and pilot.app.screen.number == 42)
        press_at_once(pilot, "4", "n", "n", "5", "2", "3", "left", "left")
        await until(pilot, lambda: isinstance(pilot.app.screen, ImageScreen) and pilot.app.screen.number == 40)
        press_at_once(pilot, "4", "v")
        await until(pilot, lambda: isinstance(pilot.app.screen, InspectScreen) and pilot.app.screen.probe)
        assert pilot.app.screen.probe.number == 2


async def test_a_dialog_that_closes_takes_no_key_along():
    async with opened(ModelsScreen, model="mine") as (pilot, _):
        press_at_once(pilot, "3", "g", "escape", "g", "9", "enter", "m", "home", "enter", "g", "5", "enter", "left")
        await until(pilot, lambda: isinstance(pilot.app.screen, ImageScreen) and pilot.app.screen.number == 3)
        press_at_once(pilot, "question_mark", "escape", "5", "question_mark", "escape", "2")
        await until(pilot, lambda: isinstance(pilot.app.screen, TrainScreen))


async def test_a_line_is_edited_where_the_cursor_was():
    async with opened(ModelsScreen) as (pilot, screen):
        press_at_once(pilot, "slash", *"nine", "home", "delete", "m", "right", "backspace", "i")
        await until(pilot, lambda: screen.query("Input") and screen.query_one(Input).value == "mine")


async def test_what_is_pasted_keeps_its_place():
    async with opened(ModelsScreen) as (pilot, screen):
        press_at_once(pilot, "slash", "m")
        pilot.app.post_message(events.Paste("in"))
        press_at_once(pilot, "e")
        await until(pilot, lambda: screen.query("Input") and screen.query_one(Input).value == "mine")


async def test_enter_that_was_typed_before_the_app_had_the_terminal():
    async with opened(ModelsScreen) as (pilot, _):
        press_at_once(pilot, "3", "g", "4", "2", "ctrl+j")
        await until(pilot, lambda: isinstance(pilot.app.screen, ImageScreen) and pilot.app.screen.number == 41)


class Slow(Widget, can_focus=True):
    """Answers a key only when it is allowed to."""

    def __init__(self) -> None:
        super().__init__()
        self.allowed = asyncio.Event()

    async def on_key(self) -> None:
        await self.allowed.wait()


class Stage(TypingAheadApp):
    """Writes down what it was told to do."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"note('{key}')") for key in "ab"),
        Binding("ctrl+c", "note('interrupt')", priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.slow, self.done = Slow(), list[str]()

    def compose(self) -> ComposeResult:
        yield self.slow

    def action_note(self, word: str) -> None:
        self.done.append(word)


async def test_an_interruption_waits_for_nothing():
    app = Stage()
    async with app.run_test() as pilot:
        app.slow.focus()
        press_at_once(pilot, "a", "b", "ctrl+c")
        while not app.done:
            await asyncio.sleep(0.01)
        app.slow.allowed.set()
        await until(pilot, lambda: app.done == ["interrupt", "a", "b"])


async def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(typing_ahead, "_PATIENCE", 3)
    app = Stage()
    async with app.run_test() as pilot:
        app.slow.focus()
        press_at_once(pilot, "a", "b")
        while not app.slow._message_queue.qsize() > 1:  # its question and the second key, behind the first
            await asyncio.sleep(0.01)
        app.slow.allowed.set()
        await until(pilot, lambda: app.done == ["a", "b"])
        press_at_once(pilot, "b", "a")
        await until(pilot, lambda: app.done == ["a", "b", "b", "a"])

"""What every screen has."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from textual.app import App
from textual.widget import Widget
from textual.widgets import Static

from tui.screens.mode_screen import ModeScreen
from tui.screens.session import Session


class _Child(Static):
    """Sets ``gone`` once it has left the screen."""

    def __init__(self, gone: asyncio.Event) -> None:
        super().__init__(id="child")
        self._gone = gone

    def on_unmount(self) -> None:
        self._gone.set()


class _LateScreen(ModeScreen):
    """Whose worker comes back just when the widgets that it writes to have gone."""

    def __init__(self) -> None:
        super().__init__(Session())
        self.gone = asyncio.Event()

    def content(self) -> Iterable[Widget]:
        yield _Child(self.gone)

    def on_mount(self) -> None:
        self.run_worker(self._late())

    async def _late(self) -> None:
        await self.gone.wait()
        self.query_one("#child", Static).update("late")


async def test_a_worker_that_comes_back_while_the_app_closes_does_not_crash_it():
    app = App[None]()
    screen = _LateScreen()
    async with app.run_test() as pilot:
        await app.push_screen(screen)
        await pilot.pause()
    assert screen.gone.is_set()

"""Widgets that are pictures: what is shown anew when their state changes."""

from __future__ import annotations

from typing import Any

from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.strip import Strip

from tui.render.inks import Inks
from tui.render.tier import Tier
from tui.widgets.strips import StripWidget


class Lines(StripWidget):
    """Lines of text, and which of them were to be shown anew."""

    DEFAULT_CSS = "Lines { height: 6; padding: 1 2; }"

    def __init__(self) -> None:
        super().__init__()
        self.lines = ["one", "two", "three"]
        self.drawn = 0
        self.shown: list[tuple[Region, ...]] = []

    def change(self, row: int, text: str) -> None:
        self.lines[row : row + 1] = [text]
        self.redraw()

    def draw(self, width: int, height: int, inks: Inks, tier: Tier) -> list[Strip]:
        self.drawn += 1
        return [Strip([Segment(text)]) for text in self.lines]

    def refresh(self, *regions: Region, **options: Any) -> Lines:
        if options.get("repaint", True):
            self.shown.append(regions)
        return super().refresh(*regions, **options)


class Stage(App[None]):
    tier = "mono"

    def compose(self) -> ComposeResult:
        yield Lines()


async def test_only_rows_that_differ_are_shown_anew():
    async with Stage().run_test(size=(40, 10)) as pilot:
        lines = pilot.app.query_one(Lines)
        await pilot.pause()
        drawn = lines.drawn
        lines.shown.clear()
        lines.change(1, "zwei")
        lines.change(2, "drei")
        lines.change(2, "three")
        await pilot.pause()
        assert lines.shown == [(Region(0, 1, 36, 1),)]
        assert lines.drawn == drawn + 1
        rows = pilot.app.screen._compositor.render_strips()
        assert [row.text.strip() for row in rows[:5]] == ["", "one", "zwei", "three", ""]


async def test_a_row_more_and_a_row_less():
    async with Stage().run_test(size=(40, 10)) as pilot:
        lines = pilot.app.query_one(Lines)
        await pilot.pause()
        lines.shown.clear()
        lines.change(3, "four")
        await pilot.pause()
        assert lines.shown == [(Region(0, 3, 36, 1),)]
        lines.lines.pop()
        lines.redraw()
        await pilot.pause()
        assert lines.shown[1:] == [(Region(0, 3, 36, 1),)]
        assert "four" not in pilot.app.screen._compositor.render_strips()[4].text


async def test_nothing_is_shown_anew_where_all_looks_as_before():
    async with Stage().run_test(size=(40, 10)) as pilot:
        lines = pilot.app.query_one(Lines)
        await pilot.pause()
        lines.shown.clear()
        lines.redraw()
        await pilot.pause()
        assert lines.shown == []


async def test_with_other_looks_all_is_shown_anew():
    async with Stage().run_test(size=(40, 10)) as pilot:
        lines = pilot.app.query_one(Lines)
        await pilot.pause()
        lines.redraw()
        pilot.app.tier = "ascii"
        lines.shown.clear()
        await pilot.pause()
        assert () in lines.shown

"""What is shown instead of a screen on a terminal that cannot hold it."""

from __future__ import annotations

from typing import Any

from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

__all__ = ["TooSmall", "cover"]

LEAST_COLUMNS, LEAST_LINES = 40, 12


class TooSmall(Widget):
    """One line over everything; the screen below stays as it is, for the moment when there is room again."""

    DEFAULT_CSS = """
    TooSmall {
        layer: cover;
        width: 100%;
        height: 100%;
        background: $background;
        content-align: center middle;
        text-align: center;
    }
    """

    def render(self) -> str:
        """As much of it as the line holds."""
        words = (f"too small: {LEAST_COLUMNS} x {LEAST_LINES} needed", "too small", "small", "")
        return next(text for text in words if len(text) <= self.size.width)


def cover(screen: Screen[Any], size: Size) -> None:
    """Cover a screen for which the terminal is too small, uncover it when there is room."""
    too_small = size.width < LEAST_COLUMNS or size.height < LEAST_LINES
    if too_small == bool(screen.query(TooSmall)):
        return  # removing nothing, too, would have the screen laid out and drawn again
    screen.set_class(too_small, "-too-small")
    if too_small:
        screen.mount(TooSmall())
    else:
        screen.query(TooSmall).remove()

"""What is shown instead of a screen on a terminal that cannot hold it."""

from __future__ import annotations

from typing import Any

from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import Static

__all__ = ["TooSmall", "cover"]

LEAST_COLUMNS, LEAST_LINES = 40, 12


class TooSmall(Static):
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

    def __init__(self) -> None:
        super().__init__(f"too small: {LEAST_COLUMNS} x {LEAST_LINES} needed")


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

"""What is shown instead of a screen on a terminal that cannot hold it."""

from __future__ import annotations

from textual.widgets import Static

__all__ = ["LEAST_COLUMNS", "LEAST_LINES", "TooSmall"]

LEAST_COLUMNS, LEAST_LINES = 40, 12


class TooSmall(Static):
    """One line over everything; the screen below stays as it is, for the moment when there is room again."""

    DEFAULT_CSS = """
    TooSmall {
        layer: cover;
        display: none;
        width: 100%;
        height: 100%;
        background: $background;
        content-align: center middle;
        text-align: center;
    }
    """

    def __init__(self) -> None:
        super().__init__(f"too small: {LEAST_COLUMNS} x {LEAST_LINES} needed")

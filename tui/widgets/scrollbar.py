"""Scrollbars of whole cells: eighths of a cell need characters that not every terminal has."""

from __future__ import annotations

from typing import ClassVar

from textual.scrollbar import ScrollBarRender

__all__ = ["WholeCells"]


class WholeCells(ScrollBarRender):
    """Draws a reversed cell where the thumb is, and nothing beside it."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "]

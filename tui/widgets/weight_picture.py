"""The weights of one neuron as a picture, with a cursor on a pixel."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from textual import events
from textual.message import Message
from textual.strip import Strip

from tui.render.image import largest_scale
from tui.render.inks import Inks
from tui.render.signed import halved, signed_strips
from tui.render.tier import Tier
from tui.widgets.strips import StripWidget

__all__ = ["WeightPicture"]


class WeightPicture(StripWidget):
    """Shows (28, 28) weights, as large as the room allows in whole steps; half size where there is too little."""

    DEFAULT_CSS = """
    WeightPicture { width: 28; height: 14; }
    """

    class PixelChosen(Message):
        """A pixel was clicked.

        Attributes:
            row: Of the pixel, from 0.
            column: Of the pixel, from 0.
        """

        def __init__(self, row: int, column: int) -> None:
            super().__init__()
            self.row, self.column = row, column

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._weights: NDArray[np.floating[Any]] = np.zeros((28, 28), np.float32)
        self._cursor: tuple[int, int] | None = None

    def show(self, weights: NDArray[np.floating[Any]], cursor: tuple[int, int] | None = None) -> None:
        """Show these weights, and a cursor on this row and column."""
        self._weights, self._cursor = weights, cursor
        self.redraw()

    def on_click(self, event: events.Click) -> None:
        """Tell which pixel was clicked."""
        offset = event.get_content_offset(self)
        scale = largest_scale(*self.size)
        if offset is not None and scale:
            row, column = 2 * offset.y // scale, offset.x // scale
            if row < 28 and column < 28:
                self.post_message(self.PixelChosen(row, column))

    def draw(self, width: int, height: int, inks: Inks, tier: Tier) -> list[Strip]:
        """The picture."""
        limit = float(np.abs(self._weights).max())
        scale = largest_scale(width, height)
        if scale:
            return signed_strips(self._weights, limit, inks=inks, tier=tier, scale=scale, cursor=self._cursor)
        cursor = (self._cursor[0] // 2, self._cursor[1] // 2) if self._cursor else None
        return signed_strips(halved(self._weights), limit, inks=inks, tier=tier, cursor=cursor)

"""A drawing with the pen's cursor on it: one pixel, marked in the middle of what lies under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.render.image import image_strips
from tui.render.inks import Inks
from tui.render.tier import Tier

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["sheet_strips"]

_ON_BLACK = Style(color=Color.from_rgb(255, 175, 0))
"""The cursor where there is colour: the image is black in light themes too, and the theme's own colours may be dark."""

_MARKS = {(True, True): "█", (True, False): "▀", (False, True): "▄"}
_ASCII_MARKS = {(True, True): "+", (True, False): "^", (False, True): "_"}
"""By whether the upper and the lower half of a cell belong to the cursor's pixel."""


def sheet_strips(
    ink: NDArray[np.uint8], cursor: tuple[int, int] | None, inks: Inks, tier: Tier, scale: int = 1
) -> list[Strip]:
    """The drawing as `tui.render.image.image_strips` shows it, with a mark on the pixel under the pen.

    Args:
        ink: uint8 (height, width), bright on 0.
        cursor: Column and row of the pixel; None for no mark.
        inks: Colours.
        tier: What the terminal can show.
        scale: How many times each pixel is repeated, both ways.
    """
    strips = image_strips(ink, tier, scale)
    if cursor is None:
        return strips
    x, y = cursor
    pixel = range(y * scale, (y + 1) * scale)  # in half rows of cells
    for row in range(pixel.start // 2, (pixel.stop + 1) // 2):
        halves = (2 * row in pixel, 2 * row + 1 in pixel)
        beside = min((2 * row + halves[0]) // scale, len(ink) - 1)  # the row of pixels in the other half of the cell
        under = image_strips(ink[beside : beside + 1, x : x + 1].repeat(2, axis=0), tier)[0]
        style = next((segment.style for segment in under if segment.style), Style())
        mark = (_ASCII_MARKS if tier == "ascii" else _MARKS)[halves]
        pen = _ON_BLACK if tier in ("truecolor", "256") else inks.series[1]
        marked = Strip([Segment(mark * scale, style + pen)], scale)
        left, right = strips[row].crop(0, x * scale), strips[row].crop((x + 1) * scale)
        strips[row] = Strip.join([left, marked, right])
    return strips

"""A grey image as terminal characters: two pixels a cell with colour, shades or letters without.

Where there is colour the image is bright on black, as the network sees it, in light themes too. Without colour its ink
is whatever the terminal writes with.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.render.tier import Tier

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["image_strips", "largest_scale", "thumbnail_strips"]

_SHADES = " ░▒▓█"
_LETTERS = " .:-=+*#%@"
_WHITE_ON_BLACK = Style(color=Color.from_rgb(255, 255, 255), bgcolor=Color.from_rgb(0, 0, 0))

# A 256-colour terminal has black (16), 24 greys of 8, 18, ..., 238 (232 to 255) and white (231).
_PALETTE_GREYS = (0, *range(8, 239, 10), 255)


def image_strips(image: NDArray[np.uint8], tier: Tier, scale: int = 1) -> list[Strip]:
    """The image in ``scale * width`` x ``scale * height / 2`` cells; an odd last row stands on black.

    Args:
        image: uint8 (height, width), 0 black to 255 white.
        tier: What the terminal can show.
        scale: How many times each pixel is repeated, both ways.
    """
    rows = [[value for value in row for _ in range(scale)] for row in image.tolist() for _ in range(scale)]
    return _strips(rows, tier)


def thumbnail_strips(image: NDArray[np.uint8], tier: Tier) -> list[Strip]:
    """The image at half its size, each pixel the mean of four: 28 x 28 pixels become 14 x 7 cells."""
    rows = image.tolist()
    halved = [
        [(a + b + c + d + 2) // 4 for a, b, c, d in zip(upper[::2], upper[1::2], lower[::2], lower[1::2], strict=True)]
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    ]
    return _strips(halved, tier)


def largest_scale(width: int, height: int, pixels: int = 28) -> int:
    """The largest whole scale at which an image of ``pixels`` x ``pixels`` fits into so many cells; 0 if none does."""
    return max(min(width // pixels, 2 * height // pixels), 0)


def _strips(rows: list[list[int]], tier: Tier) -> list[Strip]:
    if len(rows) % 2:
        rows = [*rows, [0] * len(rows[-1])]
    draw = _half_blocks if tier in ("truecolor", "256") else _characters
    return [draw(upper, lower, tier) for upper, lower in zip(rows[::2], rows[1::2], strict=True)]


def _half_blocks(upper: list[int], lower: list[int], tier: Tier) -> Strip:
    """Two rows of pixels in one of cells; equal neighbours become one segment, so that a digit is few bytes."""
    segments: list[Segment] = []
    start = 0
    pairs = list(zip(upper, lower, strict=True))
    for end in range(1, len(pairs) + 1):
        if end == len(pairs) or pairs[end] != pairs[start]:
            top, bottom = pairs[start]
            character = " " if top == bottom else "▀"
            segments.append(Segment(character * (end - start), _greys(top, bottom, tier)))
            start = end
    return Strip(segments, len(upper))


@lru_cache(maxsize=4096)
def _greys(top: int, bottom: int, tier: Tier) -> Style:
    upper, lower = (_grey(value, tier) for value in (top, bottom))
    return Style(color=None if top == bottom else upper, bgcolor=lower)


def _grey(value: int, tier: Tier) -> Color:
    """The grey itself, or the nearest that the terminal has, so that pixels which look the same are one segment."""
    if tier == "256":
        value = min(_PALETTE_GREYS, key=lambda grey: abs(grey - value))
    return Color.from_rgb(value, value, value)


def _characters(upper: list[int], lower: list[int], tier: Tier) -> Strip:
    """Two rows of pixels as one of shades or letters, each the mean of its two pixels."""
    ramp = _LETTERS if tier == "ascii" else _SHADES
    steps = len(ramp) - 1
    text = "".join(ramp[((top + bottom) * steps + 255) // 510] for top, bottom in zip(upper, lower, strict=True))
    return Strip([Segment(text, _WHITE_ON_BLACK if tier == "16" else Style())], len(text))

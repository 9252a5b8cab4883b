"""Positive and negative numbers as a picture: weights, or what neurons answer.

Where there is colour, blue is negative and orange is positive (colour-blind readers tell them apart), both stronger
away from zero, which is the background. Without, shades are positive and strokes are negative: ``░▒▓█`` and ``·-=≡``;
of the two numbers in a cell the stronger one is shown, since their mean would hide both where their signs differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.render.inks import Inks
from tui.render.tier import Tier

__all__ = ["halved", "signed_cell", "signed_scale", "signed_strips"]

Numbers = NDArray[np.floating[Any]]

# From zero outwards. All are among the 256 colours; the steps of a ramp are about as bright as those of the other.
_DARK = (
    ("#121212", "#00005f", "#005f87", "#0087af", "#00afd7", "#5fd7ff", "#d7ffff"),
    ("#121212", "#5f0000", "#875f00", "#af5f00", "#d78700", "#ffaf00", "#ffffaf"),
)
_LIGHT = (
    ("#ffffff", "#d7ffff", "#afd7ff", "#87afd7", "#5f87d7", "#005faf", "#00005f"),
    ("#ffffff", "#ffffd7", "#ffd7af", "#ffaf5f", "#ff8700", "#d75f00", "#870000"),
)
_CURSOR = Color.parse("#ff5fff")
_FINE = 5
"""Colours between two of a ramp where the terminal has all of them."""

_MARKS = {(True, False): "▀", (False, True): "▄", (True, True): "█"}
_ASCII_MARKS = {(True, False): "^", (False, True): "_", (True, True): "@"}
_SHADES, _STROKES = " ░▒▓█", " ·-=≡"
_ASCII_SHADES, _ASCII_STROKES = " +*#", " -=%"


def signed_strips(
    values: Numbers,
    limit: float,
    *,
    inks: Inks,
    tier: Tier,
    scale: int = 1,
    cursor: tuple[int, int] | None = None,
) -> list[Strip]:
    """A picture of ``scale * width`` x ``scale * height / 2`` cells.

    Args:
        values: (height, width) numbers, the height even; NaN counts as 0.
        limit: The number that gets the strongest colour or character, above 0.
        inks: Colours.
        tier: What the terminal can show.
        scale: How many times each number is repeated, both ways.
        cursor: Row and column of a number that is marked.
    """
    large = values.repeat(scale, axis=0).repeat(scale, axis=1)
    marked = np.zeros(large.shape, bool)
    if cursor is not None:
        row, column = cursor[0] * scale, cursor[1] * scale
        marked[row : row + scale, column : column + scale] = True
    pairs = zip(large[::2], large[1::2], marked[::2], marked[1::2], strict=True)
    if tier in ("truecolor", "256"):
        steps = _steps(tier)
        return [
            _half_blocks(_levels(upper, limit, steps), _levels(lower, limit, steps), (top, bottom), inks.light, tier)
            for upper, lower, top, bottom in pairs
        ]
    return [
        _characters(np.where(np.abs(upper) >= np.abs(lower), upper, lower), limit, (top, bottom), inks, tier)
        for upper, lower, top, bottom in pairs
    ]


def signed_cell(value: float, limit: float, inks: Inks, tier: Tier) -> tuple[str, Style]:
    """One number as one cell: a blank on its colour, or its character."""
    levels = _levels(np.array([value]), limit, _steps(tier)).tolist()
    if tier in ("truecolor", "256"):
        return " ", Style(bgcolor=_colour(levels[0], inks.light, tier))
    return _character(levels[0], tier), _ink(levels[0], inks, tier)


def signed_scale(width: int, inks: Inks, tier: Tier) -> list[tuple[str, Style]]:
    """All there is from the most negative to the most positive, on ``width`` cells: the key to a picture."""
    return [signed_cell(value, 1.0, inks, tier) for value in np.linspace(-1, 1, width).tolist()]


def halved(values: Numbers) -> Numbers:
    """The picture at half its size: each number the mean of four; (28, 28) becomes (14, 14)."""
    height, width = values.shape
    smaller: Numbers = values.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))
    return smaller


def _steps(tier: Tier) -> int:
    """Strengths on each side of zero."""
    if tier == "truecolor":
        return (len(_DARK[0]) - 1) * _FINE
    return len(_DARK[0]) - 1 if tier == "256" else len(_ASCII_SHADES if tier == "ascii" else _SHADES) - 1


def _levels(values: Numbers, limit: float, steps: int) -> NDArray[np.intp]:
    """Strength with its sign, -steps to steps."""
    if not limit > 0 or not np.isfinite(limit):
        return np.zeros(values.shape, np.intp)
    share = np.clip(np.nan_to_num(values / limit, nan=0.0), -1, 1)
    levels: NDArray[np.intp] = np.rint(share * steps).astype(np.intp)
    return levels


@lru_cache(maxsize=512)
def _colour(level: int, light: bool, tier: Tier) -> Color:
    ramp = (_LIGHT if light else _DARK)[level > 0]
    if tier == "256":
        return Color.parse(ramp[abs(level)])
    place, part = divmod(abs(level), _FINE)
    low, high = (Color.parse(ramp[min(index, len(ramp) - 1)]).get_truecolor() for index in (place, place + 1))
    return Color.from_rgb(*(a + (b - a) * part / _FINE for a, b in zip(low, high, strict=True)))


def _half_blocks(
    upper: NDArray[np.intp], lower: NDArray[np.intp], marked: tuple[NDArray[np.bool_], ...], light: bool, tier: Tier
) -> Strip:
    """Two rows of numbers in one of cells; equal neighbours become one segment."""
    cells = list(zip(upper.tolist(), lower.tolist(), *(marks.tolist() for marks in marked), strict=True))
    segments: list[Segment] = []
    start = 0
    for end in range(1, len(cells) + 1):
        if end == len(cells) or cells[end] != cells[start]:
            segments.append(Segment("▀" * (end - start), _pair(cells[start], light, tier)))
            start = end
    return Strip(segments, len(cells))


@lru_cache(maxsize=8192)
def _pair(cell: tuple[int, int, bool, bool], light: bool, tier: Tier) -> Style:
    top, bottom, top_marked, bottom_marked = cell
    return Style(
        color=_CURSOR if top_marked else _colour(top, light, tier),
        bgcolor=_CURSOR if bottom_marked else _colour(bottom, light, tier),
    )


def _character(level: int, tier: Tier) -> str:
    shades, strokes = (_ASCII_SHADES, _ASCII_STROKES) if tier == "ascii" else (_SHADES, _STROKES)
    return shades[level] if level > 0 else strokes[-level]


def _ink(level: int, inks: Inks, tier: Tier) -> Style:
    return Style() if tier != "16" or not level else inks.series[level > 0]


def _characters(values: Numbers, limit: float, marked: Sequence[NDArray[np.bool_]], inks: Inks, tier: Tier) -> Strip:
    """One row of characters. The cursor is a block, or a half one where it is on one of the two numbers of a cell."""
    segments = []
    levels = _levels(values, limit, _steps(tier)).tolist()
    for level, top, bottom in zip(levels, *(marks.tolist() for marks in marked), strict=True):
        if top or bottom:
            mark = (_ASCII_MARKS if tier == "ascii" else _MARKS)[top, bottom]
            segments.append(Segment(mark, inks.selected if tier == "ascii" else inks.bad))
        else:
            segments.append(Segment(_character(level, tier), _ink(level, inks, tier)))
    return Strip(segments, len(segments)).simplify()

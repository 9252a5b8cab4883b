"""A row of small images, each with what the network says below it: right or wrong, and what it truly is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.style import Style
from textual.strip import Strip

from tui.render.cells import fitted, line
from tui.render.image import thumbnail_strips
from tui.render.inks import Inks
from tui.render.tier import Tier

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["THUMBNAIL_HEIGHT", "THUMBNAIL_WIDTH", "Thumbnail", "thumbnail_row"]

THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT, _GAP = 14, 7, 2


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """One image of the row.

    Attributes:
        image: uint8 (28, 28).
        true: Name of its class.
        predicted: Name of the predicted class, or None while there is no prediction.
    """

    image: NDArray[np.uint8]
    true: str
    predicted: str | None = None


def thumbnail_row(items: Sequence[Thumbnail], width: int, *, inks: Inks, tier: Tier) -> list[Strip]:
    """As many images side by side as fit: seven rows of image, the prediction, and the truth where that differs."""
    shown = items[: max((width + _GAP) // (THUMBNAIL_WIDTH + _GAP), 0)]
    pictures = [thumbnail_strips(item.image, tier) for item in shown]
    gap = Strip.blank(_GAP)
    rows: list[Strip] = []
    for row in range(THUMBNAIL_HEIGHT):
        between = [strip for picture in pictures for strip in (picture[row], gap)][:-1]
        rows.append(Strip.join(between).adjust_cell_length(width))
    for label in (_verdict, _truth):
        parts = [part for item in shown for part in (_fit(label(item, inks), tier), (" " * _GAP, Style()))]
        rows.append(line(width, tier, *parts))
    return rows


def _fit(label: tuple[str, Style], tier: Tier) -> tuple[str, Style]:
    return fitted(label[0], THUMBNAIL_WIDTH, tier), label[1]


def _verdict(item: Thumbnail, inks: Inks) -> tuple[str, Style]:
    if item.predicted is None:
        return f"  {item.true}", inks.muted
    return (f"✓ {item.predicted}", inks.good) if item.predicted == item.true else (f"✗ {item.predicted}", inks.bad)


def _truth(item: Thumbnail, inks: Inks) -> tuple[str, Style]:
    wrong = item.predicted is not None and item.predicted != item.true
    return (f"is {item.true}" if wrong else "", inks.muted)

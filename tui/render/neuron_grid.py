"""The weights of many neurons as small pictures side by side, each with its number and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.style import Style
from textual.strip import Strip

from tui.render.cells import fitted, line
from tui.render.inks import Inks
from tui.render.signed import halved, signed_strips
from tui.render.tier import Tier

__all__ = ["GridLayout", "NeuronTile", "grid_layout", "grid_strips"]

_WIDTH, _HEIGHT, _GAP = 14, 8, 2


@dataclass(frozen=True, eq=False)
class NeuronTile:
    """A neuron of the first layer.

    Attributes:
        weights: (28, 28), of each pixel.
        name: Its number, or the class that it stands for.
        says: What it answers, or that it is dead.
    """

    weights: NDArray[np.floating[Any]]
    name: str
    says: str


@dataclass(frozen=True)
class GridLayout:
    """Which neurons are on the screen: ``rows`` x ``columns`` of them from ``first`` on."""

    columns: int
    rows: int
    first: int

    def at(self, x: int, y: int) -> int | None:
        """The neuron under a cell, or None between two; it may lie beyond the last."""
        column, row = x // (_WIDTH + _GAP), y // _HEIGHT
        if column >= self.columns or row >= self.rows or x % (_WIDTH + _GAP) >= _WIDTH:
            return None
        return self.first + row * self.columns + column

    @property
    def shown(self) -> range:
        """The neurons, as if there were no last one."""
        return range(self.first, self.first + self.rows * self.columns)


def grid_layout(count: int, chosen: int, width: int, height: int) -> GridLayout:
    """As many as fit; the row of the chosen one in the middle as far as the ends allow."""
    columns, rows = max((width + _GAP) // (_WIDTH + _GAP), 0), max(height // _HEIGHT, 0)
    if not columns or not rows:
        return GridLayout(0, 0, 0)
    all_rows = -(-count // columns)
    top = min(max(chosen // columns - rows // 2, 0), max(all_rows - rows, 0))
    return GridLayout(columns, rows, top * columns)


def grid_strips(
    tiles: Sequence[NeuronTile], layout: GridLayout, chosen: int, width: int, *, inks: Inks, tier: Tier
) -> list[Strip]:
    """The pictures, each in the strength of its own weights; below each a line, that of the chosen one reversed.

    Args:
        tiles: Those of ``layout.shown``.
        layout: Where they stand.
        chosen: Number of the chosen neuron.
        width: Cells of each strip.
        inks: Colours.
        tier: What the terminal can show.
    """
    strips: list[Strip] = []
    gap = Strip.blank(_GAP)
    for start in range(0, len(tiles), max(layout.columns, 1)):
        row = tiles[start : start + layout.columns]
        pictures = []
        for tile in row:
            small = halved(tile.weights)
            pictures.append(signed_strips(small, float(np.abs(small).max()), inks=inks, tier=tier))
        for at in range(_HEIGHT - 1):
            strips.append(Strip.join([part for picture in pictures for part in (picture[at], gap)]))
        labels: list[tuple[str, Style]] = []
        for number, tile in enumerate(row, start=layout.first + start):
            labels += [_label(tile, number == chosen, inks, tier), (" " * _GAP, Style())]
        strips.append(line(width, tier, *labels))
    return [strip.adjust_cell_length(width) for strip in strips]


def _label(tile: NeuronTile, chosen: bool, inks: Inks, tier: Tier) -> tuple[str, Style]:
    name = fitted(f"{'▸' if chosen else ' '}{tile.name}", _WIDTH - len(tile.says) - 1, tier)
    return f"{name} {tile.says}", inks.selected if chosen else inks.muted

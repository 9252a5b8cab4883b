"""What every neuron of a network answers for one image: a strip of cells for each layer, with its numbers above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.style import Style
from textual.strip import Strip

from tui.render.cells import Cells
from tui.render.inks import Inks
from tui.render.signed import signed_cell
from tui.render.tier import Tier

__all__ = ["ActivityLayout", "LayerActivity", "activity_layout", "activity_strips"]

_NAME = 9


@dataclass(frozen=True, eq=False)
class LayerActivity:
    """One layer.

    Attributes:
        name: Which.
        says: Its numbers in a few words.
        strongest: Its strongest answers, shown below it where there is room.
        values: What each neuron answers.
        dead: Which of them never answer; None where that is not known or cannot be.
    """

    name: str
    says: str
    strongest: str
    values: NDArray[np.floating[Any]]
    dead: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class _Place:
    """Where a layer stands: its first row below the heading, the first neuron shown and how many rows of them."""

    top: int
    first: int
    rows: int
    count: int


@dataclass(frozen=True)
class ActivityLayout:
    """Which neurons are on the screen, and where.

    Attributes:
        places: Of each layer.
        columns: Neurons in a row.
        below: Whether a line below each layer is free.
    """

    places: tuple[_Place, ...]
    columns: int
    below: bool

    def at(self, x: int, y: int) -> tuple[int, int] | None:
        """Layer and neuron under a cell, or None."""
        for layer, place in enumerate(self.places):
            neuron = place.first + (y - place.top) * self.columns + x
            if 0 <= y - place.top < place.rows and 0 <= x < self.columns and neuron < place.count:
                return layer, neuron
        return None

    def step(self, layer: int, neuron: int, right: int, down: int) -> tuple[int, int]:
        """Where the choice moves to: along the rows, and from the last row of a layer into the next layer."""
        count, columns = self.places[layer].count, self.columns
        neuron = min(max(neuron + right, 0), count - 1)
        if not down:
            return layer, neuron
        row, column = divmod(neuron, columns)
        if 0 <= row + down <= (count - 1) // columns:
            return layer, min((row + down) * columns + column, count - 1)
        if not 0 <= layer + down < len(self.places):
            return layer, neuron
        there = self.places[layer + down].count
        last_row = 0 if down > 0 else (there - 1) // columns
        return layer + down, min(last_row * columns + column, there - 1)


def activity_layout(counts: Sequence[int], chosen: tuple[int, int], width: int, height: int) -> ActivityLayout:
    """Give each layer the rows that it needs; where they are too many, the largest show a part around the chosen one.

    Args:
        counts: Neurons of each layer.
        chosen: Layer and neuron.
        width: Cells, one a neuron.
        height: Rows, with one for each heading, and one below each layer and one between them where there is room.
    """
    columns = max(width, 1)
    needed = [-(-count // columns) for count in counts]
    layers, base = len(counts), sum(needed) + len(counts)
    below = height >= base + layers
    gap = int(height >= base + (2 * layers if below else layers) - 1)
    around = 1 + below + gap
    room = max(height - around * layers + gap, layers)
    rows = list(needed)
    while sum(rows) > room:
        rows[rows.index(max(rows))] -= 1
    places, top = [], 1
    for layer, (count, shown) in enumerate(zip(counts, rows, strict=True)):
        at = (chosen[1] if layer == chosen[0] else 0) // columns
        first = min(max(at - shown // 2, 0), needed[layer] - shown)
        places.append(_Place(top, first * columns, shown, count))
        top += shown + around
    return ActivityLayout(tuple(places), columns, below)


def activity_strips(
    layers: Sequence[LayerActivity], chosen: tuple[int, int], width: int, height: int, *, inks: Inks, tier: Tier
) -> list[Strip]:
    """Draw the layers; each in the strength of its own strongest answer.

    A dead neuron is a ``×``. The chosen one carries a dot where there is colour, and is reversed where there is none.
    """
    cells = Cells(width, height, tier)
    layout = activity_layout([len(layer.values) for layer in layers], chosen, width, height)
    for number, (layer, place) in enumerate(zip(layers, layout.places, strict=True)):
        end = cells.write(0, place.top - 1, layer.name.ljust(_NAME) + "  ", inks.strong)
        partly = f"  {place.rows}/{-(-place.count // layout.columns)} rows"
        says = layer.says + (partly if place.rows * layout.columns < place.count else "")
        cells.write(end, place.top - 1, says, inks.muted)
        if layout.below:
            cells.write(0, place.top + place.rows, layer.strongest, inks.text)
        limit = float(np.nanmax(np.abs(layer.values), initial=0.0))
        for at in range(place.first, min(place.first + place.rows * layout.columns, place.count)):
            dead = layer.dead is not None and bool(layer.dead[at])
            character, style = _cell(float(layer.values[at]), limit, (dead, (number, at) == chosen), inks, tier)
            row, column = divmod(at - place.first, layout.columns)
            cells.write(column, place.top + row, character, style)
    return cells.strips()


def _cell(value: float, limit: float, marks: tuple[bool, bool], inks: Inks, tier: Tier) -> tuple[str, Style]:
    dead, chosen = marks
    character, style = signed_cell(value, limit, inks, tier)
    if dead:
        character, style = "×", inks.faint + Style(bgcolor=style.bgcolor)
    elif character == " " and not value and tier in ("truecolor", "256"):
        character, style = "·", inks.faint + Style(bgcolor=style.bgcolor)
    if not chosen:
        return character, style
    if tier not in ("truecolor", "256"):
        return character, style + inks.selected
    return ("×" if dead else "●"), Style(color="#ff5fff", bgcolor=style.bgcolor, bold=True)

"""Curves and axes as plain characters, drawn by plotext: in braille, in half blocks or in ASCII.

plotext packs dots into braille characters and draws the frame. What it is given is already in dots: its own way through
1,000 points takes 35 ms, and a curve on 114 columns cannot show more than two values a column. Its cells are read
directly; the coloured text that it would build from them is never made.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from tui.render.axes import Axis
from tui.render.tier import Tier

__all__ = ["LINE_STYLES", "Curve", "LineStyle", "Series", "curve_cells", "dots_in_cell", "reduced"]

Curve: TypeAlias = Sequence[tuple[float, float]]
"""(epoch, value) points that can be drawn."""


@dataclass(frozen=True)
class LineStyle:
    """How a curve is told from the others without colour.

    Attributes:
        on: Dots drawn in a row.
        off: Dots left out after them.
        marker: Character at each epoch, or nothing.
        sample: How it looks in the legend.
        ascii_line: Character of the line on an ASCII terminal.
        ascii_marker: Character at each epoch on an ASCII terminal, or nothing.
        ascii_sample: How it looks in the legend there.
    """

    on: int
    off: int
    marker: str
    sample: str
    ascii_line: str
    ascii_marker: str
    ascii_sample: str


LINE_STYLES = (
    LineStyle(1, 0, "", "──", "*", "", "**"),
    LineStyle(1, 1, "•", "∙•∙", ".", "o", ".o."),
    LineStyle(5, 3, "", "╌╌", "-", "", "--"),
    LineStyle(1, 1, "×", "∙×∙", ".", "x", ".x."),
    LineStyle(5, 3, "+", "╌+╌", "-", "+", "-+-"),
    LineStyle(1, 1, "◦", "∙◦∙", ".", "%", ".%."),
)


@dataclass(frozen=True)
class Series:
    """One curve.

    Attributes:
        name: What it is, for the legend.
        epochs: Where each value belongs; whole epochs, or parts of them. Ascending.
        values: As many values; None, NaN and infinity are left out of the curve.
    """

    name: str
    epochs: Sequence[float]
    values: Sequence[float | None]

    def points(self, above_zero: bool = False) -> list[tuple[float, float]]:
        """The (epoch, value) pairs that can be drawn; on a logarithmic axis only values above 0 can."""
        return [
            (epoch, value)
            for epoch, value in zip(self.epochs, self.values, strict=False)
            if value is not None and math.isfinite(value) and math.isfinite(epoch) and (value > 0 or not above_zero)
        ]


def dots_in_cell(tier: Tier) -> tuple[int, int]:
    """How many dots a cell holds, across and down: those of braille, two half blocks, or one character."""
    if tier == "ascii":
        return 1, 1
    return (2, 4) if tier in ("truecolor", "256") else (1, 2)


def reduced(dots: Sequence[tuple[int, int]], per_column: int) -> list[tuple[int, int]]:
    """Of more than two dots in a column of ``per_column`` dots, only the lowest and the highest, in their order."""
    columns: dict[int, list[tuple[int, int]]] = {}
    for dot in dots:
        columns.setdefault(dot[0] // per_column, []).append(dot)
    kept: list[tuple[int, int]] = []
    for column in columns.values():
        if len(column) > 2:
            ends = {column.index(min(column, key=_height)), column.index(max(column, key=_height))}
            kept.extend(column[place] for place in sorted(ends))
        else:
            kept.extend(column)
    return kept


def _height(dot: tuple[int, int]) -> int:
    return dot[1]


def _dashes(dots: Sequence[tuple[int, int]], style: LineStyle) -> Iterable[tuple[int, int]]:
    """The dots on the way along a curve, with the gaps of its style."""
    step = 0
    yield from dots[:1]
    for (x, y), (to_x, to_y) in itertools.pairwise(dots):
        length = max(abs(to_x - x), abs(to_y - y))
        for part in range(length):
            if (step + part) % (style.on + style.off) < style.on:
                yield x + (to_x - x) * part // length, y + (to_y - y) * part // length
        step += length
    yield from dots[-1:]


def _blocks(dots: Iterable[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """The cells of dots that are half a cell high, from the bottom, and the block that fills the halves with a dot."""
    cells: dict[tuple[int, int], str] = {}
    for x, y in dots:
        half, cell = "▀" if y % 2 else "▄", (x, y // 2)
        cells[cell] = half if cells.get(cell, half) == half else "█"
    return cells


def curve_cells(
    curves: Sequence[Curve], across: Axis, up: Axis, size: tuple[int, int], tier: Tier
) -> tuple[list[list[str]], list[list[Any]]]:
    """Draw curves with their axes and the labels of values on a sheet of cells.

    Args:
        curves: For each curve its (epoch, value) points.
        across: Axis of epochs, with its ticks.
        up: Axis of values, with its ticks and labels.
        size: Columns, labels and axis included, and rows; the last row but one is the axis, the last is left free for
            the labels of epochs.
        tier: What the terminal can show.

    Returns:
        Characters by row from the top, and for each the index of its curve (anything but an int: axis or label).
    """
    from plotext._figure import _figure_class as Figure  # type: ignore[import-untyped]  # noqa: PLC0415, N812  # 50 ms

    width, height = size
    wide, tall = dots_in_cell(tier)
    left = max(map(len, up.labels), default=0) + 1
    columns, rows = (width - left), (height - 2)
    figure = Figure()  # one a plot: the figure of the module is shared by the whole process
    figure.monitor.set_size([width, height])
    figure.xaxes(True, False)
    figure.yaxes(True, False)
    figure.xlim(0, max(columns - 1, 1))
    figure.ylim(0, max(rows - 1, 1))
    # plotext places a tick and a curve's dot by different rounding: given in whole cells, both land in the same.
    # It shifts labels of epochs to the side, so these are left to the caller.
    ticks = [round(across.place(tick) * (columns * wide - 1)) // wide for tick in across.ticks]
    figure.xticks(ticks, [""] * len(ticks))
    figure.yticks([round(up.place(tick) * (rows * tall - 1)) // tall for tick in up.ticks], up.labels)
    # A blank dot keeps the axes where there is no curve. The first curve is drawn last, on top.
    figure.scatter([0], [0], marker=" ")
    for index, curve in reversed(list(enumerate(curves))):
        style = LINE_STYLES[index % len(LINE_STYLES)]
        dots = [
            (round(across.place(epoch) * (columns * wide - 1)), round(up.place(value) * (rows * tall - 1)))
            for epoch, value in curve
        ]
        drawn = dict.fromkeys(_dashes(reduced(dots, wide), style))
        if (wide, tall) == (1, 2):
            blocks = _blocks(drawn)
            figure.scatter([x for x, _ in blocks], [y for _, y in blocks], marker=[*blocks.values()], color=index)
            continue
        figure.scatter(
            [x * (columns - 1) / max(columns * wide - 1, 1) for x, _ in drawn],
            [y * (rows - 1) / max(rows * tall - 1, 1) for _, y in drawn],
            marker=style.ascii_line if tier == "ascii" else "braille",
            color=index,
        )
    figure.monitor.build_plot()
    matrix = figure.monitor.matrix
    return matrix.marker[::-1], matrix.fullground[::-1]

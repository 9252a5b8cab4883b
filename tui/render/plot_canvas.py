"""The part of a plot below its legend: curves with their axes, and what is drawn over and behind them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.style import Style

from tui.render.axes import Unit, epoch_axis, value_axis
from tui.render.cells import Cells
from tui.render.curves import LINE_STYLES, Curve, curve_cells, dots_in_cell
from tui.render.glyphs import drawable, writable
from tui.render.inks import Inks

if TYPE_CHECKING:
    from netcore.runs.history import Mark

__all__ = ["PlotCanvas"]

_FRAME = "│┤┬─└"
_MARKER_SPACING = 4
_LABEL_WIDTH = 6  # "98.5 %": plots below each other have their axes in one column


class PlotCanvas:
    """The sheet below the legend: the curves with their axes, and what is drawn over and behind them."""

    def __init__(self, cells: Cells, curves: Sequence[Curve], unit: Unit, log: bool, inks: Inks) -> None:
        self.cells, self.curves, self.inks = cells, curves, inks
        self.rows = cells.height - 3
        label_width = _LABEL_WIDTH if cells.width >= 40 else 0
        values = [value for curve in curves for _, value in curve]
        self.up = value_axis(values, unit, log, self.rows, label_width)
        if max(map(len, self.up.labels), default=0) > cells.width // 2:
            self.up = replace(self.up, ticks=(), labels=())
        self.left = max(map(len, self.up.labels), default=0) + 1
        self.columns = cells.width - self.left
        self.reserved: set[tuple[int, int]] = set()
        self.across = epoch_axis([epoch for curve in curves for epoch, _ in curve], self.columns)

    def column(self, epoch: float) -> int:
        """Cell in which an epoch's dots are."""
        wide, _ = dots_in_cell(self.cells.tier)
        return self.left + round(self.across.place(epoch) * (self.columns * wide - 1)) // wide

    def row(self, value: float) -> int:
        """Row in which a value's dots are."""
        _, tall = dots_in_cell(self.cells.tier)
        return self.rows - round(self.up.place(value) * (self.rows * tall - 1)) // tall

    def write_curves(self) -> None:
        """Take over plotext's cells, with our inks."""
        cells, inks = self.cells, self.inks
        characters, colours = curve_cells(
            self.curves, self.across, self.up, (cells.width, cells.height - 1), cells.tier
        )
        for row, (line, origins) in enumerate(zip(characters, colours, strict=True), start=1):
            for column, (character, origin) in enumerate(zip(line, origins, strict=True)):
                if character == " ":
                    continue
                if isinstance(origin, int):
                    style = inks.series[origin % len(inks.series)]
                else:
                    style = inks.faint if character in _FRAME else inks.muted
                cells.characters[row][column] = drawable(character, cells.tier)
                cells.styles[row][column] = style

    def write_markers(self) -> None:
        """Mark the epochs of the curves whose style has a marker, or every so many of them; always the last."""
        for index, curve in enumerate(self.curves):
            style, ink = LINE_STYLES[index % len(LINE_STYLES)], self.inks.series[index % len(self.inks.series)]
            marker = style.ascii_marker if self.cells.tier == "ascii" else style.marker
            if len(curve) == 1:  # a single point is no line, and one dot is too easily missed
                marker = marker or (style.ascii_line if self.cells.tier == "ascii" else "▪")
            if marker and curve:
                room = self.column(curve[-1][0]) - self.column(curve[0][0]) + 1
                for epoch, value in curve[:: -math.ceil(_MARKER_SPACING * len(curve) / (room + _MARKER_SPACING))]:
                    self.cells.write(self.column(epoch), self.row(value), marker, ink)

    def write_upright(self, epoch: float, character: str, style: Style) -> None:
        """A vertical line behind the curves, and behind the words, gaps between them included."""
        column = self.column(epoch)
        for row in range(1, self.rows + 1):
            if self.cells.is_free(column, row, 1) and (row, column) not in self.reserved:
                self.cells.write(column, row, character, style)

    def write_marks(self, marks: Sequence[Mark]) -> None:
        """A line for each change of a setting, its word in the highest row where it covers nothing."""
        shown = [mark for mark in marks if self.across.low <= mark.epoch <= self.across.high]
        for mark in shown:
            text = writable(mark.text, self.cells.tier)
            size = cell_len(text)
            right, left = self.column(mark.epoch) + 1, self.column(mark.epoch) - size
            for row, column in ((row, column) for row in range(1, self.rows + 1) for column in (right, left)):
                if column >= self.left and self.cells.is_free(column, row, size):
                    self.cells.write(column, row, text, self.inks.mark)
                    self.reserved.update((row, place) for place in range(column, column + size))
                    break
        for mark in shown:
            self.write_upright(mark.epoch, "┊", self.inks.mark)

    def write_grid(self) -> None:
        """A faint dotted line at each labelled value, where nothing else is."""
        dot = drawable("┈", self.cells.tier)
        for row in {self.row(tick) for tick in self.up.ticks}:
            for column, character in enumerate(self.cells.characters[row]):
                if character == " " and column >= self.left and (row, column) not in self.reserved:
                    self.cells.characters[row][column] = dot
                    self.cells.styles[row][column] = self.inks.faint

    def write_epochs(self) -> None:
        """Labels of the axis of epochs, centred below their ticks."""
        for tick, label in zip(self.across.ticks, self.across.labels, strict=True):
            column = self.column(tick) - (len(label) - 1) // 2
            self.cells.write(min(column, self.cells.width - len(label)), self.rows + 2, label, self.inks.muted)

    def write_centred(self, text: str) -> None:
        """A quiet word in the middle."""
        text = f" {text} "
        column = self.left + max((self.columns - cell_len(text)) // 2, 0)
        self.cells.write(column, (self.rows + 1) // 2, text, self.inks.muted)

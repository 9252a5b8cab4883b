"""A confusion matrix: which class the network takes for which, true classes down, predicted ones across.

The diagonal (right) carries a stroke before its numbers, a zero is a dot, and the chosen cell stands in brackets: all
of it reads without colour, which only shades each cell by its share of its row. More classes than fit are shown as a
window around the chosen cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from textual.strip import Strip

from tui.render import numbers
from tui.render.cells import Cells, fitted
from tui.render.glyphs import writable
from tui.render.inks import Inks
from tui.render.tier import Tier

__all__ = ["ConfusionLayout", "confusion_layout", "confusion_strips"]

_LEAST_CELL, _WIDEST_CELL = 5, 9
_ACCURACY = len("  100.00 %")
_ABOVE, _BELOW = 2, 2


@dataclass(frozen=True)
class ConfusionLayout:
    """Which part of the matrix is on the screen, and where.

    Attributes:
        rows: True classes shown.
        columns: Predicted classes shown.
        label: Cells of the row labels.
        cell: Cells of one number.
    """

    rows: range
    columns: range
    label: int
    cell: int

    def at(self, x: int, y: int) -> tuple[int, int] | None:
        """The (true, predicted) cell under a position on the sheet, or None."""
        row, column = y - _ABOVE, (x - self.label) // self.cell
        if x < self.label or not (0 <= row < len(self.rows) and 0 <= column < len(self.columns)):
            return None
        return self.rows[row], self.columns[column]


def confusion_layout(names: Sequence[str], width: int, height: int, selected: tuple[int, int]) -> ConfusionLayout:
    """Fit the matrix into so many cells: widest numbers that hold all classes, else a window around the chosen cell."""
    label = min(max(map(cell_len, names), default=0), 12) + 1
    room = max(width - label - _ACCURACY, _LEAST_CELL)
    cell = min(max(room // max(len(names), 1), _LEAST_CELL), _WIDEST_CELL)
    return ConfusionLayout(
        rows=_window(len(names), max(height - _ABOVE - _BELOW, 1), selected[0]),
        columns=_window(len(names), room // cell, selected[1]),
        label=label,
        cell=cell,
    )


def _window(count: int, room: int, chosen: int) -> range:
    """``room`` of ``count`` places, the chosen one in the middle as far as the ends allow."""
    start = min(max(chosen - room // 2, 0), max(count - room, 0))
    return range(start, min(start + room, count))


def confusion_strips(
    matrix: Sequence[Sequence[int]],
    names: Sequence[str],
    width: int,
    height: int,
    *,
    inks: Inks,
    tier: Tier,
    selected: tuple[int, int] | None = None,
) -> list[Strip]:
    """Draw the matrix on exactly ``width`` x ``height`` cells.

    Args:
        matrix: Counts, rows true classes, columns predicted ones.
        names: One for each class.
        width: Cells; 80 hold ten classes.
        height: Rows; classes and four.
        inks: Colours.
        tier: What the terminal can show.
        selected: The (true, predicted) cell that is chosen; a row below says it in words.
    """
    cells = Cells(width, height, tier)
    layout = confusion_layout(names, width, height, selected or (0, 0))
    end = layout.label + layout.cell * len(layout.columns)
    _write_header(cells, names, layout, inks)
    for row, true in enumerate(layout.rows, start=_ABOVE):
        total = sum(matrix[true])
        ink = inks.strong if selected and selected[0] == true else inks.text
        cells.write(0, row, fitted(names[true], layout.label - 1, tier), ink)
        for place, predicted in enumerate(layout.columns):
            _write_count(cells, layout, (place, row), (matrix[true][predicted], total, true == predicted), inks)
        accuracy = numbers.percent(matrix[true][true] / total if total else None)
        cells.write(end + _ACCURACY - cell_len(accuracy), row, accuracy, inks.muted)
    if selected and selected[0] in layout.rows and selected[1] in layout.columns:
        column = layout.label + layout.columns.index(selected[1]) * layout.cell
        row = _ABOVE + layout.rows.index(selected[0])
        cells.write(column, row, "[", inks.selected)
        cells.write(column + layout.cell, row, "]", inks.selected)
        cells.restyle(column, row, layout.cell + 1, inks.selected)
        _write_words(cells, matrix, names, selected, inks)
    return cells.strips()


def _write_header(cells: Cells, names: Sequence[str], layout: ConfusionLayout, inks: Inks) -> None:
    """Two rows: what goes across and what goes down, with arrows where more lies beyond; names of the columns."""
    across = "predicted"
    if layout.columns.start > 0:
        across = f"< {across}"
    if layout.columns.stop < len(names):
        across = f"{across} >"
    end = layout.label + layout.cell * len(layout.columns)
    cells.write(layout.label + 1, 0, across, inks.muted)
    cells.write(0, 1, "true", inks.muted)
    cells.write(end + _ACCURACY - len("right"), 1, "right", inks.muted)
    for place, predicted in enumerate(layout.columns):
        # In four cells "Ankl" says more than "Ank…".
        name, room = writable(names[predicted], cells.tier), layout.cell - 1
        name = (set_cell_size(name, room) if room < 6 else fitted(name, room, cells.tier)).strip()
        column = layout.label + (place + 1) * layout.cell - cell_len(name)
        cells.write(column, 1, name, inks.text)


def _write_count(
    cells: Cells, layout: ConfusionLayout, at: tuple[int, int], value: tuple[int, int, bool], inks: Inks
) -> None:
    """One number, right-aligned, with its shade."""
    (place, row), (count, total, right) = at, value
    column = layout.label + place * layout.cell
    shade = inks.heat(count / total if total else 0.0, right)
    ink = inks.strong if right else inks.text if count else inks.faint
    text = str(count) if count else "·"
    if len(text) >= layout.cell:  # a count that fills its cell would run into its neighbour
        text = f"{count // 1000}k"
    cells.write(column, row, ("╲" if right else " ") + text.rjust(layout.cell - 1), ink + shade)


def _write_words(
    cells: Cells, matrix: Sequence[Sequence[int]], names: Sequence[str], selected: tuple[int, int], inks: Inks
) -> None:
    """The chosen cell in a sentence, in the last row."""
    true, predicted = selected
    count, total = matrix[true][predicted], sum(matrix[true])
    images = "image" if count == 1 else "images"
    share = f" ({numbers.percent(count / total)} of them)" if total else ""
    verb = "recognised" if true == predicted else f"taken for {names[predicted]}"
    row = min(_ABOVE + len(names) + 1, cells.height - 1)
    cells.write(0, row, f"{names[true]} {verb}: {numbers.count(count)} {images}{share}", inks.strong)

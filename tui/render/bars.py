"""What a network makes of an image: one bar for each class, the predicted and the true one marked."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from tui.render import numbers
from tui.render.cells import Cells, fitted
from tui.render.inks import Inks
from tui.render.tier import Tier

__all__ = ["probability_strips"]

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_WIDE_PERCENT, _NARROW_PERCENT = len("100.00 %"), len("100 %")
_LONGEST_NAME = 14
_BESIDE_NAME = 12  # two marks, two gaps, a bar of three cells and "100 %"


def probability_strips(
    probabilities: Sequence[float],
    names: Sequence[str],
    width: int,
    height: int,
    *,
    inks: Inks,
    tier: Tier,
    true: int | None = None,
) -> list[Strip]:
    """Bars of probabilities on exactly ``width`` x ``height`` cells.

    All classes stand in their own order where they fit; else the likeliest do, with the true one, and the last row says
    what the others have together. The likeliest is marked ``▸``, the true one ``✓``; a last row explains this where
    there is room for it.

    Args:
        probabilities: One for each class, 0 to 1; NaN counts as 0.
        names: One for each class.
        width: Cells, 24 or more to be readable.
        height: Rows.
        inks: Colours.
        tier: What the terminal can show.
        true: Index of the true class, where it is known.
    """
    values = [value if math.isfinite(value) else 0.0 for value in map(float, probabilities)]
    cells = Cells(width, height, tier)
    if not values or height < 1:
        return cells.strips()
    predicted = max(range(len(values)), key=values.__getitem__)
    shown = _shown(values, height, true)
    name_width = min(
        max(cell_len(names[index]) for index in range(len(values))), _LONGEST_NAME, max(width - _BESIDE_NAME, 1)
    )
    for row, index in enumerate(shown):
        marks = ("▸" if index == predicted else " ") + ("✓" if index == true else " ")
        name = f"{fitted(names[index], name_width, tier)} "
        _write_row(cells, row, (marks, name, values[index]), _ink(index, predicted, true, inks), inks)
    if len(shown) < len(values):
        others = len(values) - len(shown)
        rest = max(1.0 - sum(values[index] for index in shown), 0.0)
        cells.write(2, len(shown), f"… {others} more, {numbers.percent(rest)} together", inks.muted)
    elif height > len(values) + 1:
        cells.write(0, len(values) + 1, "▸ predicted" + ("  ✓ true" if true is not None else ""), inks.muted)
    return cells.strips()


def _shown(values: list[float], height: int, true: int | None) -> list[int]:
    """The classes that get a row: all in their order, or the likeliest first, the true one among them."""
    if len(values) <= height:
        return list(range(len(values)))
    order = sorted(range(len(values)), key=lambda index: -values[index])
    chosen = order[: max(height - 1, 1)]
    if true is not None and true not in chosen and len(chosen) > 1:
        chosen[-1] = true
    return chosen


def _ink(index: int, predicted: int, true: int | None, inks: Inks) -> Style:
    if index == true:
        return inks.good
    if index == predicted:
        return inks.series[0] if true is None else inks.bad
    return inks.muted


def _write_row(cells: Cells, row: int, parts: tuple[str, str, float], ink: Style, inks: Inks) -> None:
    """Marks, name, bar and percentage; the two decimals are left out before the bar gets shorter than they are."""
    marks, name, value = parts
    emphasis = ink + inks.strong if marks.strip() and ink.color is None else ink
    column = cells.write(0, row, f"{marks} ", emphasis)
    column = cells.write(column, row, name, emphasis if marks.strip() else inks.text)
    wide = cells.width - column - _WIDE_PERCENT - 1 >= _WIDE_PERCENT
    percent = numbers.percent(value, 2 if wide else 0)
    room = max(cells.width - column - (_WIDE_PERCENT if wide else _NARROW_PERCENT) - 1, 0)
    cells.write(column, row, _bar(value, room, cells), ink)
    cells.write(cells.width - len(percent), row, percent, emphasis if marks.strip() else inks.muted)


def _bar(value: float, room: int, cells: Cells) -> str:
    """A bar as long as the value, to an eighth of a cell; from one in a hundred on there is always something to see."""
    if cells.tier == "ascii":
        return "#" * round(min(value, 1.0) * room)
    eighths = round(min(value, 1.0) * room * 8)
    if value >= 0.01 and room:
        eighths = max(eighths, 1)
    full, part = divmod(eighths, 8)
    return "█" * full + _EIGHTHS[part].strip()

"""The first row of a plot: what is shown, and for each curve how it looks, its name and its value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from tui.render import numbers
from tui.render.axes import Unit
from tui.render.cells import Cells
from tui.render.curves import LINE_STYLES, Series
from tui.render.glyphs import writable
from tui.render.inks import Inks
from tui.render.tier import Tier

__all__ = ["write_legend"]

_GAP = 3


def write_legend(
    cells: Cells,
    title: str,
    series: Sequence[Series],
    *,
    unit: Unit,
    cursor: float | None,
    inks: Inks,
    title_first: bool = False,
) -> None:
    """Write the legend, shorter where room is short.

    Args:
        cells: The sheet of the plot.
        title: What stands at the left.
        series: The curves.
        unit: How their values are written.
        cursor: The epoch whose values are shown, or None for the last ones.
        inks: Colours.
        title_first: Where room is short, whether values give way to the title.
    """
    names = [writable(one.name, cells.tier) for one in series]
    samples, values = _samples(len(names), cells.tier), _values(series, unit, cursor)
    full = title if cursor is None else f"{title}  epoch {cursor:g}"
    for head, entries in _versions(full, title if title_first else "", names, samples, values):
        size = sum(cell_len(" ".join(entry)) + _GAP for entry in entries) - _GAP
        if size + (cell_len(head) + _GAP if head else 0) <= cells.width:
            break
    cells.write(0, 0, head, inks.strong)
    column = max(cells.width - size, 0)
    for index, (sample, *words) in enumerate(entries):
        column = cells.write(column, 0, sample, inks.series[index % len(inks.series)])
        for word, style in zip(words, (inks.muted, inks.strong), strict=False):
            column = cells.write(column + 1, 0, word, style)
        column += _GAP


def _samples(count: int, tier: Tier) -> list[str]:
    styles = [LINE_STYLES[index % len(LINE_STYLES)] for index in range(count)]
    return [style.ascii_sample if tier == "ascii" else style.sample for style in styles]


def _values(series: Sequence[Series], unit: Unit, cursor: float | None) -> list[str]:
    """Last values, or those at the cursor; nothing at all before the first epoch."""
    write = numbers.loss if unit == "loss" else numbers.percent
    curves = [one.points() for one in series]
    if not any(curves):
        return [""] * len(curves)
    return [write((curve[-1][1] if cursor is None else dict(curve).get(cursor)) if curve else None) for curve in curves]


def _versions(
    full: str, title: str, names: list[str], samples: list[str], values: list[str]
) -> Iterator[tuple[str, list[list[str]]]]:
    """Head and entries, from the longest to the shortest; where there is a title to keep, values go before it."""
    short, nothing = [name[:3] for name in names], [""] * len(names)
    keeping = ((full, names, nothing), (full, short, nothing), (title, short, nothing))
    dropping = ((full, names, nothing), ("", short, values), ("", names, nothing))
    for head, shown_names, shown_values in (
        (full, names, values),
        (title, names, values),
        *(keeping if title else dropping),
        ("", short, nothing),
    ):
        entries = zip(samples, shown_names, shown_values, strict=True)
        yield head, [[part for part in entry if part] for entry in entries]

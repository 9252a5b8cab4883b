"""One line that says how far something is: label, bar, text."""

from __future__ import annotations

import math

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from tui.render.cells import line
from tui.render.glyphs import writable
from tui.render.inks import Inks
from tui.render.tier import Tier

__all__ = ["progress_strip"]

_LEAST_BAR = 4


def progress_strip(
    label: str,
    fraction: float | None,
    text: str,
    width: int,
    *,
    inks: Inks,
    tier: Tier,
    label_width: int = 0,
    text_width: int = 0,
) -> Strip:
    """``epoch  ━━━━━━╸────────  3 / 10`` on exactly ``width`` cells.

    Args:
        label: What is under way; label and text are filled up so that bars below each other line up.
        fraction: How much of it is done, 0 to 1; None or NaN where that is not known.
        text: What stands behind the bar, e.g. numbers and time left.
        width: Cells.
        inks: Colours.
        tier: What the terminal can show.
        label_width: The least cells for the label.
        text_width: The least cells for the text.
    """
    label, text = writable(label, tier), writable(text, tier)
    label += " " * (label_width - cell_len(label))
    text += " " * (text_width - cell_len(text))
    gaps = ("  " if label else "", "  " if text else "")
    bar = width - cell_len(label) - cell_len(text) - sum(map(len, gaps))
    if bar < _LEAST_BAR:  # the words say more than a stump of a bar
        return line(width, tier, (f"{label} " if label else "", inks.muted), (text, inks.text))
    done, left = _bar(fraction, bar, tier)
    return line(
        width, tier, (label + gaps[0], inks.muted), (done, inks.series[0]), (left, inks.faint), (gaps[1], Style()),
        (text, inks.text),
    )  # fmt: skip


def _bar(fraction: float | None, width: int, tier: Tier) -> tuple[str, str]:
    """The done and the open part. Full only at the very end; half a cell is a half line."""
    if fraction is None or not math.isfinite(fraction):
        fraction = 0.0
    halves = math.floor(min(max(fraction, 0.0), 1.0) * width * 2 + 1e-9)
    full, half = divmod(halves, 2)
    if tier == "ascii":
        return "#" * full, "." * (width - full)
    return "━" * full + "╸" * half, "─" * (width - full - half)

"""Several runs in one plot: a curve for each."""

from __future__ import annotations

from collections.abc import Sequence

from netcore.runs.history import History
from tui.render.axes import Unit
from tui.render.curves import LINE_STYLES, Series

__all__ = ["MOST_COMPARED", "comparison"]

MOST_COMPARED = len(LINE_STYLES)
"""More curves could not be told apart without colour."""


def comparison(runs: Sequence[tuple[str, History]], unit: Unit) -> list[Series]:
    """For each run its validation curve, or that of the training, and then it says so, where nothing is held out.

    Args:
        runs: Names and histories. A name is led by its number in the list, which is all that a short legend keeps.
        unit: Loss or accuracy.
    """
    curves = []
    for number, (name, history) in enumerate(runs, start=1):
        held_out = history.started is not None and history.started.validation_images > 0
        part = "validation" if held_out else "train"
        values = getattr(history, f"{part}_{unit}")
        label = f"{number} {name}" + ("" if held_out or not history.epochs else " (train)")
        curves.append(Series(label, [float(epoch.epoch) for epoch in history.epochs], values))
    return curves

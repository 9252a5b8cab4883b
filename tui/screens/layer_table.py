"""The layers of a network as a table, and which of their neurons are dead."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

import numpy as np

from netcore.models.survey import LayerSurvey
from tui.render import numbers
from tui.screens.answer import Line

__all__ = ["dead_lines", "layer_table"]

_HEADS = ("layer", "shape", "parameters", "mean", "std", "min", "max", "dead")
_FORMAT = "{:<10}{:>11}{:>11}{:>9}{:>9}{:>9}{:>9}{:>7}"


def layer_table(survey: Sequence[LayerSurvey], chosen: int, rows: int) -> list[Line]:
    """A line for each layer, those around the chosen one where not all fit; then all of them together."""
    lines: list[Line] = [[("  " + _FORMAT.format(*_HEADS), "muted")]]
    room = max(rows - 4, 1)
    start = min(max(chosen - room // 2, 0), max(len(survey) - room, 0))
    for number, layer in list(enumerate(survey))[start : start + room]:
        cells = (
            f"{number + 1} {layer.activation}",
            f"{layer.shape[0]} × {layer.shape[1]}",
            numbers.count(layer.parameters),
            numbers.signed(layer.mean),
            numbers.plain(layer.std),
            numbers.signed(layer.lowest),
            numbers.signed(layer.highest),
            numbers.NOTHING if layer.dead is None else numbers.percent(layer.dead / layer.shape[1], 1),
        )
        mark = "▸ " if number == chosen else "  "
        lines.append([(mark + _FORMAT.format(*cells), "strong" if number == chosen else "text")])
    total = numbers.count(sum(layer.parameters for layer in survey))
    lines.append([("  " + _FORMAT.format("together", "", total, *[""] * 5), "text")])
    lines.append([])
    images = f"{survey[0].images:,}"
    lines.append([(f"  Weights without biases; a dead neuron is silent on {images} test images.", "muted")])
    return lines


def dead_lines(layer: LayerSurvey, number: int, width: int, rows: int) -> list[Line]:
    """The dead neurons of a layer by their numbers, from 1.

    Args:
        layer: The layer.
        number: Its own, from 0.
        width: Cells of a line.
        rows: Lines at the most; where they do not suffice, the last one ends in an ellipsis.
    """
    head = f"  Layer {number + 1}: "
    if layer.dead is None or layer.answered is None:
        return [[(f"{head}{layer.activation} is never silent.", "muted")]]
    if not layer.dead:
        return [[(f"{head}every neuron answers on some of them.", "muted")]]
    head += f"{layer.dead} of {layer.shape[1]:,} are dead: "
    dead = ", ".join(map(str, (np.flatnonzero(layer.answered == 0) + 1).tolist()))
    first, *others = wrap(dead, width, initial_indent=head, subsequent_indent="    ", max_lines=rows, placeholder=" …")
    lines: list[Line] = [[(line, "text")] for line in others]
    return [[(head, "muted"), (first.removeprefix(head), "text")], *lines]

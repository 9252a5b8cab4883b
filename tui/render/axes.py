"""The two axes of a plot: which part of the numbers is shown, where its ticks are, and how far along a value lies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tui.render.ticks import epoch_ticks, log_ticks, round_step, round_ticks, tick_labels

__all__ = ["Axis", "Unit", "epoch_axis", "value_axis"]

Unit = Literal["loss", "accuracy"]

_LEAST_ZOOM = {"loss": 1e-6, "accuracy": 0.005}
"""The axis never spans less than this, so that noise in the last digit does not look like progress."""


@dataclass(frozen=True)
class Axis:
    """A range of numbers with its ticks.

    Attributes:
        low: Value at the start (left, bottom).
        high: Value at the end, above ``low``.
        ticks: Values that are marked and labelled.
        labels: Their texts.
        log: Whether equal factors, rather than equal differences, are equally far apart.
    """

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]
    log: bool = False

    def place(self, value: float) -> float:
        """How far along the axis a value lies: 0 at the start, 1 at the end; values beyond it stay at the ends."""
        low, high = self.low, self.high
        if self.log:
            low, high, value = math.log(low), math.log(high), math.log(max(value, low))
        return min(max((value - low) / (high - low), 0.0), 1.0)


def epoch_axis(epochs: Sequence[float], width: int) -> Axis:
    """Axis of whole epochs that holds all of these, on ``width`` cells; epochs 1 to 10 where there are none."""
    low, high = (math.floor(min(epochs)), math.ceil(max(epochs))) if epochs else (1, 10)
    if high == low:
        low, high = max(low - 1, 0), high + 1
    ticks = epoch_ticks(low, high, width)
    return Axis(low, high, tuple(ticks), tuple(str(tick) for tick in ticks))


def value_axis(values: Sequence[float], unit: Unit, log: bool, height: int, label_width: int = 0) -> Axis:
    """Axis of losses or accuracies that holds all of these, on ``height`` rows.

    A loss starts at 0 unless all of it is far from there; an accuracy is zoomed to what was reached, and ends at 100 %.
    A logarithmic axis needs values above 0; where there are none the axis is a plain one. Labels take at least
    ``label_width`` cells, so that plots below each other line up.
    """
    most = max(2, (height + 1) // 2)
    positive = [value for value in values if value > 0]
    if log and positive:
        low, high = min(positive), max(positive)
        if high < 1.5 * low:
            low, high = low / 1.25, high * 1.25
        ticks = log_ticks(low, high, most)
    else:
        log = False
        low, high = _range(values, unit)
        ticks = round_ticks(low, high, min(most, height // 3 + 2))
        if len(ticks) < 2:  # one number does not say how far apart the curves are: round ends instead
            step = round_step((high - low) / 4)
            low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
            ticks = [low, high]
    labels = [label.rjust(label_width) for label in tick_labels(ticks, percentage=unit == "accuracy")]
    return Axis(low, high, tuple(ticks), tuple(labels), log)


def _range(values: Sequence[float], unit: Unit) -> tuple[float, float]:
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    pad = max(0.05 * (high - low), (_LEAST_ZOOM[unit] - (high - low)) / 2, 1e-6 * abs(high))
    if unit == "accuracy":
        return max(low - pad, min(low, 0.0)), min(high + pad, max(high, 1.0))
    return (min(low, 0.0) if low < high / 2 else low - pad), high + pad

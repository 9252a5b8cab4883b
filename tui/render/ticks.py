"""Where an axis has its ticks: at round numbers (1, 2 or 5 times a power of ten) and at whole epochs."""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["epoch_ticks", "log_ticks", "round_step", "round_ticks", "tick_labels"]


def round_step(least: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below ``least`` (which is above 0)."""
    power = 10.0 ** math.floor(math.log10(least))
    for factor in (1, 2, 5):
        # A hair of tolerance: 0.1 + 0.2 asks for the step 0.3000...04, and shall get the one for 0.3.
        if factor * power >= least * (1 - 1e-9):
            return factor * power
    return 10 * power


def round_ticks(low: float, high: float, most: int) -> list[float]:
    """Multiples of a round step within [low, high], at most ``most`` of them, as many as fit.

    Args:
        low: Lower end of the axis, finite.
        high: Upper end of the axis, finite and not below ``low``.
        most: The largest number of ticks, 1 or more.

    Returns:
        Ascending values. The list may be empty where no round number of that spacing lies in between.
    """
    if high <= low:
        return [low]
    step = round_step((high - low) / most)
    while True:
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < most:
            return [_multiple(index, step) for index in range(first, last + 1)]
        step = round_step(step * 1.5)


def _multiple(index: int, step: float) -> float:
    """``index * step`` without the dust that binary fractions leave, e.g. 0.3 for 3 * 0.1."""
    return round(index * step, max(0, 1 - math.floor(math.log10(step))))


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Round values within [low, high] for a logarithmic axis: powers of ten, with 2 and 5 times these where they fit.

    Falls back on evenly spaced round numbers where there are fewer than two of those. Both ends are above 0.
    """
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for digits in ((1, 2, 5), (1,)):
        values = [digit * 10.0**exponent for exponent in decades for digit in digits]
        ticks = [value for value in values if low * (1 - 1e-9) <= value <= high * (1 + 1e-9)]
        if 2 <= len(ticks) <= most:
            return ticks
    if len(ticks) > most:  # more decades than room: every second, third, ... power of ten
        return ticks[:: math.ceil(len(ticks) / most)]
    return round_ticks(low, high, most)


def epoch_ticks(low: float, high: float, width: int) -> list[int]:
    """Whole epochs within [low, high] whose labels, centred on an axis of ``width`` cells, keep two cells apart."""
    if high <= low or width < 2:
        return [math.ceil(low)]
    needed = (len(str(math.floor(high))) + 2) * (high - low) / (width - 1)
    step = int(round_step(max(1, needed)))
    return list(range(math.ceil(low / step) * step, math.floor(high) + 1, step))


def tick_labels(ticks: Sequence[float], percentage: bool = False) -> list[str]:
    """The ticks in as many decimals as tell them apart, all alike: ``0.05, 0.10``, or ``98 %, 99 %``."""
    values = [100 * tick for tick in ticks] if percentage else list(ticks)
    if max(map(abs, values), default=0) >= 1e6:  # a loss on its way to infinity
        return [f"{value:.3g}" for value in values]
    decimals = max((_decimals(value) for value in values), default=0)
    return [f"{value:.{decimals}f}{' %' if percentage else ''}" for value in values]


def _decimals(value: float) -> int:
    """How many decimals a round number needs, 8 at most."""
    return next((places for places in range(8) if math.isclose(round(value, places), value, rel_tol=1e-6)), 8)

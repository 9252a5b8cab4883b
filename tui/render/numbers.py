"""Every number on the screen is written here, so that the same quantity looks the same everywhere.

None, NaN and infinity are all written as a dash: the number is not there (yet).
"""

from __future__ import annotations

import math

__all__ = ["NOTHING", "count", "duration", "learning_rate", "loss", "percent", "plain", "rate", "signed", "time_left"]

NOTHING = "–"


def _missing(value: float | None) -> bool:
    return value is None or not math.isfinite(value)


def percent(fraction: float | None, decimals: int = 2) -> str:
    """A fraction in [0, 1] as a percentage: ``0.9827`` is ``98.27 %``."""
    if fraction is None or _missing(fraction):
        return NOTHING
    return f"{100 * fraction:.{decimals}f} %"


def loss(value: float | None) -> str:
    """A loss with four decimals, or with four digits where it is too small or too large for them."""
    if value is None or _missing(value):
        return NOTHING
    if value != 0 and abs(value) < 0.001:
        return f"{value:.1e}"
    return f"{value:.4f}" if abs(value) < 100 else f"{value:.4g}"


def signed(value: float | None) -> str:
    """A weight, or what it brings to a sum, with four decimals: ``+0.4123``; four digits where it is large."""
    if value is None or _missing(value):
        return NOTHING
    if abs(value) >= 1000:
        return f"{value:+.3e}"
    return f"{round(value, 4) + 0.0:+.4f}"  # adding 0 takes its sign from a zero


def plain(value: float | None) -> str:
    """What comes into a neuron or goes out of it: as `signed`, without a plus."""
    return signed(value).removeprefix("+")


def count(number: int | None) -> str:
    """A whole number in groups of three digits: ``109,386``."""
    return NOTHING if number is None else f"{number:,}"


def learning_rate(value: float | None) -> str:
    """A learning rate without needless zeros: ``0.05``, ``0.000125``."""
    return NOTHING if value is None or _missing(value) else f"{value:.4g}"


def duration(seconds: float | None) -> str:
    """A time span in its two largest units: ``4.2 s``, ``42 s``, ``1 min 05 s``, ``2 h 07 min``, ``3 d 04 h``."""
    if seconds is None or _missing(seconds):
        return NOTHING
    if seconds < 9.95:
        return f"{max(seconds, 0):.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, seconds_left = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {seconds_left:02d} s"
    hours, minutes_left = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes_left:02d} min"
    return f"{hours // 24} d {hours % 24:02d} h"


def time_left(seconds: float | None) -> str:
    """How long something will still take: ``1 min 05 s left``."""
    return NOTHING if seconds is None or _missing(seconds) else f"{duration(seconds)} left"


def rate(per_second: float | None) -> str:
    """Images per second in at most three digits: ``950 /s``, ``182 k/s``, ``1.25 M/s``."""
    if per_second is None or _missing(per_second):
        return NOTHING
    if per_second < 999.5:
        return f"{per_second:.0f} /s"
    thousands = per_second / 1000
    if thousands < 9.995:
        return f"{thousands:.2f} k/s"
    return f"{thousands:.0f} k/s" if thousands < 999.5 else f"{thousands / 1000:.2f} M/s"

"""How the learning rate changes over a run: a factor for each point of it."""

from __future__ import annotations

import math
from typing import get_args

from netcore.nn.choices import ScheduleName

__all__ = ["factor"]

_NAMES = get_args(ScheduleName)

_WARM_FROM = 0.01
"""Factor at which a warm-up begins."""

_CYCLE_FROM, _CYCLE_UP, _CYCLE_TO = 1 / 25, 0.3, 1e-4
"""One cycle: the factor that it begins with, the share of the run in which it rises, the factor that it ends with."""


def factor(schedule: ScheduleName, done: float, warmup: float = 0.0) -> float:
    """What the learning rate is multiplied by at a point of the run.

    - ``constant``: 1 throughout.
    - ``cosine``: from 1 down to 0 along half a cosine (Loshchilov, Hutter, SGDR, 2017, without restarts).
    - ``one-cycle``: up to 1 and down again, each along half a cosine (Smith, Topin, Super-Convergence, 2018; begin and
      rise as in PyTorch's OneCycleLR, which ends at 4e-6 and moves the momentum too).

    Args:
        schedule: Its name.
        done: Share of the run that lies behind, in [0, 1].
        warmup: Share of the run, in [0, 1), in which the factor first rises in a straight line (Goyal et al., Accurate,
            Large Minibatch SGD, 2017); the schedule then has the rest of the run.
    """
    if schedule not in _NAMES:
        raise ValueError(f"unknown schedule {schedule!r}")
    if done < warmup:
        return (_WARM_FROM + (1 - _WARM_FROM) * done / warmup) * factor(schedule, 0)
    done = (done - warmup) / (1 - warmup)
    if schedule == "constant":
        return 1.0
    if schedule == "cosine":
        return _half_cosine(1, 0, done)
    if done < _CYCLE_UP:
        return _half_cosine(_CYCLE_FROM, 1, done / _CYCLE_UP)
    return _half_cosine(1, _CYCLE_TO, (done - _CYCLE_UP) / (1 - _CYCLE_UP))


def _half_cosine(begin: float, end: float, done: float) -> float:
    return end + (begin - end) * 0.5 * (1 + math.cos(math.pi * done))

"""How the learning rate changes over a run: a factor for each point of it."""

from __future__ import annotations

import math
from typing import get_args

from netcore.nn.choices import ScheduleName

__all__ = ["factor"]


def factor(schedule: ScheduleName, done: float) -> float:
    """What the learning rate is multiplied by when a share ``done`` of the run, in [0, 1], lies behind.

    - ``constant``: 1 throughout.
    - ``cosine``: from 1 down to 0 along half a cosine (Loshchilov, Hutter, SGDR, 2017, without restarts).
    """
    if schedule not in get_args(ScheduleName):
        raise ValueError(f"unknown schedule {schedule!r}")
    return 1.0 if schedule == "constant" else 0.5 * (1 + math.cos(math.pi * done))

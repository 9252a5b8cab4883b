"""Timing: everyone does an epoch in turn, round after round: a machine that changes its speed is fair to all."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from netcore.bench.job import Contestant
from netcore.nn.threads import available_threads, use_threads

__all__ = ["Timing", "interleaved", "peak_memory"]

_QUIET = 0.3
"""Seconds before each epoch, in which the threads of the library before fall asleep: they go on looking for work. Our
own epoch took 0.56 s straight after the limit's two threads, 0.34 s after such a rest."""


@dataclass(frozen=True, slots=True)
class Timing:
    """What one contestant took.

    Attributes:
        name: Of the contestant.
        seconds: For each round.
        ratio: Median over the rounds of its time divided by the first contestant's in the same round.
    """

    name: str
    seconds: tuple[float, ...]
    ratio: float

    @property
    def median(self) -> float:
        """Seconds an epoch."""
        return median(self.seconds)


def interleaved(
    contestants: Sequence[Contestant], rounds: int, tell: Callable[[int], None] = lambda _: None
) -> list[Timing]:
    """Time an epoch of each, in turn, ``rounds`` times after one that does not count.

    Args:
        contestants: The first one is what the others are compared with.
        rounds: At least one.
        tell: Called after each round with its number.
    """
    seconds: list[list[float]] = [[] for _ in contestants]
    for number in range(rounds + 1):
        for contestant, own in zip(contestants, seconds, strict=True):
            use_threads(contestant.threads or available_threads())
            sleep(_QUIET)
            begin = perf_counter()
            contestant.epoch()
            if number:
                own.append(perf_counter() - begin)
        tell(number)
    return [
        Timing(contestant.name, tuple(own), median(mine / first for mine, first in zip(own, seconds[0], strict=True)))
        for contestant, own in zip(contestants, seconds, strict=True)
    ]


def peak_memory() -> int:
    """The most memory that this process has had, and each that it has started and that still runs, added up (bytes).

    What they share is counted in each. Where the system does not tell: this process alone.
    """
    # Not what `getrusage` says where /proc says more: there a process's peak begins with that of the one it came from.
    told = [dict(_NUMBERS.findall(status)) for status in _statuses()]
    family = [int(one["VmHWM"]) for one in told if str(os.getpid()) in (one["Pid"], one["PPid"]) and "VmHWM" in one]
    if family:
        return 1024 * sum(family)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


_NUMBERS = re.compile(r"^(Pid|PPid|VmHWM):\s+(\d+)", re.MULTILINE)


def _statuses() -> Iterator[str]:
    """What /proc says of each process."""
    for file in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            yield file.read_text(errors="replace")

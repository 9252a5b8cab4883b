"""What the screen costs: bytes, redraws, and the time of the thread that draws."""

from __future__ import annotations

from time import perf_counter, thread_time
from typing import NamedTuple

from tui.link.writer import Writer

__all__ = ["Cost", "CostMeter"]


class Cost(NamedTuple):
    """Since the last time.

    Attributes:
        rate: Bytes a second.
        redraws: A second.
        share: Of a core.
    """

    rate: float
    redraws: float
    share: float


class CostMeter:
    """Measures one writer and the thread that it is measured in."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._before = self._counts()

    def _counts(self) -> tuple[float, int, int, float]:
        return perf_counter(), self._writer.bytes_written, self._writer.redraws, thread_time()

    def read(self) -> Cost:
        """What it has cost since this was asked last, or since the beginning."""
        now = self._counts()
        seconds, count, redraws, busy = (new - old for new, old in zip(now, self._before, strict=True))
        self._before = now
        seconds = max(seconds, 1e-3)
        return Cost(count / seconds, redraws / seconds, busy / seconds)

"""Where processes that share a step wait for each other, some thousand times a second.

Each counts up in a cell of its own in shared memory, and the others look. Looking again and again answers within a
microsecond, where a lock or a pipe takes a turn of the scheduler: a step of the reference job lasts 500 of them. Who
waits for longer lets others have the core, and who waits for much longer sleeps.
"""

from __future__ import annotations

from threading import Lock
from time import perf_counter, sleep

import numpy as np
from numpy.typing import NDArray

__all__ = ["Meeting"]

_APART = 8
"""Numbers from one cell to the next: a cell in a cache line of its own is not slowed down by its neighbours."""

_LOOKS = 2000
"""Before others get the core: about 100 microseconds, longer than one waits on a quiet machine."""


class Meeting:
    """Cells that only ever count up, each written by one process and read by all."""

    def __init__(self, numbers: NDArray[np.int64]) -> None:
        """Use `Meeting.numbers` of them, zeros at first, which all sides see."""
        self._cells = numbers.data
        self._fence = Lock()

    @staticmethod
    def numbers(cells: int) -> int:
        """How many numbers so many cells take."""
        return cells * _APART

    def tell(self, cell: int, count: int) -> None:
        """Count up. Whoever sees it also sees what was written before."""
        # Letting go of a lock and taking it again is what orders memory on processors that would do it otherwise: what
        # was written before lies before it, the count behind it. 50 nanoseconds.
        with self._fence:
            pass
        with self._fence:
            self._cells[cell * _APART] = count

    def told(self, cell: int) -> int:
        """How far it has counted. What is read after this was written before that was told, or later."""
        with self._fence:
            count = int(self._cells[cell * _APART])
        with self._fence:  # the mirror of `tell`: nothing that follows is read before the count
            return count

    def wait(self, cell: int, count: int, patience: float) -> bool:
        """Wait until it has counted so far, for so many seconds at the most; return whether it has."""
        cells, place = self._cells, cell * _APART
        for _ in range(_LOOKS):
            if cells[place] >= count:
                break
        else:
            begin = perf_counter()
            while cells[place] < count:
                sleep(0)
                if perf_counter() - begin > patience:
                    return False
        return self.told(cell) >= count

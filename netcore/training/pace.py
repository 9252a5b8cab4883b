"""Whether it pays, just now, that several processes share each step.

On a machine that is doing something else too, they wait for each other's turn of the scheduler, and one alone is
faster. What is computed is the same either way, so this may be decided anew at any time, by measuring.
"""

from __future__ import annotations

__all__ = ["Pace"]

_WINDOW = 0.25
"""Seconds of training after which the speed is looked at."""

_REST, _LONGEST_REST = 0.25, 4.0
"""Seconds of training alone before sharing is tried again, after one slow window, and at the most: twice as long after
each try in vain. One slow window is often chance; on a machine that stays busy, tries take a sixteenth of the time."""


class Pace:
    """Compares steps made together with steps made alone.

    Attributes:
        together: Whether the next step had better be shared.
    """

    def __init__(self) -> None:
        self.together = True
        self._alone: float | None = None
        self._rest, self._next_rest = 0.0, _REST
        self._begin(together=False)

    def count(self, seconds: float, *, together: bool) -> None:
        """Take in how long a step took, and whether it was shared."""
        if together != self._counted_together:
            self._finish()
            self._begin(together=together)
        self._steps += 1
        self._seconds += seconds
        if not together:
            self._rest -= seconds
            self.together = self._rest <= 0
        if self._seconds >= _WINDOW:
            self._finish()
            self._begin(together=together)

    def _begin(self, *, together: bool) -> None:
        self._counted_together, self._steps, self._seconds = together, 0, 0.0

    def _finish(self) -> None:
        if not self._steps:
            return
        a_step = self._seconds / self._steps
        if not self._counted_together:
            self._alone = a_step
        elif self._alone is not None and self._seconds >= _WINDOW:
            if a_step > self._alone:
                self.together, self._rest = False, self._next_rest
                self._next_rest = min(2 * self._next_rest, _LONGEST_REST)
            else:
                self._next_rest = _REST

"""How many bytes may be on their way, so that a slow connection answers keys at once.

A pseudo-terminal takes 22 kB that nobody has read, sshd and TCP more; at 10 kB/s that is seconds, and what was queued
must be seen before the answer to a key. The kernel does not say how much it holds (TIOCOUTQ is 0 on a pseudo-terminal,
tried). So every piece that is written ends in a question to the terminal, where its cursor is: the answer says that all
before it has arrived, and when. Where nothing ever answers, nothing is held back.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

__all__ = ["AHEAD", "Flow"]

AHEAD = 0.2
"""Seconds' worth of bytes that may wait on the way: what a key's effect waits for."""

FAST, SLOWEST = 1e6, 600.0
"""Bytes a second: assumed before the first answer, and the least that is taken for a connection that moves."""

NOTICED = 0.1
"""Seconds on the way that are no sign of a slow connection yet; the terminal's computer may have been busy."""

TELLING = 2000
"""From so many bytes on a single measurement is believed; fewer count for less."""

PATIENCE = 1.0
"""Seconds beyond the usual after which a connection that does not answer is taken to stall."""

MOST_MARKS = 30
"""Questions that are remembered."""

DRIFT = 0.02
"""How fast the shortest way there and back is forgotten, in case it has become longer."""


class _Mark(NamedTuple):
    serial: int
    size: int  # bytes since the mark before
    at: float
    due: float  # when it should have arrived, by what was known of the rate


class Flow:
    """Learns from answers how fast the connection is. Times are seconds on one clock, which whoever calls reads.

    Attributes:
        rate: Bytes a second that the connection takes.
        round_trip: Seconds there and back with nothing in the way; None before the first answer.
    """

    def __init__(self) -> None:
        self.rate = FAST
        self.round_trip: float | None = None
        self._marks: deque[_Mark] = deque()
        self._through = 0.0  # when all that was written will have left, by what is known of the rate
        self._answered_at = 0.0

    @property
    def unanswered(self) -> bool:
        """Whether an answer is still to come."""
        return bool(self._marks)

    def wrote(self, count: int, serial: int, now: float) -> None:
        """So many bytes were written, the question with this serial number at their end."""
        self._through = max(self._through, now) + count / self.rate
        self._marks.append(_Mark(serial, count, now, self._through))
        if len(self._marks) > MOST_MARKS:  # the first tells of a stall, the last ones of how it goes
            forgotten = self._marks[1]
            del self._marks[1]
            self._marks[1] = self._marks[1]._replace(size=self._marks[1].size + forgotten.size)

    def answered(self, serial: int, now: float) -> None:
        """A question was answered, and with it those before it; one that nobody asked says nothing."""
        if serial not in [mark.serial for mark in self._marks]:
            return
        stalled, first, count = self.stalls(now), self._marks[0], 0
        while True:
            mark = self._marks.popleft()
            count += mark.size
            if mark.serial == serial:
                break
        usual, took = self.round_trip, now - mark.at
        self.round_trip = took if usual is None else min(took, usual)
        weight = min(count / TELLING, 1.0)
        self._learn(count, now - max(first.at + self.round_trip, self._answered_at), weight)
        if usual is not None and not stalled:
            self.round_trip += DRIFT * (1 - weight) * max(now - mark.due - usual, 0.0)
        self._answered_at = now
        self._through = now - self.round_trip  # when its last byte left
        for later in self._marks:
            self._through = max(self._through, later.at) + later.size / self.rate

    def _learn(self, count: int, took: float, weight: float) -> None:
        """So many bytes took so long, the way of the first one left out."""
        measured = count / max(took, 0.001)
        if took < NOTICED:
            self.rate = max(self.rate, min(measured, 4 * self.rate))
        elif measured > SLOWEST:  # else it stalled, and how long that lasted says nothing
            self.rate = self.rate ** (1 - weight) * measured**weight

    def stalls(self, now: float) -> bool:
        """Whether an answer should have come long ago. A terminal that has never answered is not waited for."""
        if self.round_trip is None or not self._marks:
            return False
        return now > self._marks[0].due + self.round_trip + PATIENCE

    def room(self, now: float) -> int:
        """How many bytes may be written now."""
        if self.stalls(now):
            return 0
        return max(int((AHEAD - max(self._through - now, 0.0)) * self.rate), 0)

    def wait(self, now: float) -> float:
        """Seconds until there is room for half of what may be on the way; in a stall, until it is time to ask again.

        In a stall 0 says that it is: a question alone is written, in case an answer was lost.
        """
        if self.stalls(now):
            return max(self._marks[-1].at + PATIENCE - now, 0.0)
        return max(self._through - now - AHEAD / 2, 0.0)

    def forget(self) -> None:
        """No longer wait for answers: the terminal may be another one now, or what was asked may have moved."""
        self._marks.clear()

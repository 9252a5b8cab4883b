"""How much is let onto a connection, on a simulated one."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pytest

from tui.link.flow import AHEAD, PATIENCE, Flow


@dataclass
class Wire:
    """A connection with its terminal; time passes only where a test says so.

    Attributes:
        rate: Bytes a second.
        delay: Seconds each way.
        queued: The most bytes that ever waited to be let onto it.
    """

    rate: float
    delay: float
    flow: Flow = field(default_factory=Flow)
    now: float = 100.0
    queued: float = 0.0
    _free_at: float = 0.0
    _answers: list[tuple[float, int]] = field(default_factory=list)
    _serial: int = 0

    def write(self, count: int) -> None:
        self._serial += 1
        self.flow.wrote(count, self._serial, self.now)
        self._free_at = max(self._free_at, self.now) + count / self.rate
        self.queued = max(self.queued, (self._free_at - self.now) * self.rate)
        self._answers.append((self._free_at + 2 * self.delay, self._serial))

    def wait(self, seconds: float) -> None:
        end = self.now + seconds
        while self._answers and self._answers[0][0] <= end:
            self.now, serial = self._answers.pop(0)
            self.flow.answered(serial, self.now)
        self.now = end

    def write_much(self, count: int) -> float:
        """Write so many bytes as soon as there is room for them; seconds until the last has arrived."""
        begin = self.now
        while count > 0:
            room = min(self.flow.room(self.now), count)
            if room:
                self.write(room)
                count -= room
            self.wait(max(self.flow.wait(self.now), 0.001))
        return self._free_at + self.delay - begin


def learned(rate: float, delay: float) -> Wire:
    """A connection over which a first screen has come."""
    wire = Wire(rate, delay)
    wire.write(20)
    wire.write(8000)
    wire.wait(8000 / rate + 2 * delay + 1)
    wire.queued = 0.0
    return wire


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.3])
@pytest.mark.parametrize("rate", [2_000, 10_000, 40_000])
def test_a_slow_connection_is_used_but_nothing_waits_long_on_it(rate: int, delay: float):
    wire = learned(rate, delay)
    seconds = wire.write_much(5 * rate)
    assert wire.queued <= 1.5 * AHEAD * rate
    assert seconds < 1.3 * 5 + delay


@pytest.mark.parametrize("delay", [0.0, 0.3])
def test_a_fast_connection_is_not_slowed_down(delay: float):
    wire = learned(10e6, delay)
    assert wire.write_much(40_000) < 0.1 + delay


def test_small_pieces_that_are_late_now_and_then_do_not_make_a_connection_slow():
    wire = learned(10e6, 0.02)
    for number in range(300):
        wire.delay = 0.12 if number % 5 == 0 else 0.02
        wire.write(150)
        wire.wait(0.4)
    assert wire.write_much(20_000) < 0.3


def test_a_connection_that_becomes_faster_is_noticed():
    wire = learned(5_000, 0.05)
    wire.rate = 1e6
    wire.write_much(20_000)
    assert wire.flow.rate > 100_000


def test_a_stall_is_noticed_waited_out_and_no_measure_of_speed():
    wire = learned(1e6, 0.05)
    before = wire.flow.rate
    wire._free_at = wire.now + 30  # nothing passes for so long
    wire.write(1500)
    assert wire.flow.room(wire.now) > 0
    wire.wait(PATIENCE + 0.2)
    assert wire.flow.stalls(wire.now)
    assert wire.flow.room(wire.now) == 0
    assert wire.flow.wait(wire.now) == 0  # to ask whether an answer was lost
    wire.write(20)
    assert wire.flow.wait(wire.now) == pytest.approx(PATIENCE)
    wire.wait(30)
    assert not wire.flow.unanswered
    assert wire.flow.room(wire.now) > 10_000
    assert wire.flow.rate == pytest.approx(before)


def test_an_answer_stands_for_those_before_it_and_one_to_nothing_says_nothing():
    flow = Flow()
    for serial in (1, 2, 3):
        flow.wrote(100, serial, 10.0)
    flow.answered(7, 10.1)
    assert flow.unanswered
    flow.answered(2, 10.1)
    assert flow.unanswered
    flow.answered(3, 10.1)
    assert not flow.unanswered


def test_a_terminal_that_never_answers_is_not_held_back():
    flow = Flow()
    for serial in range(100):
        flow.wrote(4096, serial, 10.0 + serial)
        assert flow.room(10.1 + serial) > 4096
    assert not flow.stalls(math.inf)


def test_a_terminal_that_was_left_is_no_longer_waited_for():
    wire = learned(1e6, 0.05)
    wire.write(10)
    wire.flow.forget()
    assert not wire.flow.unanswered
    assert not wire.flow.stalls(wire.now + 100)

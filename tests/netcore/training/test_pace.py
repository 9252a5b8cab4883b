"""When processes share each step, and when one had better work alone."""

from __future__ import annotations

import pytest

from netcore.training.pace import Pace

ALONE, SLOWER, FASTER = 0.01, 0.02, 0.005
"""Seconds a step; exact in sums of a few."""


def work(pace: Pace, shared: float) -> float:
    """Work as the pace wants until it wants otherwise, for two windows at the most; return the seconds."""
    before, seconds = pace.together, 0.0
    while pace.together == before and seconds < (0.6 if before else 10):
        step = shared if pace.together else ALONE
        pace.count(step, together=pace.together)
        seconds += step
    return seconds


def measured() -> Pace:
    """One that knows how fast one is alone."""
    pace = Pace()
    for _ in range(50):  # the others are not ready yet
        pace.count(ALONE, together=False)
    return pace


def test_sharing_begins_at_once_and_goes_on_while_it_is_faster():
    pace = measured()
    assert pace.together
    work(pace, FASTER)
    assert pace.together


def test_sharing_rests_while_it_is_slower_longer_after_each_try_in_vain():
    pace, rests = measured(), []
    for _ in range(6):
        assert work(pace, SLOWER) == pytest.approx(0.25, abs=SLOWER)
        assert not pace.together
        rests.append(work(pace, SLOWER))
        assert pace.together
    assert rests == pytest.approx([0.25, 0.5, 1, 2, 4, 4], abs=ALONE)


def test_one_slow_window_costs_little():
    pace = measured()
    for _ in range(3):
        work(pace, SLOWER)
        assert work(pace, SLOWER) == pytest.approx(0.25, abs=ALONE)
        work(pace, FASTER)  # which says that it was chance
        assert pace.together


def test_a_few_slow_steps_are_not_yet_a_window():
    pace = measured()
    pace.count(SLOWER, together=True)
    pace.count(ALONE, together=False)
    assert pace.together


def test_a_few_steps_alone_are_enough_to_compare_with():
    pace = Pace()
    for _ in range(3):
        pace.count(ALONE, together=False)
    work(pace, SLOWER)
    assert not pace.together


def test_what_counts_is_how_fast_one_has_been_alone_of_late():
    pace = measured()
    for _ in range(20):
        pace.count(0.03, together=False)
    work(pace, SLOWER)
    assert pace.together

"""Round ticks: values worked out by hand, and what must hold for any axis."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tui.render.ticks import epoch_ticks, log_ticks, round_step, round_ticks, tick_labels

numbers = st.floats(-1e9, 1e9)


@pytest.mark.parametrize(
    ("least", "step"), [(1, 1), (1.1, 2), (2.5, 5), (6, 10), (0.03, 0.05), (0.1 + 0.2, 0.5), (300, 500), (7e-5, 1e-4)]
)
def test_a_round_step_is_the_next_of_one_two_five(least, step):
    assert round_step(least) == pytest.approx(step)


@pytest.mark.parametrize(
    ("low", "high", "most", "ticks"),
    [
        (0, 1, 5, [0, 0.5, 1]),
        (0, 1, 6, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0.962, 0.991, 4, [0.97, 0.98, 0.99]),
        (0, 0.36, 4, [0, 0.1, 0.2, 0.3]),
        (-3, 3, 3, [-2, 0, 2]),
        (5, 5, 3, [5]),
    ],
)
def test_ticks_worked_out_by_hand(low, high, most, ticks):
    assert round_ticks(low, high, most) == pytest.approx(ticks)


def test_ticks_carry_no_dust():
    assert round_ticks(0, 0.7, 8) == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]


@given(numbers, numbers, st.integers(1, 12))
def test_ticks_are_within_evenly_spaced_and_not_too_many(one, other, most):
    low, high = min(one, other), max(one, other)
    assume(high - low > 1e-6 * max(abs(low), abs(high), 1))
    ticks = round_ticks(low, high, most)
    slack = 1e-6 * (high - low)
    assert len(ticks) <= most
    assert all(low - slack <= tick <= high + slack for tick in ticks)
    gaps = [after - before for before, after in pairwise(ticks)]
    for gap in gaps:
        assert gap == pytest.approx(gaps[0], rel=1e-3)
        mantissa = gap / 10 ** math.floor(math.log10(gap) + 1e-6)
        assert min(abs(mantissa - round_one) for round_one in (1, 2, 5, 10)) < 1e-2


@pytest.mark.parametrize(
    ("low", "high", "most", "ticks"),
    [
        (0.01, 1, 8, [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]),
        (0.01, 1, 4, [0.01, 0.1, 1]),
        (1e-8, 1, 4, [1e-8, 1e-5, 1e-2]),
        (0.06, 0.09, 4, [0.06, 0.07, 0.08, 0.09]),
    ],
)
def test_logarithmic_ticks_worked_out_by_hand(low, high, most, ticks):
    assert log_ticks(low, high, most) == pytest.approx(ticks)


@given(st.floats(1e-30, 1e30), st.floats(1.2, 1e12), st.integers(2, 10))
def test_logarithmic_ticks_are_within_and_not_too_many(low, factor, most):
    ticks = log_ticks(low, low * factor, most)
    assert len(ticks) <= most
    assert all(low * (1 - 1e-6) <= tick <= low * factor * (1 + 1e-6) for tick in ticks)
    assert ticks == sorted(ticks)


def test_epoch_ticks_worked_out_by_hand():
    assert epoch_ticks(1, 10, 80) == list(range(1, 11))
    assert epoch_ticks(1, 100, 80) == [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    assert epoch_ticks(1, 1000, 40) == [200, 400, 600, 800, 1000]
    assert epoch_ticks(1, 10, 30) == [2, 4, 6, 8, 10]
    assert epoch_ticks(1, 10, 1) == [1]


@given(st.integers(0, 500), st.integers(1, 5000), st.integers(8, 200))
def test_labels_of_epochs_are_whole_and_do_not_touch(low, span, width):
    high = low + span
    ticks = epoch_ticks(low, high, width)
    assert all(isinstance(tick, int) and low <= tick <= high for tick in ticks)
    places = [round((tick - low) / span * (width - 1)) for tick in ticks]
    ends = [place + len(str(tick)) // 2 for place, tick in zip(places, ticks, strict=True)]
    starts = [place - (len(str(tick)) - 1) // 2 for place, tick in zip(places, ticks, strict=True)]
    assert all(start > end for end, start in zip(ends, starts[1:], strict=False))


def test_labels_have_as_many_decimals_as_tell_them_apart():
    assert tick_labels([0, 0.05, 0.1]) == ["0.00", "0.05", "0.10"]
    assert tick_labels([0, 5, 10]) == ["0", "5", "10"]
    assert tick_labels([0.975, 0.98], percentage=True) == ["97.5 %", "98.0 %"]
    assert tick_labels([0.9, 1.0], percentage=True) == ["90 %", "100 %"]
    assert tick_labels([0, 2_000_000]) == ["0", "2e+06"]
    assert tick_labels([0, 2e30]) == ["0", "2e+30"]

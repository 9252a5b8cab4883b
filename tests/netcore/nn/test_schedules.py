from __future__ import annotations

import pytest

from netcore.nn.schedules import factor
from tests.netcore.reference import cosine


@pytest.mark.parametrize("done", [0, 0.5, 1])
def test_constant_stays(done: float):
    assert factor("constant", done) == 1


@pytest.mark.parametrize(("done", "expected"), [(0, 1), (1 / 3, 0.75), (0.5, 0.5), (2 / 3, 0.25), (1, 0)])
def test_cosine_by_hand(done: float, expected: float):
    assert factor("cosine", done) == pytest.approx(expected, abs=1e-15)
    assert cosine(done) == pytest.approx(expected, abs=1e-15)


def test_an_unknown_word_is_refused():
    with pytest.raises(ValueError, match="'staircase'"):
        factor("staircase", 0.5)


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        (0, 0.04),
        (0.1, 0.28),  # after a third of a half cosine a quarter of the way is done
        (0.15, 0.52),  # half-way points are the means of their ends
        (0.3, 1),
        (0.65, 0.50005),
        (1, 1e-4),
    ],
)
def test_one_cycle_by_hand(done: float, expected: float):
    assert factor("one-cycle", done) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("done", "expected"), [(0, 0.01), (0.1, 0.505), (0.2, 1), (0.6, 0.5), (1, 0)])
def test_a_warm_up_rises_in_a_straight_line_and_the_cosine_has_the_rest(done: float, expected: float):
    assert factor("cosine", done, warmup=0.2) == pytest.approx(expected, abs=1e-12)


def test_a_warm_up_ends_where_the_schedule_begins():
    assert factor("one-cycle", 0, warmup=0.2) == pytest.approx(0.01 * 0.04)
    assert factor("one-cycle", 0.1, warmup=0.2) == pytest.approx(0.505 * 0.04)
    assert factor("one-cycle", 0.2 - 1e-9, warmup=0.2) == pytest.approx(0.04)
    assert factor("one-cycle", 0.2, warmup=0.2) == pytest.approx(0.04)

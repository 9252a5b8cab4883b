"""How numbers are written."""

from __future__ import annotations

import math

import pytest

from tui.render import numbers


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (numbers.percent, 0.98271, "98.27 %"),
        (numbers.percent, 0.0, "0.00 %"),
        (numbers.percent, 1.0, "100.00 %"),
        (numbers.loss, 0.07134, "0.0713"),
        (numbers.loss, 0.005, "0.0050"),
        (numbers.loss, 2.302585, "2.3026"),
        (numbers.loss, 23.5, "23.5000"),
        (numbers.loss, 0.0, "0.0000"),
        (numbers.loss, 0.0000213, "2.1e-05"),
        (numbers.loss, 1234.5, "1234"),
        (numbers.count, 109386, "109,386"),
        (numbers.count, 0, "0"),
        (numbers.learning_rate, 0.05, "0.05"),
        (numbers.learning_rate, 0.0015625, "0.001563"),
        (numbers.duration, 0.04, "0.0 s"),
        (numbers.duration, 4.21, "4.2 s"),
        (numbers.duration, 9.96, "10 s"),
        (numbers.duration, 59.6, "1 min 00 s"),
        (numbers.duration, 65, "1 min 05 s"),
        (numbers.duration, 3599.7, "1 h 00 min"),
        (numbers.duration, 7620, "2 h 07 min"),
        (numbers.duration, 86400, "1 d 00 h"),
        (numbers.duration, 86400 + 20 * 3600, "1 d 20 h"),
        (numbers.duration, 3 * 86400 + 4 * 3600, "3 d 04 h"),
        (numbers.duration, -1, "0.0 s"),
        (numbers.time_left, 65, "1 min 05 s left"),
        (numbers.rate, 950.2, "950 /s"),
        (numbers.rate, 999.7, "1.00 k/s"),
        (numbers.rate, 9996, "10 k/s"),
        (numbers.rate, 182345, "182 k/s"),
        (numbers.rate, 1_250_000, "1.25 M/s"),
    ],
)
def test_a_number_is_written(write, value, text):
    assert write(value) == text


@pytest.mark.parametrize(
    "write",
    [numbers.percent, numbers.loss, numbers.learning_rate, numbers.duration, numbers.time_left, numbers.rate],
)
def test_a_number_that_is_not_there_is_a_dash(write):
    assert [write(value) for value in (None, math.nan, math.inf, -math.inf)] == ["–"] * 4


def test_a_count_that_is_not_there_is_a_dash():
    assert numbers.count(None) == "–"


def test_weights_have_a_sign_and_four_decimals():
    assert numbers.signed(0.41226) == "+0.4123"
    assert numbers.signed(-0.41226) == "-0.4123"
    assert numbers.signed(-0.00001) == numbers.signed(0.0) == "+0.0000"
    assert numbers.signed(2500.0) == "+2.500e+03"
    assert numbers.signed(-123456.0) == "-1.235e+05"
    assert numbers.plain(0.5) == "0.5000"
    assert numbers.plain(-0.5) == "-0.5000"
    assert {numbers.signed(value) for value in (None, math.nan, -math.inf)} == {numbers.NOTHING}

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

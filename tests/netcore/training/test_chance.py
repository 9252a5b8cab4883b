"""What is drawn in a step: the same whatever was drawn before, and in whatever order it is asked for."""

from __future__ import annotations

import numpy as np
import pytest

from netcore.nn.interpolation import Reading
from netcore.training.batches import Batches
from netcore.training.chance import Chance
from netcore.training.common import Step
from netcore.training.config import TrainingConfig
from tests.netcore.toy import TRAIN

BATCHES = Batches(TRAIN, TrainingConfig(augment="warp"), np.zeros((3, 16, 784), np.float32), 16, slice(0, 784))


def chance(number: int = 0, shares: int = 1) -> Chance:
    return Chance(BATCHES, 60, 16, number, shares, used=True)


def step(number: int, key: int = 5) -> Step:
    start = 16 * (number - 1)
    return Step(start, min(start + 16, 60), key, number, 0.1, 1.0, 1.0)


def assert_same(one: Reading | None, other: Reading | None) -> None:
    assert one is not None
    assert other is not None
    np.testing.assert_array_equal(one.indices, other.indices)
    np.testing.assert_array_equal(one.weights, other.weights)


def test_a_step_draws_the_same_alone_and_after_others() -> None:
    walked = chance()
    drawn = {number: (walked.change(step(number)), walked.generator(step(number)).random()) for number in (1, 2, 3, 4)}
    for number, (change, other) in drawn.items():
        alone = chance()
        assert_same(alone.change(step(number)), change)
        assert alone.generator(step(number)).random() == other
        # Who needs no change has it drawn all the same.
        assert chance().generator(step(number)).random() == other
    assert len({other for _, other in drawn.values()}) == 4


def test_what_was_asked_for_in_advance_is_kept() -> None:
    ahead = chance()
    first, second = ahead.change(step(1)), ahead.change(step(2))
    numbers = ahead.generator(step(1)).random(), ahead.generator(step(2)).random()
    with pytest.raises(AssertionError):
        assert_same(first, second)
    assert numbers == (chance().generator(step(1)).random(), chance().generator(step(2)).random())


def test_what_is_forgotten_is_drawn_again_from_the_beginning() -> None:
    drawn = chance()
    expected = drawn.change(step(1))
    drawn.generator(step(1)).random()
    drawn.forget()
    assert_same(drawn.change(step(1)), expected)
    assert drawn.generator(step(1)).random() == chance().generator(step(1)).random()


def test_epochs_and_shares_draw_differently() -> None:
    drawn = [chance().generator(step(1)), chance().generator(step(1, key=6)), chance(1, 2).generator(step(1))]
    assert len({generator.random() for generator in drawn}) == 3

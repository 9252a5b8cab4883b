"""Shares that go at speeds of their own: the same bits, whoever is ahead and whatever was done ahead of a step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from netcore.nn.architecture import Architecture
from netcore.nn.network import Network
from netcore.training.common import Step, layout
from netcore.training.config import TrainingConfig
from netcore.training.memory import private
from netcore.training.share import Share
from tests.netcore.toy import TRAIN

pytestmark = pytest.mark.filterwarnings("error")

ROWS, SHARES, DONE = 60, 3, 1_000_000


def first_step(batch: int) -> Step:
    return Step(start=0, stop=batch, key=7, number=1, rate=0.05, shrink=0.999, follow=0.5)


def shares_and_arrays(**settings: Any) -> tuple[list[Share], Mapping[str, NDArray[Any]]]:
    """All shares of an epoch over 60 images at its beginning."""
    usual = {"layers": "relu(5), softmax(10)", "batch_size": 8, "average": 0.5, "dropout": 0.2}
    config = TrainingConfig(**(usual | settings))
    architecture, rng = Architecture.parse(config.layers), np.random.default_rng(3)
    arrays = private(layout(config, architecture, ROWS, SHARES))
    arrays["parameters"][...] = Network.initialised(architecture, rng).parameters
    arrays["order"][...] = rng.permutation(ROWS)
    return [Share(config, TRAIN, arrays, number) for number in range(SHARES)], arrays


def in_lockstep(shares: list[Share], step: Step, *, ahead: bool = False) -> None:
    """Work on a step as one process does it alone."""
    works = [share.work(step, ahead=ahead) for share in shares]
    while None not in [next(work, None) for work in works]:
        pass


def at_their_own_speed(shares: list[Share], step: Step, choose: Callable[[list[int]], int | None]) -> None:
    """Work to the end of the epoch, as processes do it.

    Args:
        shares: All of them.
        step: The first step.
        choose: Which of these shares goes on, to where it has to wait for others. Asked too when one has just told that
            it has come to a meeting, and may be doing something ahead; None lets that one go on.
    """
    met, waiting_for, going = [0] * SHARES, [0] * SHARES, set[int]()

    def work(number: int) -> Iterator[bool]:
        def tell() -> None:
            met[number] += 1
            while (able := can_go_on()) and (other := choose(able)) is not None:
                go_on(other)

        now: Step | None = step
        while now is not None:
            yield from shares[number].work(now, tell, ahead=True)
            now = now.following(ROWS)
            if now is not None:
                shares[number].begin(now)

    works = [work(number) for number in range(SHARES)]

    def can_go_on() -> list[int]:
        return [number for number in range(SHARES) if number not in going and waiting_for[number] <= min(met)]

    def go_on(number: int) -> None:
        going.add(number)
        waiting_for[number] = DONE if next(works[number], None) is None else met[number]
        going.remove(number)

    while able := can_go_on():
        chosen = choose(able)
        go_on(able[0] if chosen is None else chosen)
    assert waiting_for == [DONE] * SHARES


@pytest.mark.parametrize("augment", ["none", "shift"])
@pytest.mark.parametrize("rows", [1, 100])
@pytest.mark.parametrize("who", ["nobody", "first", "last", "anyone"])
def test_whoever_is_ahead(who: str, rows: int, augment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netcore.training.common.SLICE", rows)  # of one image: three slices for each batch of eight
    rng = np.random.default_rng(5)
    choices: dict[str, Callable[[list[int]], int | None]] = {
        "nobody": lambda _: None,
        "first": lambda able: able[0],
        "last": lambda able: able[-1],
        "anyone": lambda able: rng.choice([*able, None]),
    }
    shares, expected = shares_and_arrays(augment=augment)
    step: Step | None = first_step(8)
    while step is not None:
        in_lockstep(shares, step)
        step = step.following(ROWS)

    shares, arrays = shares_and_arrays(augment=augment)
    at_their_own_speed(shares, first_step(8), choices[who])
    np.testing.assert_array_equal(arrays["parameters"], expected["parameters"])
    np.testing.assert_array_equal(arrays["average"], expected["average"])
    assert arrays["losses"].tolist() == expected["losses"].tolist()


def test_what_has_not_been_gathered_cannot_be_begun() -> None:
    (shares, expected), step = shares_and_arrays(), first_step(8)
    in_lockstep(shares, step)
    shares, arrays = shares_and_arrays()
    for share in shares:
        share.begin(step)
    in_lockstep(shares, step)
    np.testing.assert_array_equal(arrays["parameters"], expected["parameters"])


def test_what_was_begun_with_other_parameters_is_forgotten() -> None:
    settings = {"optimizer": "sgd", "average": 0.0}
    first, second = first_step(8), first_step(8).following(ROWS)
    assert second is not None
    shares, expected = shares_and_arrays(**settings)
    in_lockstep(shares, second)

    shares, arrays = shares_and_arrays(**settings)
    before = arrays["parameters"].copy()
    in_lockstep(shares, first, ahead=True)
    for share in shares:
        share.begin(second)
    arrays["parameters"][...] = before
    arrays["gathered_for"].fill(0)
    for share in shares:
        share.forget()
    in_lockstep(shares, second)
    np.testing.assert_array_equal(arrays["parameters"], expected["parameters"])

"""What may be asked of a run, as values."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import get_args

import pytest

from netcore.errors import SettingError
from netcore.training.steering import Action, Request, Steering

EVERYTHING: list[tuple[Callable[[Steering], None], Request]] = [
    (Steering.pause, Request("pause")),
    (Steering.go_on, Request("go_on")),
    (Steering.toggle_pause, Request("toggle_pause")),
    (Steering.one_epoch, Request("one_epoch")),
    (Steering.stop, Request("stop")),
    (lambda steering: steering.stop(keep=False), Request("throw_away")),
    (lambda steering: steering.scale_learning_rate(0.5), Request("scale_learning_rate", 0.5)),
    (lambda steering: steering.set_learning_rate(0.003), Request("set_learning_rate", 0.003)),
]


class Listening(Steering):
    """Keeps what is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Request] = []

    def request(self, request: Request) -> None:
        self.asked.append(request)


def test_each_wish_is_a_request_of_its_own():
    steering = Listening()
    for wish, _ in EVERYTHING:
        wish(steering)
    assert steering.asked == [request for _, request in EVERYTHING]
    assert {request.action for request in steering.asked} == set(get_args(Action))


@pytest.mark.parametrize("value", [0, -1, math.nan, math.inf, None, "much", []])
def test_a_rate_that_cannot_work_is_none(value: float):
    with pytest.raises(SettingError, match=rf"^learning rate: {re.escape(repr(value))} does not work; use a number "):
        Request("set_learning_rate", value)
    with pytest.raises(SettingError, match=r"^factor of the learning rate: "):
        Request("scale_learning_rate", value)


@pytest.mark.parametrize("action", ["explode", "", None])
def test_what_cannot_be_asked_is_none(action: str):
    with pytest.raises(SettingError, match=rf"action: {action!r} is unknown; use one of pause, "):
        Request(action)

"""What a person may ask of a run that trains, as values: the way back, as events are the way there.

`netcore.training.controls.Controls` takes them in the process that trains; `netcore.runs.requests.RemoteControls`
brings them to it from another.
"""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Literal, get_args

from netcore.errors import SettingError

__all__ = ["Action", "Request", "Steering"]

Action = Literal[
    "pause", "go_on", "toggle_pause", "one_epoch", "stop", "throw_away", "scale_learning_rate", "set_learning_rate"
]


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks for.

    Attributes:
        action: What is to be done.
        value: For the learning rate: the factor, or the rate.
    """

    action: Action
    value: float = 1.0

    def __post_init__(self) -> None:
        if self.action not in get_args(Action):
            raise SettingError("action", f"{self.action!r} is unknown; use one of {', '.join(get_args(Action))}")
        if not isinstance(self.value, int | float) or not 0 < self.value <= sys.float_info.max:
            setting = "factor of the learning rate" if self.action == "scale_learning_rate" else "learning rate"
            raise SettingError(setting, f"{self.value!r} does not work; use a number above 0")


class Steering(ABC):
    """Pause, one epoch, stop, another learning rate, of a run of this process or of another one.

    Attributes:
        stopping: Whether a stop was asked for here.
        keep: What that means for the model: save it (True) or throw the run away.
    """

    def __init__(self) -> None:
        self.stopping = False
        self.keep = True

    @abstractmethod
    def request(self, request: Request) -> None:
        """Ask for something; it is done within a batch, or waits until the run is being trained."""

    def pause(self) -> None:
        """Wait after the present batch."""
        self.request(Request("pause"))

    def go_on(self) -> None:
        """Go on after a pause, to the end."""
        self.request(Request("go_on"))

    def toggle_pause(self) -> None:
        """Pause, or go on."""
        self.request(Request("toggle_pause"))

    def one_epoch(self) -> None:
        """Go on to the end of the present epoch, then pause."""
        self.request(Request("one_epoch"))

    def stop(self, *, keep: bool = True) -> None:
        """End the run after the present batch, and keep what it has learned or throw it away."""
        self.request(Request("stop" if keep else "throw_away"))

    def scale_learning_rate(self, factor: float) -> None:
        """Multiply the learning rate, e.g. by 2 or 0.5.

        Raises:
            SettingError: The factor is not a number above 0.
        """
        self.request(Request("scale_learning_rate", factor))

    def set_learning_rate(self, rate: float) -> None:
        """Set the learning rate now in force; the schedule goes on from there.

        Raises:
            SettingError: The rate is not a number above 0.
        """
        self.request(Request("set_learning_rate", rate))

"""What a person may do to a run while it trains: the one way from a screen to the loop.

Each wish is a `Request`, a value as events are. `Steering` makes them, whichever process trains; `Controls` takes them
in the process that does: from any thread, at any time. The loop asks ``pending`` at each batch, which costs nothing,
and only then the rest. Everything takes effect within one batch.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from threading import Condition
from typing import Literal, get_args

from netcore.errors import SettingError
from netcore.training.events import Mode

__all__ = ["Action", "Controls", "Request", "Steering"]

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
        if not isinstance(self.value, int | float) or not 0 < self.value < math.inf:
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


class Controls(Steering):
    """Steers a run of this process, and can leave it to another process.

    Attributes:
        pending: Something was asked for that the loop has not seen yet, or it is to wait or to end.
    """

    def __init__(self) -> None:
        super().__init__()
        self._condition = Condition()
        self._paused = False
        self._one_epoch = False
        self._detaching = False
        self._factor = 1.0
        self._rate: float | None = None
        self.pending = False

    def request(self, request: Request) -> None:
        """Have it done within a batch."""
        with self._condition:
            match request.action:
                case "pause" | "go_on" | "one_epoch" as mode:
                    self._paused, self._one_epoch = mode == "pause", mode == "one_epoch"
                case "toggle_pause":
                    self._paused, self._one_epoch = not self._paused, False
                case "stop" | "throw_away" as end:
                    self.stopping, self.keep = True, end == "stop"
                case "set_learning_rate":
                    self._rate, self._factor = request.value, 1.0
                case "scale_learning_rate":
                    self._factor *= request.value
            self.pending = True
            self._condition.notify_all()

    def detach(self) -> None:
        """Leave the run after the present batch for another process to go on with, unless it is to stop."""
        with self._condition:
            self._detaching = self.pending = True
            self._condition.notify_all()

    # What the loop asks.

    @property
    def paused(self) -> bool:
        """Whether the loop is to wait."""
        return self._paused and not self.ending

    @property
    def detaching(self) -> bool:
        """Whether another process is to go on with the run."""
        return self._detaching and not self.stopping

    @property
    def ending(self) -> bool:
        """Whether the loop is to end, for whichever reason."""
        return self._detaching or self.stopping

    @property
    def mode(self) -> Mode:
        """What the run is doing, for the process that goes on with it."""
        return "pause" if self._paused else "one_epoch" if self._one_epoch else "go_on"

    def take_learning_rate(self, rate: float) -> float:
        """The rate to use from now on, given the one in force; what was asked for is thereby done."""
        with self._condition:
            new = (rate if self._rate is None else self._rate) * self._factor
            self._rate, self._factor = None, 1.0
            self.pending = self._paused or self.ending
            return new

    def wait(self) -> None:
        """Wait until the pause ends, the loop is to end, or another learning rate is asked for."""
        with self._condition:
            self._condition.wait_for(lambda: not self.paused or self._rate is not None or self._factor != 1.0)

    def epoch_finished(self) -> None:
        """Tell that an epoch is done: where one epoch was asked for, this begins the pause."""
        with self._condition:
            if self._one_epoch:
                self._paused, self._one_epoch, self.pending = True, False, True

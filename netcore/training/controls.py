"""What a person wants of the run that this process trains: the one way from a screen to the loop.

Any thread may ask at any time. The loop looks at ``pending`` at each batch, which costs nothing, and only then at the
rest. Everything takes effect within one batch.
"""

from __future__ import annotations

import math
from threading import Condition

from netcore.training.events import Mode
from netcore.training.steering import Request, Steering

__all__ = ["Controls"]


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
            if not 0 < new < math.inf:  # each factor is one that can be, but not the product of many
                new = rate
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

"""What a person may do to a run while it trains: the one way from a screen to the loop.

Any thread may call the upper half at any time; the loop asks ``pending`` at each batch, which costs nothing, and only
then the lower half. Everything takes effect within one batch.
"""

from __future__ import annotations

import math
from threading import Condition

from netcore.errors import SettingError

__all__ = ["Controls"]


class Controls:
    """Pause, one epoch, stop, another learning rate.

    Attributes:
        pending: Something was asked for that the loop has not seen yet, or it is to wait.
        keep: What a stop means for the model: save it (True) or throw the run away.
    """

    def __init__(self) -> None:
        self._condition = Condition()
        self._paused = False
        self._stopping = False
        self._one_epoch = False
        self._factor = 1.0
        self._rate: float | None = None
        self.pending = False
        self.keep = True

    # What a person does.

    def pause(self) -> None:
        """Wait after the present batch."""
        self._ask(paused=True)

    def go_on(self) -> None:
        """Go on after a pause, to the end."""
        self._ask(paused=False)

    def toggle_pause(self) -> None:
        """Pause, or go on."""
        self._ask(paused=not self._paused)

    def one_epoch(self) -> None:
        """Go on to the end of the present epoch, then pause."""
        self._ask(paused=False, one_epoch=True)

    def stop(self, *, keep: bool = True) -> None:
        """End the run after the present batch, and keep what it has learned or throw it away."""
        with self._condition:
            self._stopping, self.keep, self.pending = True, keep, True
            self._condition.notify_all()

    def scale_learning_rate(self, factor: float) -> None:
        """Multiply the learning rate, e.g. by 2 or 0.5.

        Raises:
            SettingError: The factor is not a number above 0.
        """
        _check("factor of the learning rate", factor)
        with self._condition:
            if self._rate is not None:
                self._rate *= factor
            else:
                self._factor *= factor
            self.pending = True
            self._condition.notify_all()

    def set_learning_rate(self, rate: float) -> None:
        """Set the learning rate now in force; the schedule goes on from there.

        Raises:
            SettingError: The rate is not a number above 0.
        """
        _check("learning rate", rate)
        with self._condition:
            self._rate, self._factor, self.pending = rate, 1.0, True
            self._condition.notify_all()

    def _ask(self, *, paused: bool, one_epoch: bool = False) -> None:
        with self._condition:
            self._paused, self._one_epoch, self.pending = paused, one_epoch, True
            self._condition.notify_all()

    # What the loop asks.

    @property
    def paused(self) -> bool:
        """Whether the loop is to wait."""
        return self._paused and not self._stopping

    @property
    def stopping(self) -> bool:
        """Whether the run is to end."""
        return self._stopping

    def take_learning_rate(self, rate: float) -> float:
        """The rate to use from now on, given the one in force; what was asked for is thereby done."""
        with self._condition:
            new = (rate if self._rate is None else self._rate) * self._factor
            self._rate, self._factor = None, 1.0
            self.pending = self._paused or self._stopping
            return new

    def wait(self) -> None:
        """Wait until the pause ends, the run is to stop, or another learning rate is asked for."""
        with self._condition:
            self._condition.wait_for(lambda: not self.paused or self._rate is not None or self._factor != 1.0)

    def epoch_finished(self) -> None:
        """Tell that an epoch is done: where one epoch was asked for, this begins the pause."""
        with self._condition:
            if self._one_epoch:
                self._paused, self._one_epoch, self.pending = True, False, True


def _check(setting: str, value: float) -> None:
    if not 0 < value < math.inf:
        raise SettingError(setting, f"{value!r} does not work; use a number above 0")

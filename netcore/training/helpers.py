"""The processes that help with a run: started, called to each step, waited for where they meet, and sent away.

Each helper runs `netcore.training.partner`. They and the process that leads the run count the meetings that they come
to, in memory that all see. In a step they meet as often as `netcore.training.share.Share.work` yields; after it a
helper tells twice more: when its parameters have moved, and when it is done with what it can begin ahead.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Mapping
from struct import Struct
from typing import Any

from numpy.typing import NDArray

from netcore.resources import environment_for_python
from netcore.training.common import Step
from netcore.training.meeting import Meeting
from netcore.training.memory import Layout, Memory

__all__ = ["CALL", "Helpers", "cell_of", "read_call"]

_STEP = Struct("4q3d")
"""How a step is handed on."""

CALL = 0
"""The cell in which the leader counts the steps that it calls the others to."""

_PATIENCE = 0.05
"""Seconds after which the leader looks whether a helper that it waits for is still there."""


class Helpers:
    """The helpers of a run, none at first.

    Attributes:
        met: The meeting that the leader has last come to.
    """

    def __init__(self, memory: Memory, shares: int) -> None:
        """Prepare to lead them.

        Args:
            memory: What all see; of the arrays in `layout` too.
            shares: Of each step; the leader has the first.
        """
        self._memory, self._shares = memory, shares
        self._meeting, self._step = Meeting(memory.arrays["cells"]), memory.arrays["step"].data
        self._others: list[subprocess.Popen[bytes]] = []
        self._called = 0
        self._all_ready = False
        self.met = 0

    @staticmethod
    def layout(shares: int) -> Layout:
        """The arrays by which they are led."""
        return {"cells": ("i8", (Meeting.numbers(1 + 2 * shares),)), "step": ("u1", (_STEP.size,))}

    def start(self, task: Mapping[str, Any]) -> None:
        """Start one for each share but the first; they take part as soon as they are ready.

        Args:
            task: What they need to know, as plain values, besides the memory and their number.
        """
        self._called, self.met = 0, 1  # the first meeting is their being ready
        self._memory.arrays["cells"].fill(0)
        for number in range(1, self._shares):
            other = subprocess.Popen(
                (sys.executable, "-m", "netcore.training.partner"),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(self._memory.file,),
                env=environment_for_python(),
                start_new_session=True,  # Ctrl-C and a lost connection are the leader's to deal with
            )
            self._others.append(other)
            if other.stdin is not None:
                told = {**task, "file": self._memory.file, "layout": self._memory.layout, "number": number}
                other.stdin.write(json.dumps(told).encode() + b"\n")
                other.stdin.flush()

    def dismiss(self) -> None:
        """Send them away."""
        for other in self._others:
            other.kill()  # between two steps there is nothing in it that is not here too
            other.communicate()
        self._others, self._all_ready = [], False

    @property
    def there(self) -> bool:
        """Whether there are any."""
        return bool(self._others)

    @property
    def ready(self) -> bool:
        """Whether all have started, and can be called."""
        if self._others and not self._all_ready:
            self._all_ready = all(self._meeting.told(cell_of(number)) for number in range(1, self._shares))
        return self._all_ready

    def call(self, step: Step) -> None:
        """Have them begin with a step."""
        self._called += 1
        _STEP.pack_into(self._step, 0, *step)
        self._meeting.tell(CALL, self._called)
        for number, other in enumerate(self._others, start=1):
            if self._meeting.told(cell_of(number, asleep=True)) and other.stdin is not None:
                with contextlib.suppress(BrokenPipeError):  # it has gone: seen when it is waited for
                    other.stdin.write(b".")
                    other.stdin.flush()

    def tell(self) -> None:
        """Say that the leader has come to the next meeting."""
        self.met += 1
        self._meeting.tell(cell_of(0), self.met)

    def end_step(self) -> int:
        """Count the meetings after a step, to which the leader does not come; return that of moved parameters."""
        self.met += 2
        return self.met - 1

    def wait(self, met: int) -> bool:
        """Wait until all have come to that meeting; return whether they have: else one of them has gone."""
        if not self._called:
            return True
        for number, other in enumerate(self._others, start=1):
            gone = False  # asked before the last look: one may come to the meeting, move its parameters and then go
            while not self._meeting.wait(cell_of(number), met, _PATIENCE):
                if gone:
                    return False
                gone = other.poll() is not None
        return True


def cell_of(worker: int, *, asleep: bool = False) -> int:
    """Where a worker counts the meetings it has come to, its being ready as the first, or says that it sleeps."""
    return 1 + 2 * worker + asleep


def read_call(arrays: Mapping[str, NDArray[Any]]) -> Step:
    """The step that the others were called to."""
    return Step(*_STEP.unpack_from(arrays["step"].data))

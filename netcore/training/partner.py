"""A process that helps with a run: ``python -m netcore.training.partner``, see `netcore.training.helpers`.

It is told what to do by one line of JSON on its standard input, and ends when that closes: with the process that
trains, however that ends.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import select
import sys

import numpy as np

from netcore.datasets.library import Part
from netcore.nn.threads import use_threads
from netcore.training.config import TrainingConfig
from netcore.training.helpers import CALL, cell_of, read_call
from netcore.training.meeting import Meeting
from netcore.training.memory import Memory
from netcore.training.share import Share

__all__: list[str] = []

_AWAKE = 0.002
"""Seconds without a call after which it sleeps until it is woken: the run pauses, or measures what it has learned."""


class _Gone(Exception):
    """The process that trains has gone, or needs no help any more."""


def main() -> None:
    """Work until standard input closes."""
    task = json.loads(_line())
    use_threads(1)  # each has a core to itself
    memory = Memory({name: (kind, tuple(shape)) for name, (kind, shape) in task["layout"].items()}, task["file"])
    arrays, number = memory.arrays, task["number"]
    mapped = task["images"]
    images = (
        arrays["images"]
        if mapped is None
        else np.memmap(mapped["path"], np.uint8, "r", mapped["offset"], tuple(mapped["shape"]))
    )
    share = Share(TrainingConfig.from_json(task["config"]), Part(images, arrays["labels"]), arrays, number)
    others = [other for other in range(len(arrays["losses"])) if other != number]
    meeting, met = Meeting(arrays["cells"]), 0

    def tell() -> None:
        nonlocal met
        met += 1
        meeting.tell(cell_of(number), met)

    with np.errstate(all="ignore"), contextlib.suppress(_Gone):
        tell()  # ready
        for called in itertools.count(1):
            _await_call(meeting, called, number)
            step = read_call(arrays)
            work = share.work(step, tell, ahead=True)
            while next(work, None) is not None:
                for other in others:
                    while not meeting.wait(cell_of(other), met, _AWAKE):
                        _rest(0.001)
            tell()
            following = step.following(len(arrays["order"]))
            if following is not None:
                share.begin(following)
            tell()


def _await_call(meeting: Meeting, called: int, number: int) -> None:
    """Wait for the next step, asleep if it takes long."""
    while not meeting.wait(CALL, called, _AWAKE):
        meeting.tell(cell_of(number, asleep=True), 1)
        if meeting.told(CALL) < called:
            _rest(1.0)
        meeting.tell(cell_of(number, asleep=True), 0)


def _rest(seconds: float) -> None:
    """Sleep until woken, for so many seconds at the most.

    Raises:
        _Gone: The process that trains has closed the pipe.
    """
    if select.select([0], [], [], seconds)[0] and not os.read(0, 64):
        raise _Gone


def _line() -> bytes:
    """The first line of standard input, read unbuffered: `select` would not see what a buffer holds."""
    line = b""
    while not line.endswith(b"\n"):
        piece = os.read(0, 1)
        if not piece:
            sys.exit(1)
        line += piece
    return line


if __name__ == "__main__":
    main()

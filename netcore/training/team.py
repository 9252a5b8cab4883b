"""The shares of a run at work: each in a process of its own where that pays, else one after the other in this one.

The processes are started when training begins and take part as soon as they are ready; until then, and whenever the
machine is too busy for them, this process does all the work. The numbers are the same, to the bit.

Processes and not threads: between the matrix products a step consists of some forty short calls, for which threads of
Python take turns. Two threads with half a batch each were measured slower than one with all of it, two processes 1.6
times faster.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from struct import Struct
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcore.datasets.library import Part
from netcore.errors import WorkerLost
from netcore.nn.turns import products
from netcore.resources import environment_for_python
from netcore.training.common import Step, layout, total_loss
from netcore.training.config import TrainingConfig
from netcore.training.meeting import Meeting
from netcore.training.memory import Layout, Memory
from netcore.training.pace import Pace
from netcore.training.share import Share

__all__ = ["CALL", "Team", "cell_of", "read_call"]

_STEP = Struct("4q3d")
"""How a step is handed on."""

CALL = 0
"""The cell in which the first worker counts the steps that it calls the others to."""


class Team:
    """All shares of a run.

    Attributes:
        arrays: What they have in common, see `netcore.training.common.layout`.
    """

    def __init__(self, config: TrainingConfig, part: Part, rows: int, shares: int) -> None:
        """Make the arrays and the work arrays; nothing is started yet.

        Args:
            config: Of the run.
            part: All images and labels of the training part.
            rows: How many of them are trained on.
            shares: Parts of each batch.
        """
        self._config, self._rows = config, rows
        wanted: Layout = layout(config, config.architecture(part.pixels.shape[1]), rows, shares)
        self._memory: Memory | None = None
        self._images: dict[str, Any] | None = None
        self.arrays: Mapping[str, NDArray[Any]]
        if shares == 1:
            self.arrays = {name: np.zeros(shape, kind) for name, (kind, shape) in wanted.items()}
        else:
            part = self._hand_on(part, wanted, shares)
        self._shares = [Share(config, part, self.arrays, number) for number in range(shares)]
        self._others: list[subprocess.Popen[bytes]] = []
        self._pace = Pace()
        self._called = self._met = self._moved = 0
        self._ready, self._settled = False, True

    def _hand_on(self, part: Part, wanted: Layout, shares: int) -> Part:
        """Put all that the others need into shared memory; return the images as they lie there."""
        images = part.images
        common = {
            **wanted,
            "labels": (part.labels.dtype.str, part.labels.shape),
            "cells": ("i8", (Meeting.numbers(1 + 2 * shares),)),
            "step": ("u1", (_STEP.size,)),
        }
        if isinstance(images, np.memmap) and images.filename is not None:
            # They may be more than memory holds: the others map the same file.
            self._images = {"path": str(images.filename), "offset": images.offset, "shape": images.shape}
        else:
            common["images"] = ("u1", images.shape)
        self._memory = Memory(common)
        self.arrays = self._memory.arrays
        self._meeting = Meeting(self.arrays["cells"])
        self.arrays["labels"][...] = part.labels
        if self._images is None:
            self.arrays["images"][...] = images
            images = self.arrays["images"]
        return Part(images, self.arrays["labels"])

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """Have the other processes help until the end of the ``with``."""
        self._start()
        try:
            yield
        finally:
            try:
                self.settle()
            finally:
                self._dismiss()

    def _start(self) -> None:
        if self._memory is None:
            return
        self._pace, self._called, self._met = Pace(), 0, 1
        self.arrays["cells"].fill(0)
        for number in range(1, len(self._shares)):
            task = {
                "file": self._memory.file,
                "layout": self._memory.layout,
                "images": self._images,
                "config": self._config.to_json(),
                "number": number,
            }
            other = subprocess.Popen(
                (sys.executable, "-m", "netcore.training.partner"),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(self._memory.file,),
                env=environment_for_python(),
                start_new_session=True,  # Ctrl-C and a lost connection are the first one's to deal with
            )
            self._others.append(other)
            if other.stdin is not None:
                other.stdin.write(json.dumps(task).encode() + b"\n")
                other.stdin.flush()

    def _dismiss(self) -> None:
        """Send the others away."""
        for other in self._others:
            other.kill()  # between two steps there is nothing in it that is not here too
            other.communicate()
        self._others, self._ready = [], False

    def step(self, step: Step) -> tuple[float, int]:
        """Train on a batch.

        Returns:
            The loss summed over its images (nats), and how many were right. Where the loss is not a finite number,
            nothing was changed.

        Raises:
            WorkerLost: Another process has gone in the middle of it.
        """
        begin = perf_counter()
        together = self._pace.together and self._all_ready()
        if together:
            self._call(step)
            together = self._do_together(step)
        if not together:
            self._do_alone(step)
        if self._others:
            self._pace.count(perf_counter() - begin, together=together)
        return total_loss(self.arrays), sum(self.arrays["correct"].tolist())

    def settle(self) -> None:
        """Wait until all have moved their parameters in the last step; before that nobody should look at them.

        Raises:
            WorkerLost: One has gone before it had.
        """
        if not self._settled:
            if not self._wait_for_others(self._moved):
                raise WorkerLost("a process that shares the work was killed; mnist-tui resume goes on with the run")
            self._settled = True

    def forget(self) -> None:
        """Forget what was gathered, drawn and done ahead."""
        self.arrays["gathered_for"].fill(0)
        for share in self._shares:
            share.forget()

    def _go_on(self, works: Sequence[Iterator[bool]]) -> bool:
        """Do these shares' work up to where they meet; return whether there is more."""
        # A snapshot for the screen must not see half of an update. For a part of a step: `all` takes seconds.
        with products:
            more = [next(work, False) for work in works]
        return all(more)

    def _do_alone(self, step: Step) -> None:
        """Do all shares' work in this process."""
        self.settle()
        if self._called:
            self._wait_for_others(self._met)  # until they are done with what they had begun
        works = [share.work(step) for share in self._shares]
        while self._go_on(works):
            pass

    def _do_together(self, step: Step) -> bool:
        """Do the first share's work, while others do theirs; they may still be at it at the end, see `settle`.

        Returns:
            Whether it was done. Else one has gone, all are dismissed, and nothing was changed.

        Raises:
            WorkerLost: One has gone that had not yet moved its parameters in the step before.
        """
        work = [self._shares[0].work(step, self._tell, ahead=True)]
        while self._go_on(work):
            if not self._wait_for_others(self._met):
                self.settle()
                self._dismiss()
                self.forget()
                return False
            self._settled = True
        # Next they tell that they have moved their parameters, and then that they have begun with what follows.
        self._moved, self._met, self._settled = self._met + 1, self._met + 2, False
        return True

    def _tell(self) -> None:
        """Say that this process has come to the next meeting."""
        self._met += 1
        self._meeting.tell(cell_of(0), self._met)

    def _all_ready(self) -> bool:
        """Whether all others have come to their first meeting, and can be called."""
        if self._others and not self._ready:
            self._ready = all(self._meeting.told(cell_of(number)) for number in range(1, len(self._shares)))
        return self._ready

    def _call(self, step: Step) -> None:
        """Have the others begin with a step."""
        self._called += 1
        _STEP.pack_into(self.arrays["step"], 0, *step)
        self._meeting.tell(CALL, self._called)
        for number, other in enumerate(self._others, start=1):
            if self._meeting.told(cell_of(number, asleep=True)) and other.stdin is not None:
                with contextlib.suppress(BrokenPipeError):  # it has gone: seen when it is waited for
                    other.stdin.write(b".")
                    other.stdin.flush()

    def _wait_for_others(self, met: int) -> bool:
        """Wait until all others have come to that meeting; return whether they have: else one of them has gone."""
        for number, other in enumerate(self._others, start=1):
            while not self._meeting.wait(cell_of(number), met, patience=0.05):
                if other.poll() is not None:
                    return False
        return True


def cell_of(worker: int, *, asleep: bool = False) -> int:
    """Where a worker counts the meetings it has come to, its being ready as the first, or says that it sleeps."""
    return 1 + 2 * worker + asleep


def read_call(arrays: Mapping[str, NDArray[Any]]) -> Step:
    """The step that the others were called to."""
    return Step(*_STEP.unpack_from(arrays["step"]))

"""The shares of a run at work: each in a process of its own where that pays, else one after the other in this one.

The processes are started when training begins and take part as soon as they are ready; until then, and whenever the
machine is too busy for them, this process does all the work. The numbers are the same, to the bit.

Processes and not threads: between the matrix products a step consists of some forty short calls, for which threads of
Python take turns. Two threads with half a batch each were measured slower than one with all of it, two processes 1.6
times faster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from numpy.typing import NDArray

from netcore.datasets.library import Part
from netcore.errors import WorkerLost
from netcore.nn.turns import products
from netcore.training.common import Step, layout, total_loss
from netcore.training.config import TrainingConfig
from netcore.training.helpers import Helpers
from netcore.training.memory import Layout, Memory, private
from netcore.training.pace import Pace
from netcore.training.pixels import mapped_file
from netcore.training.share import Share

__all__ = ["Team"]


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
        self._config = config
        wanted: Layout = layout(config, config.architecture(part.pixels.shape[1]), rows, shares)
        self._helpers: Helpers | None = None
        self._images: dict[str, Any] | None = None
        self.arrays: Mapping[str, NDArray[Any]]
        if shares == 1:
            self.arrays = private(wanted)
        else:
            try:
                part = self._hand_on(part, wanted, shares)
            except OSError:  # no memory that others see: this process does all of the work
                self.arrays = private(wanted)
        self._shares = [Share(config, part, self.arrays, number) for number in range(shares)]
        self._pace = Pace()
        self._moved = 0  # the meeting at which all have moved their parameters in the last step
        self._settled = True  # whether all have come to it

    def _hand_on(self, part: Part, wanted: Layout, shares: int) -> Part:
        """Put all that the others need into shared memory; return the images as they lie there."""
        images = part.images
        common = {**wanted, "labels": (part.labels.dtype.str, part.labels.shape), **Helpers.layout(shares)}
        mapped = mapped_file(images)
        if mapped is not None:
            # They may be more than memory holds: the others map the same file.
            self._images = {"path": mapped[0], "offset": mapped[1], "shape": images.shape}
        else:
            common["images"] = ("u1", images.shape)
        memory = Memory(common)
        self._helpers, self.arrays = Helpers(memory, shares), memory.arrays
        self.arrays["labels"][...] = part.labels
        if self._images is None:
            self.arrays["images"][...] = images
            images = self.arrays["images"]
        return Part(images, self.arrays["labels"])

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Have other processes help until the end of the ``with``."""
        if self._helpers is None:
            yield
            return
        self._pace = Pace()
        try:
            self._helpers.start({"config": self._config.to_json(), "images": self._images})
        except OSError:  # no process could be started: this one does all of the work
            self._helpers.dismiss()
        try:
            yield
        finally:
            try:
                self.settle()
            finally:
                self._helpers.dismiss()

    def step(self, step: Step) -> tuple[float, int]:
        """Train on a batch.

        Returns:
            The loss summed over its images (nats), and how many were right. Where the loss is not a finite number,
            nothing was changed.

        Raises:
            WorkerLost: Another process has gone in the middle of it.
        """
        begin = perf_counter()
        helpers = self._helpers
        together = helpers is not None and self._pace.together and helpers.ready
        if helpers is not None and together:
            helpers.call(step)
            together = self._do_together(step, helpers)
        if not together:
            self._do_alone(step)
        if helpers is not None and helpers.there:
            self._pace.count(perf_counter() - begin, together=together)
        return total_loss(self.arrays), sum(self.arrays["correct"].tolist())

    def settle(self) -> None:
        """Wait until all have moved their parameters in the last step; before that nobody should look at them.

        Raises:
            WorkerLost: One has gone before it had.
        """
        if not self._settled:
            if self._helpers is not None and not (self._helpers.there and self._helpers.wait(self._moved)):
                raise WorkerLost("a process that shares the work was killed; mnist-tui resume goes on with the run")
            self._settled = True

    def forget(self) -> None:
        """Forget what was gathered, drawn and done ahead."""
        self.arrays["gathered_for"].fill(0)
        for share in self._shares:
            share.forget()

    def _do_alone(self, step: Step) -> None:
        """Do all shares' work in this process."""
        self.settle()
        # Until they are done with what they have begun. Where one has gone, the others, which may not be, are ended.
        if self._helpers is not None and not self._helpers.wait(self._helpers.met):
            self._helpers.dismiss()
        works = [share.work(step) for share in self._shares]
        more = True
        while more:
            with products:  # for a slice of a batch at the most: `all` takes seconds
                more = None not in [next(work, None) for work in works]

    def _do_together(self, step: Step, helpers: Helpers) -> bool:
        """Do the first share's work, while others do theirs; they may still be at it at the end, see `settle`.

        Returns:
            Whether it was done. Else one has gone, all are dismissed, and nothing was changed.

        Raises:
            WorkerLost: One has gone that had not yet moved its parameters in the step before.
        """
        work = self._shares[0].work(step, helpers.tell, ahead=True)
        moving, there = False, True
        while there and not moving:
            with products:
                moving = next(work)
                # Behind the last meeting all move their parameters, each in its own time: whoever takes a snapshot then
                # finds those of this process moved, and has to settle for the others'.
                if moving and (there := helpers.wait(helpers.met)):
                    next(work, None)
                    self._moved, self._settled = helpers.end_step(), False
            if not moving and (there := helpers.wait(helpers.met)):
                self._settled = True
        if not there:
            self.settle()
            helpers.dismiss()
            self.forget()
        return there

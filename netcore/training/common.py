"""What the workers of a run have in common: the arrays that all of them see, and what they are told to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from numpy.typing import NDArray

from netcore.nn.architecture import Architecture
from netcore.nn.network import SLICE
from netcore.nn.optimizers import remembered
from netcore.training.config import TrainingConfig
from netcore.training.memory import Layout

__all__ = ["Step", "layout", "part_of", "pixels_of", "total_loss"]


_FIRST, _FURTHER = 3, 2
"""Places for the first images of a step: those of one step, of the next, which are gathered ahead, and of the one
before, which another share may still be working on. And for further slices of a large batch, in turn."""


class Step(NamedTuple):
    """What is to be done in a step: whole numbers and then real ones, as they are handed on.

    Attributes:
        start: Where the batch begins in the order of the epoch.
        stop: Where it ends.
        key: Random number of the epoch, which with the numbers of step and share seeds what is drawn in it.
        number: Of the step in the run, from 1.
        rate: Learning rate.
        shrink: Factor of all weights: decoupled weight decay.
        follow: How far the running average moves towards the parameters, in (0, 1].
    """

    start: int
    stop: int
    key: int
    number: int
    rate: float
    shrink: float
    follow: float

    def place(self, cut: int) -> int:
        """Where the images of one of its slices are gathered, so that none is overwritten before all have used it."""
        return _FIRST + cut % _FURTHER if cut else self.number % _FIRST

    def following(self, rows: int) -> Step | None:
        """The next step of an epoch over so many rows, at the same rate; None where there is none."""
        if self.stop >= rows:
            return None
        stop = min(2 * self.stop - self.start, rows)
        return Step(self.stop, stop, self.key, self.number + 1, self.rate, self.shrink, self.follow)


def layout(config: TrainingConfig, architecture: Architecture, rows: int, shares: int) -> Layout:
    """The arrays that all shares of a run have in common, for `netcore.training.memory.Memory`.

    - ``parameters`` and ``optimizer.NAME``, (parameters,) each; ``average`` too where the settings ask for it.
    - ``gradients`` (shares, parameters), ``losses`` and ``correct`` (shares,): what each share has found.
    - ``order`` (rows,): the numbers of the epoch's images.
    - ``gathered`` (places, slice, pixels): where images are gathered, see `Step.place`; if they are changed at random
      ``changed`` (places, pixels, slice) instead, what the network is given. ``gathered_for`` (shares,): the step for
      which each share has last gathered its part of the first images.
    - ``sums`` (shares, slice, neurons): what each share's pixels add to the first layer's sums. ``deltas`` (slice,
      neurons): the gradient of these sums.

    A slice is a batch; a large one is worked off in several whose gradients add up, so that memory stays the same for
    any size.
    """
    size = architecture.parameters
    batch = config.images_a_step(rows)
    at_a_time, neurons = min(batch, SLICE * shares), architecture.sizes[1]
    places = _FIRST + (_FURTHER if at_a_time < batch else 0)
    return {
        "parameters": ("f4", (size,)),
        **({"average": ("f4", (size,))} if config.average else {}),
        **{f"optimizer.{name}": ("f4", (size,)) for name in remembered(config.optimizer)},
        "gradients": ("f4", (shares, size)),
        "losses": ("f8", (shares,)),
        "correct": ("i8", (shares,)),
        "order": ("i8", (rows,)),
        **(
            {"gathered": ("u1", (places, at_a_time, architecture.inputs))}
            if config.augment == "none"
            else {"changed": ("f4", (places, architecture.inputs, at_a_time))}
        ),
        "gathered_for": ("i8", (shares,)),
        "sums": ("f4", (shares, at_a_time, neurons)),
        "deltas": ("f4", (at_a_time, neurons)),
    }


def part_of(count: int, number: int, shares: int) -> slice:
    """Which of so many things are a share's: about as many for each, in order."""
    return slice(count * number // shares, count * (number + 1) // shares)


_MOVE, _TAKE, _LEAD = 35, 17, 1.2e6
"""What moving a parameter, taking a pixel of an image, and leading a step cost: in multiplications and additions within
a matrix product, of 23 picoseconds each, as measured with the reference job."""


def pixels_of(architecture: Architecture, images: int, number: int, shares: int) -> slice:
    """Which of the pixels are a share's, so that all shares have about as much to do with so many images at a time.

    The first one, which leads, gets fewer, and so does the last one, which moves all parameters behind the first layer.
    """
    pixels, neurons = architecture.sizes[:2]
    each = neurons * (2 * images + _MOVE) + images * _TAKE
    last = _MOVE * (architecture.parameters - pixels * neurons)
    work = (_LEAD + pixels * each + last) / shares

    def begin(share: int) -> int:
        # Never far from even: what small networks cost does not come from multiplying.
        even, room = pixels * share / shares, 0.5 * pixels / shares if 0 < share < shares else 0
        return round(min(max((share * work - _LEAD) / each, even - room), even + room))

    return slice(begin(number), begin(number + 1))


def total_loss(arrays: Mapping[str, NDArray[Any]]) -> float:
    """Of the batch, summed over its images (nats), once all shares have found theirs."""
    return float(sum(arrays["losses"].tolist()))

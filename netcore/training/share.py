"""One worker's part in a training step: the gradient over its rows of the batch, then its slice of the update.

A batch is cut into as many shares as there are workers, and their gradients are added up in the order of the shares.
So the numbers depend on how many shares there are and not on who computes them: a process for each, or one for all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcore.datasets.library import Part
from netcore.nn.activations import Array
from netcore.nn.architecture import Architecture
from netcore.nn.backpropagation import Backpropagation
from netcore.nn.loss import Labels
from netcore.nn.network import SLICE, Network
from netcore.nn.optimizers import make_optimizer
from netcore.nn.turns import products
from netcore.training.batches import Batches
from netcore.training.config import TrainingConfig
from netcore.training.memory import Layout

__all__ = ["Share", "Step", "layout", "total_loss"]

_TOGETHER = 4
"""Steps for which random numbers are drawn at a time."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done in a step.

    Attributes:
        start: Where the batch begins in the order of the epoch.
        stop: Where it ends.
        key: Random number of the epoch, which with ``count`` and the share's number seeds what is drawn in the step.
        count: Number of the step in the run, from 1.
        rate: Learning rate.
        shrink: Factor of all weights: decoupled weight decay.
        follow: How far the running average moves towards the parameters, in (0, 1].
    """

    start: int
    stop: int
    key: int
    count: int
    rate: float
    shrink: float
    follow: float

    def following(self, rows: int) -> Step | None:
        """The next step of an epoch over so many rows, at the same rate; None where there is none."""
        if self.stop >= rows:
            return None
        stop = min(2 * self.stop - self.start, rows)
        return Step(self.stop, stop, self.key, self.count + 1, self.rate, self.shrink, self.follow)


def layout(config: TrainingConfig, architecture: Architecture, rows: int, shares: int) -> Layout:
    """The arrays that all shares of a run have in common, for `netcore.training.memory.Memory`.

    ``gradients`` (shares, parameters), ``losses`` and ``correct`` (shares,), ``order`` (rows,); and (parameters,) each:
    ``parameters``, ``average`` where the settings ask for it, and ``optimizer.NAME``.
    """
    size = architecture.parameters
    remembered = make_optimizer(config.optimizer, np.empty(1, np.float32)).state
    return {
        "parameters": ("f4", (size,)),
        **({"average": ("f4", (size,))} if config.average else {}),
        **{f"optimizer.{name}": ("f4", (size,)) for name in remembered},
        "gradients": ("f4", (shares, size)),
        "losses": ("f8", (shares,)),
        "correct": ("i8", (shares,)),
        "order": ("i8", (rows,)),
    }


class Share:
    """The work of one of the shares, into the arrays that they have in common."""

    def __init__(self, config: TrainingConfig, part: Part, arrays: Mapping[str, NDArray[Any]], number: int) -> None:
        """Make the work arrays.

        Args:
            config: Of the run.
            part: All images and labels of the training part.
            arrays: As `layout` has them.
            number: Of the share, from 0.
        """
        self._arrays, self._number, self._shares = arrays, number, len(arrays["losses"])
        network = Network(config.architecture(part.pixels.shape[1]), arrays["parameters"])
        batch = len(arrays["order"]) if config.batch_size == "all" else min(config.batch_size, len(arrays["order"]))
        # A large batch is worked off in slices whose gradients add up: memory stays the same for any size.
        rows = min(-(-batch // self._shares), SLICE)
        gradient = arrays["gradients"][number]
        self._backpropagation = Backpropagation(
            network, rows, smoothing=config.label_smoothing, dropout=config.dropout, gradient=gradient
        )
        self._sum = np.empty_like(gradient) if rows * self._shares < batch else None
        self._batches = Batches(part, config, rows)
        self._random = np.random.default_rng()
        self._gathered: tuple[Array, Labels] | None = None  # the first rows of ``_gathered_for``, not worked on yet
        self._gathered_for: tuple[int, int] | None = None
        self._draws = bool(config.dropout or config.input_dropout or config.augment != "none")
        self._drawn: dict[tuple[int, int], tuple[np.random.Generator, Array | None]] = {}
        self._change: Array | None = None  # of the first rows

        size = len(gradient)
        own = slice(size * number // self._shares, size * (number + 1) // self._shares)
        self._parameters = network.parameters[own]
        self._weights = [self._parameters[cut] for cut in _within(network.architecture, own)]
        self._gradients = arrays["gradients"][:, own]
        self._average = arrays["average"][own] if config.average else None
        self._optimizer = make_optimizer(config.optimizer, self._parameters)
        for name in self._optimizer.state:
            self._optimizer.state[name] = arrays[f"optimizer.{name}"][own]

    def gather_ahead(self, step: Step | None) -> None:
        """Gather the first images of a step that will come, instead of only waiting for others."""
        if step is not None:
            self._seed(step)
            self._gathered = self._batches.gather(self._first_rows(step), self._random, self._change)
            self._gathered_for = step.key, step.count

    def _chosen(self, step: Step) -> NDArray[np.intp]:
        """Which images are this share's."""
        n = step.stop - step.start
        begin = step.start + n * self._number // self._shares
        end = step.start + n * (self._number + 1) // self._shares
        chosen: NDArray[np.intp] = self._arrays["order"][begin:end]
        return chosen

    def _first_rows(self, step: Step) -> NDArray[np.intp]:
        """Of them, those that are worked off first: all, but in a large batch."""
        return self._chosen(step)[: self._batches.rows]

    def _seed(self, step: Step) -> None:
        """Have what is drawn in a step depend on nothing else."""
        if not self._draws:
            return
        if (step.key, step.count) not in self._drawn:
            self._drawn = self._draw(step)
        self._random, self._change = self._drawn.pop((step.key, step.count))

    def _draw(self, step: Step) -> dict[tuple[int, int], tuple[np.random.Generator, Array | None]]:
        """A generator for it and for some that follow, each with the change that it draws first, for the first rows."""
        steps, count = [step], len(self._first_rows(step))
        while len(steps) < _TOGETHER:
            following = steps[-1].following(len(self._arrays["order"]))
            if following is None or len(self._first_rows(following)) != count:
                break
            steps.append(following)
        rngs = [np.random.default_rng((one.key, one.count, self._number)) for one in steps]
        drawn = zip(rngs, self._batches.draw(count, rngs), strict=True)
        return {(one.key, one.count): each for one, each in zip(steps, drawn, strict=True)}

    def find_gradient(self, step: Step) -> None:
        """Put the gradient over this share's rows, their loss and how many are right where all shares see them."""
        n, gradient, chosen = step.stop - step.start, self._backpropagation.gradient, self._chosen(step)
        gathered = self._gathered if self._gathered_for == (step.key, step.count) else None
        self._gathered = self._gathered_for = None
        if gathered is None:
            self._seed(step)
        loss, correct = 0.0, 0
        change, self._change = self._change, None
        if self._sum is not None:
            self._sum.fill(0)
        elif not len(chosen):
            gradient.fill(0)
        for first in range(0, len(chosen), self._batches.rows):
            some = chosen[first : first + self._batches.rows]
            images, labels = gathered or self._batches.gather(some, self._random, change)
            gathered = change = None
            with products:  # for a slice, not for the whole batch: `all` takes seconds
                one = self._backpropagation.run(images, labels, n, self._random)
            loss, correct = loss + one[0], correct + one[1]
            if self._sum is not None:
                self._sum += gradient
        if self._sum is not None:
            gradient[...] = self._sum
        self._arrays["losses"][self._number] = loss
        self._arrays["correct"][self._number] = correct

    def update(self, step: Step) -> None:
        """Move this share's slice of the parameters by the gradient of all shares, unless the loss is not finite."""
        if not math.isfinite(total_loss(self._arrays)):
            return
        gradient = self._gradients[0]
        for other in self._gradients[1:]:
            gradient += other
        if step.shrink != 1:
            for weights in self._weights:
                np.multiply(weights, step.shrink, out=weights)
        self._optimizer.step(self._parameters, gradient, step.rate, step.count)
        if self._average is not None:
            # Polyak, Juditsky, Acceleration of Stochastic Approximation by Averaging (1992), in its exponential form.
            np.subtract(self._parameters, self._average, out=gradient)
            gradient *= step.follow
            self._average += gradient


def total_loss(arrays: Mapping[str, NDArray[Any]]) -> float:
    """Of the batch, summed over its images (nats), once all shares have found their gradients."""
    return float(sum(arrays["losses"].tolist()))


def _within(architecture: Architecture, own: slice) -> list[slice]:
    """Where in a slice of the parameters weights lie, and not biases."""
    cuts, start = [], 0
    for inputs, outputs in zip(architecture.sizes, architecture.sizes[1:], strict=False):
        first, last = max(start, own.start), min(start + inputs * outputs, own.stop)
        if first < last:
            cuts.append(slice(first - own.start, last - own.start))
        start += (inputs + 1) * outputs
    return cuts

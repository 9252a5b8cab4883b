"""One worker's part in a training step.

Of the first layer, where nearly all of the work is, a worker does some of the pixels for all images of the batch; of
everything behind it, all for some of the images. So the weights of its pixels are its own: nobody else reads or moves
them, and what goes from worker to worker is little, a first layer's sums and their gradient. Where each worked on
images only, half of all parameters and half of their gradient went from one core to the other in every step, which
made a step of the reference job a tenth to a quarter longer.

What the workers find is added up in an order that is always the same. So the numbers depend on how many shares there
are and not on who computes them: a process for each, or one for all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcore.datasets.library import Part
from netcore.nn.activations import Array
from netcore.nn.backpropagation import Backpropagation
from netcore.nn.network import Network
from netcore.training.batches import Batches
from netcore.training.chance import Chance
from netcore.training.common import Step, part_of, pixels_of, total_loss
from netcore.training.config import TrainingConfig
from netcore.training.update import Update

__all__ = ["Share"]


class Share:
    """The work of one of the shares, into the arrays that they have in common."""

    def __init__(self, config: TrainingConfig, part: Part, arrays: Mapping[str, NDArray[Any]], number: int) -> None:
        """Make the work arrays.

        Args:
            config: Of the run.
            part: All images and labels of the training part.
            arrays: As `netcore.training.common.layout` has them.
            number: Of the share, from 0.
        """
        self._arrays, self._number, self._shares = arrays, number, len(arrays["losses"])
        self._losses, self._correct = arrays["losses"], arrays["correct"]
        self._labels, self._order, self._gathered_for = part.labels, arrays["order"], arrays["gathered_for"]
        self._sums, self._deltas, self._gradient = arrays["sums"], arrays["deltas"], arrays["gradients"][number]
        self._rows = len(self._deltas)  # worked on at a time
        network = Network(config.architecture(part.pixels.shape[1]), arrays["parameters"])
        pixels, neurons = network.architecture.sizes[:2]
        self._pixels = pixels_of(network.architecture, self._rows, number, self._shares)
        # Where in the gradient lies what it finds for all images, and what it finds for its own.
        self._weights = slice(self._pixels.start * neurons, self._pixels.stop * neurons)
        self._behind = slice(pixels * neurons, None)
        images = -(-self._rows // self._shares)
        self._backpropagation = Backpropagation(
            network,
            images,
            smoothing=config.label_smoothing,
            dropout=config.dropout,
            gradient=self._gradient,
        )
        self._sum = np.empty_like(self._gradient) if self._rows < config.images_a_step(len(self._order)) else None
        gathered = arrays["gathered"] if config.augment == "none" else arrays["changed"].transpose(0, 2, 1)
        self._batches = Batches(part, config, gathered, images, self._pixels)
        self._update = Update(config, network.architecture, arrays, number)
        random = bool(config.dropout or config.input_dropout or config.augment != "none")
        self._chance = Chance(self._batches, len(self._order), self._rows, number, self._shares, used=random)
        self._random: np.random.Generator
        self._begun: tuple[int, int] | None = None
        self._inputs: Array

    def work(self, step: Step, tell: Callable[[], None] = lambda: None, *, ahead: bool = False) -> Iterator[bool]:
        """Train on this share's part of a batch.

        Yields at each meeting: whoever drives it goes on once all shares have come to the same one. The last one yields
        True; only behind it do parameters move, and only if the loss is finite. A share that is the only one yields
        between the slices of a large batch instead.

        Args:
            step: What to do.
            tell: Called just before it yields, so that others who work at the same time may go on.
            ahead: Whether to gather images of the next step while they come as far.
        """
        begun, self._begun = self._begun == (step.key, step.number), None
        loss, correct, others = 0.0, 0, self._shares > 1
        if self._sum is not None:
            self._sum.fill(0)
        for cut, first in enumerate(range(step.start, step.stop, self._rows)):
            chosen = self._order[first : min(first + self._rows, step.stop)]
            n = len(chosen)
            images, last = part_of(n, self._number, self._shares), first + n == step.stop
            if not begun:
                if cut or not self._is_gathered(step):
                    self._gather(step, cut, chosen)
                    if others:
                        tell()
                        yield False
                self._do_pixels(step, cut, n)
            begun = False
            if others:
                tell()
                if ahead and last:
                    self._gather_ahead(step)
                yield False
            one = self._backpropagation.to_loss_and_back(
                self._added_up(images),
                self._labels[chosen[images]],
                step.stop - step.start,
                self._deltas[images],
                self._random,
            )
            loss, correct = loss + one[0], correct + one[1]
            self._losses[self._number], self._correct[self._number] = loss, correct
            self._add_up(self._behind, last=last)
            if others or not last:
                tell()
                yield last
            self._backpropagation.first_weights(self._inputs, self._deltas[:n], self._pixels)
            self._add_up(self._weights, last=last)
        if math.isfinite(total_loss(self._arrays)):
            self._update.do(step)

    def forget(self) -> None:
        """Forget what was drawn and done ahead."""
        self._chance.forget()
        self._begun = None

    def begin(self, step: Step) -> None:
        """Do ahead of a step what depends on no other share, if its images have been gathered."""
        if self._is_gathered(step):
            self._do_pixels(step, 0, min(step.stop - step.start, self._rows))
            self._begun = step.key, step.number

    def _do_pixels(self, step: Step, cut: int, count: int) -> None:
        """Take its own pixels of a slice of so many images; find what they add to the first layer's sums."""
        if cut == 0:
            self._random = self._chance.generator(step)
        self._inputs = self._batches.inputs(step.place(cut), count, self._random)
        self._backpropagation.first_sums(self._inputs, self._sums[self._number, :count], self._pixels)

    def _added_up(self, images: slice) -> Array:
        """The first layer's sums over the pixels of all shares, for these images."""
        sums: Array = self._sums[self._number, images]
        for number in range(self._shares):
            if number != self._number:
                sums += self._sums[number, images]
        return sums

    def _add_up(self, parameters: slice, *, last: bool) -> None:
        """Add the gradient of a slice of a large batch to those before; the last one's becomes that of the batch."""
        if self._sum is not None:
            self._sum[parameters] += self._gradient[parameters]
            if last:
                self._gradient[parameters] = self._sum[parameters]

    def _is_gathered(self, step: Step) -> bool:
        """Whether all shares have gathered the first images of a step."""
        # One that is faster may have gathered those of the next step too, to another place.
        return bool(min(self._gathered_for.tolist()) >= step.number)

    def _gather_ahead(self, step: Step) -> None:
        """Gather the first images of the step that follows."""
        following = step.following(len(self._order))
        if following is not None:
            self._gather(following, 0, self._order[following.start : min(following.start + self._rows, following.stop)])
            self._gathered_for[self._number] = following.number

    def _gather(self, step: Step, cut: int, chosen: NDArray[np.intp]) -> None:
        """Gather this share's part of a slice of the batch, for all shares."""
        images = part_of(len(chosen), self._number, self._shares)
        if cut == 0:
            change = self._chance.change(step)
        else:
            (change,) = self._batches.draw(images.stop - images.start, [self._random])
        self._batches.gather(step.place(cut), chosen[images], images.start, change)

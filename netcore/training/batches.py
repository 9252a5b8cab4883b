"""From the numbers of some images to what the network is given: gathered, changed at random, in [0, 1]."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcore.datasets.library import Part
from netcore.nn.activations import Array
from netcore.nn.augmentation import Augmentation
from netcore.nn.backpropagation import draw_mask
from netcore.nn.interpolation import Interpolation, Reading
from netcore.training.config import TrainingConfig
from netcore.training.pixels import Pixels

__all__ = ["Batches"]


class Batches:
    """One worker's part of making what the network is given.

    A worker gathers, and changes, some of the images of a batch where all see them, and takes its own pixels of all of
    them from there. Images stay uint8 until they are changed or taken.
    """

    def __init__(self, part: Part, config: TrainingConfig, gathered: NDArray[Any], images: int, own: slice) -> None:
        """Make the work arrays.

        Args:
            part: The images and labels.
            config: Says how images are changed.
            gathered: (places, rows, pixels), where images are gathered: uint8, or float32 if they are changed.
            images: How many it gathers at a time, at the most.
            own: Which of the pixels it takes.
        """
        rows, pixels = gathered.shape[1], own.stop - own.start
        self._images, self._gathered, self._own = Pixels(part.images), gathered, own
        self._augmentation = None if config.augment == "none" else Augmentation(config.augment)
        if self._augmentation:
            self._interpolation = Interpolation(images)
            self._unchanged = np.empty((images, gathered.shape[2]), np.uint8)
        self._dropout = config.input_dropout
        self._inputs = np.empty((rows, pixels), np.float32)
        self._mask = np.empty((rows, pixels), np.float32) if config.input_dropout else None

    def draw(self, count: int, rngs: Sequence[np.random.Generator]) -> Sequence[Reading | None]:
        """Draw how so many images are changed, once with each generator; None where they are not."""
        if self._augmentation is None:
            return [None] * len(rngs)
        return self._interpolation.prepare(self._augmentation.draw(count, rngs))

    def gather(self, place: int, chosen: NDArray[np.intp], begin: int, change: Reading | None) -> None:
        """Put the images of these numbers into one of the places.

        Args:
            place: Its number.
            chosen: Their numbers.
            begin: The row of the first one.
            change: What `draw` drew for them.
        """
        out = self._gathered[place, begin : begin + len(chosen)]
        if change is None:
            self._images.take(chosen, out)
        else:
            unchanged = self._unchanged[: len(chosen)]
            self._images.take(chosen, unchanged)
            self._interpolation.read(unchanged, out, change)

    def inputs(self, place: int, count: int, rng: np.random.Generator) -> Array:
        """The own pixels of the first images in a place, (count, pixels) in [0, 1], until the next call.

        Args:
            place: Its number.
            count: How many images.
            rng: Draws which pixels are blanked.
        """
        inputs, work = self._gathered[place, :count, self._own], self._inputs[:count]
        if self._augmentation is None:
            # First to float32 and then scaled is faster than both at once, where NumPy goes through a small buffer.
            np.copyto(work, inputs)
            work *= np.float32(1 / 255)
            inputs = work
        if self._mask is not None:
            mask = self._mask[:count]
            draw_mask(rng, self._dropout, mask)
            inputs = np.multiply(inputs, mask, out=work)
        return inputs

"""From the numbers of some images to what the network is given: gathered, changed at random, in [0, 1]."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from netcore.datasets.idx import Bytes
from netcore.datasets.library import Part
from netcore.nn.activations import Array
from netcore.nn.augmentation import Augmentation
from netcore.training.config import TrainingConfig
from netcore.training.pixels import Pixels

__all__ = ["Batches"]


class Batches:
    """Work arrays for some images at a time, of which it has some of the pixels to make.

    The images themselves stay uint8 until they are gathered. A worker gathers some of them into an array that all see,
    and makes its own pixels of all of them.
    """

    def __init__(self, part: Part, config: TrainingConfig, gathered: Bytes, own: slice) -> None:
        """Make the arrays.

        Args:
            part: The images and labels.
            config: Says how images are changed.
            gathered: (2, rows, pixels), two places where images are gathered: ``rows`` at a time, at the most.
            own: Which of the pixels are made.
        """
        rows, pixels = gathered.shape[1], own.stop - own.start
        self._images, self._gathered, self._own = Pixels(part.images), gathered, own
        self._augmentation = None if config.augment == "none" else Augmentation(config.augment, rows, own=own)
        self._dropout = config.input_dropout
        self._inputs = np.empty((rows, pixels), np.float32)
        self._mask = np.empty((rows, pixels), np.float32) if config.input_dropout else None

    def gather(self, place: int, chosen: NDArray[np.intp], begin: int = 0) -> None:
        """Copy the images of these numbers to one of the places, the first one to row ``begin``."""
        self._images.take(chosen, self._gathered[place, begin : begin + len(chosen)])

    def draw(self, count: int, rngs: Sequence[np.random.Generator]) -> Sequence[Array | None]:
        """Draw how so many images are changed, once with each generator; None where they are not."""
        return self._augmentation.draw(count, rngs) if self._augmentation else [None] * len(rngs)

    def inputs(self, place: int, count: int, change: Array | None, rng: np.random.Generator) -> Array:
        """The own pixels of the first images gathered, (count, pixels) in [0, 1]; the array is used again.

        Args:
            place: Where they were gathered.
            count: How many images.
            change: What `draw` drew for them; used up.
            rng: Draws which pixels are blanked.
        """
        gathered, inputs = self._gathered[place, :count], self._inputs[:count]
        if self._augmentation is None or change is None:
            # First to float32 and then scaled is faster than both at once, where NumPy goes through a small buffer.
            np.copyto(inputs, gathered[:, self._own])
            inputs *= np.float32(1 / 255)
        else:
            self._augmentation.apply(gathered, inputs, change)
        if self._mask is not None:
            self._blank(inputs, self._mask[:count], rng)
        return inputs

    def _blank(self, inputs: Array, mask: Array, rng: np.random.Generator) -> None:
        """Dropout on the inputs, see `netcore.nn.backpropagation.Backpropagation`."""
        rng.random(dtype=np.float32, out=mask)
        np.greater_equal(mask, np.float32(self._dropout), out=mask)
        mask *= np.float32(1 / (1 - self._dropout))
        inputs *= mask

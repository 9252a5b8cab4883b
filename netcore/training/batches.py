"""From the numbers of some images to what the network is given: gathered, changed at random, in [0, 1]."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from netcore.datasets.library import Part
from netcore.nn.activations import Array
from netcore.nn.augmentation import Augmentation
from netcore.nn.loss import Labels
from netcore.nn.turns import products
from netcore.training.config import TrainingConfig
from netcore.training.pixels import Pixels

__all__ = ["Batches"]


class Batches:
    """Work arrays for so many images at a time; the images themselves stay uint8 until they are gathered."""

    def __init__(self, part: Part, config: TrainingConfig, rows: int) -> None:
        """Make the arrays.

        Args:
            part: The images and labels.
            config: Says how images are changed.
            rows: Images at a time, at the most.
        """
        self.rows = rows
        self._pixels, self._labels, self._dropout = Pixels(part.images), part.labels, config.input_dropout
        self._augmentation = None if config.augment == "none" else Augmentation(config.augment, rows)
        self._gathered = np.empty((rows, self._pixels.width), np.uint8)
        self._inputs = np.empty(self._gathered.shape, np.float32)
        self._mask = np.empty(self._gathered.shape, np.float32) if config.input_dropout else None

    def draw(self, count: int, rngs: Sequence[np.random.Generator]) -> Sequence[Array | None]:
        """Draw how so many images are changed, once with each generator; None where they are not."""
        return self._augmentation.draw(count, rngs) if self._augmentation else [None] * len(rngs)

    def gather(
        self, chosen: NDArray[np.intp], rng: np.random.Generator, change: Array | None = None
    ) -> tuple[Array, Labels]:
        """These images, (n, pixels) in [0, 1], and their labels, (n,); the arrays are used again the next time.

        Args:
            chosen: Their numbers, at most ``rows``.
            rng: Draws which pixels are blanked.
            change: What `draw` drew with it for so many images; drawn here where it is None.
        """
        gathered, inputs = self._gathered[: len(chosen)], self._inputs[: len(chosen)]
        self._pixels.take(chosen, gathered)
        if self._augmentation is None:
            np.multiply(gathered, np.float32(1 / 255), out=inputs)
        else:
            with products:
                (places,) = self._augmentation.draw(len(chosen), [rng]) if change is None else [change]
                self._augmentation.apply(gathered, inputs, places)
        if self._mask is not None:
            self._blank(inputs, self._mask[: len(chosen)], rng)
        return inputs, self._labels[chosen]

    def _blank(self, inputs: Array, mask: Array, rng: np.random.Generator) -> None:
        """Dropout on the inputs, see `netcore.nn.backpropagation.Backpropagation`."""
        rng.random(dtype=np.float32, out=mask)
        np.greater_equal(mask, np.float32(self._dropout), out=mask)
        mask *= np.float32(1 / (1 - self._dropout))
        inputs *= mask

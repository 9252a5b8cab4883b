"""Augmentation: a network that meets each image a little different every time learns what does not matter.

An image is moved, turned, stretched and bent by reading each of its pixels from another place. Here the places are
drawn; `netcore.nn.interpolation` reads them.

Sources: Simard, Steinkraus, Platt, Best Practices for Convolutional Neural Networks (2003), for affine and elastic
distortions; Ciresan et al., Deep Big Simple Neural Nets Excel on Handwritten Digit Recognition (2010), for amounts
near these.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from netcore.nn.activations import Array
from netcore.nn.choices import AugmentationName
from netcore.nn.interpolation import GROUP

__all__ = ["Augmentation"]

_SHIFT = 2
"""Pixels that an image is moved at the most, each way."""
_TURN = np.deg2rad(12)
_STRETCH = 0.12
_SHEAR = 0.12
_KNOTS = 8
"""Random displacements a side; an image is bent by the smooth field between them."""
_SMOOTH = 5.0
"""Standard deviation, in pixels, of the Gaussian around each of them."""
_BEND = 1.1
"""Standard deviation, in pixels, of how far a pixel is moved by bending."""
_NUDGE = 0.2
"""Share of a warp. Clothes fill their pictures alike: turned and moved by a whole warp they were harder to tell apart,
and on images held out a fifth of one did best."""


class Augmentation:
    """Draws how images are changed, by groups.

    The names: ``shift`` moves by whole pixels; ``warp`` turns, stretches, shears, moves and bends; ``nudge`` does all
    that by a fifth; with ``-flip``, or ``flip`` alone, half of the groups are mirrored, left to right, which suits
    clothes and not digits.
    """

    def __init__(self, name: AugmentationName, strength: float = 1.0, side: int = 28) -> None:
        """Make the parts that stay the same.

        Args:
            name: What may happen to an image.
            strength: Multiplies every amount of a warp.
            side: Of an image, in pixels.
        """
        self._shift, self._warp = name.startswith("shift"), name.startswith(("warp", "nudge"))
        self._strength = np.float32(strength * _NUDGE if name.startswith("nudge") else strength)
        self._flip = name.endswith("flip")
        middle = (side - 1) / 2
        row, column = np.meshgrid(*[np.arange(side, dtype=np.float32) - middle] * 2, indexing="ij")
        self._grid: Array = np.stack([row.ravel(), column.ravel()])
        distance = np.arange(side)[:, None] - np.linspace(0, side - 1, _KNOTS)
        smooth = np.exp(-0.5 * (distance / _SMOOTH) ** 2)
        # Rows scaled so that smoothing random numbers of variance one leaves variance one, at the border too.
        self._smooth: Array = (smooth / np.sqrt((smooth**2).sum(axis=1, keepdims=True))).astype(np.float32)

    def draw(self, count: int, rngs: Sequence[np.random.Generator]) -> Array:
        """Draw changes for so many images, once with each generator.

        Together, because for one batch calling NumPy costs more than what it does.

        Returns:
            From where each group reads each pixel, (generators, groups, 2, pixels): rows and columns from the middle of
            the image.
        """
        groups, times = -(-count // GROUP), len(rngs)
        places = np.empty((times * groups, 2, self._grid.shape[1]), np.float32)
        if self._warp:
            amounts = np.concatenate([rng.uniform(-1, 1, (4, groups)) for rng in rngs], axis=1)
            noise = [rng.standard_normal((groups, 2, _KNOTS, _KNOTS), np.float32) for rng in rngs]
            moves = [rng.uniform(-_SHIFT, _SHIFT, (groups, 2, 1)) for rng in rngs]
            np.matmul(self._affine(amounts), self._grid, out=places)
            places += self._bend(np.concatenate(noise))
            places += self._strength * np.concatenate(moves).astype(np.float32)
        else:
            places[...] = self._grid
        if self._shift:
            steps = [rng.integers(-_SHIFT, _SHIFT, (groups, 2, 1), endpoint=True) for rng in rngs]
            places += np.concatenate(steps).astype(np.float32)
        if self._flip:
            mirrored = [rng.integers(0, 2, (groups, 1)) for rng in rngs]
            places[:, 1] *= (2 * np.concatenate(mirrored) - 1).astype(np.float32)
        return places.reshape(times, groups, *self._grid.shape)

    def _affine(self, amounts: NDArray[np.float64]) -> Array:
        """Turns, stretches and shears (groups, 2, 2), from random numbers (4, groups) in [-1, 1]."""
        turn, shear, first, second = self._strength * amounts
        cosine, sine = np.cos(_TURN * turn), np.sin(_TURN * turn)
        shear, first, second = _SHEAR * shear, 1 + _STRETCH * first, 1 + _STRETCH * second
        # [[first, shear], [0, second]], and then the turn.
        both = np.empty((len(turn), 2, 2), np.float32)
        both[:, 0, 0] = cosine * first
        both[:, 0, 1] = cosine * shear - sine * second
        both[:, 1, 0] = sine * first
        both[:, 1, 1] = sine * shear + cosine * second
        return both

    def _bend(self, noise: Array) -> Array:
        """Smooth displacements (groups, 2, pixels), from normal ones at the knots (groups, 2, knots, knots)."""
        smooth: Array = np.matmul(self._smooth @ noise, self._smooth.T)
        smooth *= self._strength * np.float32(_BEND)
        return smooth.reshape(len(noise), *self._grid.shape)

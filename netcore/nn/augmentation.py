"""Augmentation: a network that meets each image a little different every time learns what does not matter.

An image is moved, turned, stretched and bent by reading each of its pixels from another place, between four neighbours.
That is a sparse matrix of 784 x 784 with four numbers a row. One such matrix is applied to a group of images: one an
image would cost more than the training itself.

Sources: Simard, Steinkraus, Platt, Best Practices for Convolutional Neural Networks (2003), for affine and elastic
distortions; Ciresan et al., Deep Big Simple Neural Nets Excel on Handwritten Digit Recognition (2010), for their
amounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from netcore.nn.activations import Array
from netcore.nn.choices import AugmentationName

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["GROUP", "Augmentation"]

GROUP = 16
"""Images that share one change. A batch of 128 has eight; over the epochs every image meets many others."""

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
"""Of these amounts. Clothes that fill their pictures alike are harder to tell apart for a network that also learns them
turned and moved by a whole warp; on images held out a fifth of it did them most good."""


class Augmentation:
    """Changes images at random, by groups.

    The names: ``shift`` moves by whole pixels; ``warp`` turns, stretches, shears, moves and bends; ``nudge`` does all
    that by a fifth; with ``-flip``, or ``flip`` alone, half of the groups are mirrored, left to right, which suits
    clothes and not digits.
    """

    def __init__(self, name: AugmentationName, rows: int, strength: float = 1.0, side: int = 28) -> None:
        """Make the parts that stay the same, and the work arrays.

        Args:
            name: What may happen to an image.
            rows: Images at a time, at the most.
            strength: Multiplies every amount of a warp.
            side: Of an image, in pixels.
        """
        self._shift, self._warp = name.startswith("shift"), name.startswith(("warp", "nudge"))
        self._strength = np.float32(strength * _NUDGE if name.startswith("nudge") else strength)
        self._flip, self._side = name.endswith("flip"), side
        middle = (side - 1) / 2
        row, column = np.meshgrid(*[np.arange(side, dtype=np.float32) - middle] * 2, indexing="ij")
        self._grid: Array = np.stack([row.ravel(), column.ravel()])
        distance = np.arange(side)[:, None] - np.linspace(0, side - 1, _KNOTS)
        smooth = np.exp(-0.5 * (distance / _SMOOTH) ** 2)
        # Rows scaled so that smoothing random numbers of variance one leaves variance one, at the border too.
        self._smooth: Array = (smooth / np.sqrt((smooth**2).sum(axis=1, keepdims=True))).astype(np.float32)
        # Made once: the first touch of fresh memory was measured to cost five times the work itself.
        groups = -(-rows // GROUP)
        self._turned = np.zeros((groups, side, side, GROUP), np.uint8)
        self._columns = np.zeros((groups, side + 3, side + 3, GROUP), np.float32)
        self._offsets = np.arange(0, groups * (side + 3) ** 2, (side + 3) ** 2, dtype=np.int32)
        # By how many groups they take: nearly always the same one, and making it costs as much as using it.
        self._matrices: dict[int, tuple[csr_array[Any, tuple[int, int]], Array, Array, NDArray[np.int32]]] = {}

    def draw(self, count: int, rngs: Sequence[np.random.Generator]) -> list[Array]:
        """Draw changes for so many images, once with each generator.

        Together, because for one batch calling NumPy costs more than what it does.

        Returns:
            From where each group reads each pixel, (groups, 2, pixels): rows and columns from the middle of the image.
        """
        groups, repeat = -(-count // GROUP), len(rngs)
        places = np.empty((repeat * groups, 2, self._grid.shape[1]), np.float32)
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
            sides = [rng.choice(np.array([-1, 1], np.float32), (groups, 1)) for rng in rngs]
            places[:, 1] *= np.concatenate(sides)
        return np.split(places, repeat)

    def apply(self, images: NDArray[np.uint8], out: Array, places: Array) -> None:
        """Write changed images into ``out`` (n, pixels) float32 in [0, 1].

        Args:
            images: (n, pixels) uint8.
            out: Where to; in Fortran's order, image beside image, it is faster.
            places: What `draw` drew for n images.
        """
        groups = len(places)
        matrix = self._matrix(places)
        # A group's images stand side by side as columns, in a border of zeros for what is read from outside. What a
        # short last group leaves of the group before is read, and never written out. Turned as bytes: it is faster.
        turned, columns = self._turned[:groups], self._columns[:groups]
        for group, chosen in enumerate(_cut(images)):
            square = chosen.reshape(-1, self._side, self._side)
            turned[group, :, :, : len(chosen)] = square.transpose(1, 2, 0)
        columns[:, 1:-2, 1:-2] = turned
        changed = (matrix @ columns.reshape(-1, GROUP)).reshape(self._side**2, groups * GROUP)
        out[...] = changed[:, : len(out)].T

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

    def _matrix(self, places: Array) -> csr_array[Any, tuple[int, int]]:
        """The sparse matrix that reads each pixel between the four nearest to its place, and divides by 255.

        It takes all groups at once: (pixels * groups, groups * pixels with border), so that what it gives has one pixel
        of all images side by side.
        """
        groups, _, pixels = places.shape
        side, wide = self._side, self._side + 3
        if groups not in self._matrices:
            self._matrices[groups] = self._empty_matrix(groups)
        matrix, beside, whole, corner = self._matrices[groups]
        # What is written to these from now on is what it holds.
        indices, weights = matrix.indices.reshape(pixels, groups, 4), matrix.data.reshape(pixels, groups, 4)
        np.add(places.transpose(1, 2, 0), np.float32((side + 1) / 2), out=beside)
        # What lies farther outside is as empty as the border, of one pixel before the image and two after it.
        np.clip(beside, 0, side + 1, out=beside)
        np.floor(beside, out=whole)
        beside -= whole
        np.copyto(corner, whole, casting="unsafe")
        first = corner[0]
        first *= wide
        first += corner[1]
        first += self._offsets[:groups]
        for number, further in enumerate((0, 1, wide, wide + 1)):
            np.add(first, further, out=indices[:, :, number])
        down, right = beside
        down *= np.float32(1 / 255)
        np.multiply(down, right, out=weights[:, :, 3])
        np.subtract(down, weights[:, :, 3], out=weights[:, :, 2])
        up = np.subtract(np.float32(1 / 255), down, out=down)
        np.multiply(up, right, out=weights[:, :, 1])
        np.subtract(up, weights[:, :, 1], out=weights[:, :, 0])
        return matrix

    def _empty_matrix(self, groups: int) -> tuple[csr_array[Any, tuple[int, int]], Array, Array, NDArray[np.int32]]:
        """A matrix for so many groups, with four numbers a row still to be written, and three arrays to work in.

        Its arrays are its own: SciPy copies those that it is given where they are a small part of larger ones.
        """
        from scipy.sparse import csr_array  # noqa: PLC0415  # half a second that plain training need not pay

        pixels = self._side**2
        numbers = 4 * groups * pixels
        rows = np.arange(0, numbers + 1, 4, dtype=np.int32)
        shape = (groups * pixels, groups * (self._side + 3) ** 2)
        entries = np.zeros(numbers, np.float32), np.zeros(numbers, np.int32), rows
        places, whole = np.empty((2, 2, pixels, groups), np.float32)
        return csr_array(entries, shape=shape), places, whole, np.empty(places.shape, np.int32)


def _cut(images: NDArray[Any]) -> list[NDArray[Any]]:
    """The images in groups; the last one may be short."""
    return [images[start : start + GROUP] for start in range(0, len(images), GROUP)]

"""Augmentation: a network that meets each image a little different every time learns what does not matter.

An image is moved, turned, stretched and bent by reading each of its pixels from another place, between four neighbours.
That is a sparse matrix of 784 x 784 with four numbers a row. One such matrix is applied to a group of images: one an
image would cost more than the training itself.

Sources: Simard, Steinkraus, Platt, Best Practices for Convolutional Neural Networks (2003), for affine and elastic
distortions; Ciresan et al., Deep Big Simple Neural Nets Excel on Handwritten Digit Recognition (2010), for their
amounts.
"""

from __future__ import annotations

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
_SMOOTH = 5.0
"""Standard deviation, in pixels, of the Gaussian that smooths the random field which bends an image."""
_BEND = 1.1
"""Standard deviation, in pixels, of how far a pixel is moved by bending."""


class Augmentation:
    """Changes images at random, by groups.

    The names: ``shift`` moves by whole pixels; ``warp`` turns, stretches, shears, moves and bends; with ``-flip``, or
    ``flip`` alone, half of the groups are mirrored, left to right, which suits clothes and not digits.
    """

    def __init__(self, name: AugmentationName, strength: float = 1.0, side: int = 28) -> None:
        """Make the parts that stay the same.

        Args:
            name: What may happen to an image.
            strength: Multiplies every amount of a warp.
            side: Of an image, in pixels.
        """
        self._shift, self._warp = name.startswith("shift"), name.startswith("warp")
        self._flip, self._strength, self._side = name.endswith("flip"), np.float32(strength), side
        middle = (side - 1) / 2
        rows, columns = np.meshgrid(*[np.arange(side, dtype=np.float32) - middle] * 2, indexing="ij")
        self._grid: Array = np.stack([rows.ravel(), columns.ravel()])
        distance = np.arange(side)[:, None] - np.arange(side)
        smooth = np.exp(-0.5 * (distance / _SMOOTH) ** 2)
        # Rows scaled so that smoothing random numbers of variance one leaves variance one, at the border too.
        self._smooth: Array = (smooth / np.sqrt((smooth**2).sum(axis=1, keepdims=True))).astype(np.float32)

    def apply(self, images: NDArray[np.uint8], out: Array, rng: np.random.Generator) -> None:
        """Write changed images into ``out`` (n, pixels) float32 in [0, 1], from ``images`` (n, pixels) uint8."""
        groups = -(-len(images) // GROUP)
        matrix = self._matrix(self._places(groups, rng))
        # A group's images stand side by side as columns, (groups * pixels, GROUP); a short last group is filled up.
        pixels = images.shape[1]
        columns = np.zeros((groups, pixels, GROUP), np.float32)
        full = len(images) // GROUP
        columns[:full] = images[: full * GROUP].reshape(full, GROUP, pixels).swapaxes(1, 2)
        if full < groups:
            columns[full, :, : len(images) - full * GROUP] = images[full * GROUP :].T
        changed = (matrix @ columns.reshape(-1, GROUP)).reshape(groups, pixels, GROUP)
        out[: full * GROUP].reshape(full, GROUP, pixels)[...] = changed[:full].swapaxes(1, 2)
        if full < groups:
            out[full * GROUP :] = changed[full, :, : len(images) - full * GROUP].T

    def _places(self, groups: int, rng: np.random.Generator) -> Array:
        """From where each pixel is read: (groups, 2, pixels), rows and columns from the middle of the image."""
        places = np.broadcast_to(self._grid, (groups, *self._grid.shape)).copy()
        if self._warp:
            places = self._affine(groups, rng) @ places + self._bend(groups, rng)
            places += self._strength * rng.uniform(-_SHIFT, _SHIFT, (groups, 2, 1)).astype(np.float32)
        elif self._shift:
            places += rng.integers(-_SHIFT, _SHIFT, (groups, 2, 1), endpoint=True).astype(np.float32)
        if self._flip:
            places[:, 1] *= rng.choice(np.array([-1, 1], np.float32), (groups, 1))
        return places

    def _affine(self, groups: int, rng: np.random.Generator) -> Array:
        """Random turns, stretches and shears: (groups, 2, 2)."""
        turn, shear, first, second = self._strength * rng.uniform(-1, 1, (4, groups))
        cosine, sine = np.cos(_TURN * turn), np.sin(_TURN * turn)
        turned = np.array([[cosine, -sine], [sine, cosine]])
        sheared = np.array([[1 + _STRETCH * first, _SHEAR * shear], [np.zeros(groups), 1 + _STRETCH * second]])
        both: Array = np.einsum("ijg,jkg->gik", turned, sheared).astype(np.float32)
        return both

    def _bend(self, groups: int, rng: np.random.Generator) -> Array:
        """Smooth random displacements: (groups, 2, pixels)."""
        noise = rng.standard_normal((groups, 2, self._side, self._side), np.float32)
        smooth: Array = np.matmul(self._smooth @ noise, self._smooth.T)
        smooth *= self._strength * np.float32(_BEND)
        return smooth.reshape(groups, 2, -1)

    def _matrix(self, places: Array) -> csr_array[Any, tuple[int, int]]:
        """The sparse matrix, (groups * pixels) squared, that reads each pixel between the four nearest to its place."""
        from scipy.sparse import csr_array  # noqa: PLC0415  # half a second that plain training need not pay

        groups, _, pixels = places.shape
        places += (self._side - 1) / 2
        # One pixel beyond the border stands for all that lies outside; there, the weight becomes zero.
        np.clip(places, -1, self._side, out=places)
        corner = np.floor(places)
        share = places - corner
        corner = corner.astype(np.int32)
        start = np.arange(0, groups * pixels, pixels, dtype=np.int32)[:, None]
        weights = np.empty((groups, pixels, 4), np.float32)
        indices = np.empty((groups, pixels, 4), np.int32)
        for i, (down, right) in enumerate(((0, 0), (0, 1), (1, 0), (1, 1))):
            row, column = corner[:, 0] + down, corner[:, 1] + right
            inside = (row >= 0) & (row < self._side) & (column >= 0) & (column < self._side)
            by_row = share[:, 0] if down else 1 - share[:, 0]
            by_column = share[:, 1] if right else 1 - share[:, 1]
            weights[:, :, i] = by_row * by_column * inside * np.float32(1 / 255)
            indices[:, :, i] = np.where(inside, row * self._side + column, 0) + start
        size = groups * pixels
        rows = np.arange(0, 4 * size + 1, 4, dtype=np.int32)
        return csr_array((weights.reshape(-1), indices.reshape(-1), rows), shape=(size, size))

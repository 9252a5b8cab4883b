"""Images read from other places than those of their pixels, between the four nearest ones: bilinear interpolation.

That is a sparse matrix with four numbers a row, from the pixels of an image to those of the changed one. One such
matrix is applied to a group of images: one an image would cost more than the training itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netcore.errors import SettingError
from netcore.nn.activations import Array

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["GROUP", "Interpolation", "Reading"]

GROUP = 16
"""Images that are read alike. A batch of 128 has eight groups; over the epochs every image meets many others."""


class Reading(NamedTuple):
    """How some groups are read: what is written into a sparse matrix, (pixels * groups * 4,) each.

    Attributes:
        indices: Of four neighbours for each pixel.
        weights: What each of them counts, divided by 255.
    """

    indices: NDArray[np.int32]
    weights: Array


class Interpolation:
    """Reads images, by groups, from places that are told."""

    def __init__(self, rows: int, side: int = 28) -> None:
        """Make the work arrays.

        Args:
            rows: Images at a time, at the most.
            side: Of an image, in pixels.

        Raises:
            SettingError: SciPy cannot be loaded.
        """
        try:
            from scipy.sparse import csr_array  # noqa: PLC0415  # half a second that plain training need not pay
        except ImportError as error:  # in too little memory, its libraries are not loaded
            raise SettingError("augment", f"it needs SciPy, which cannot be loaded: {error}; use none") from error

        self._side, groups = side, -(-rows // GROUP)
        self._csr_array = csr_array
        # Made once: the first touch of fresh memory was measured to cost five times the work itself.
        self._turned = np.zeros((groups, side, side, GROUP), np.uint8)
        self._columns = np.zeros((groups, side + 3, side + 3, GROUP), np.float32)
        self._offsets = np.arange(0, groups * (side + 3) ** 2, (side + 3) ** 2, dtype=np.int32)
        # By how many groups they take: nearly always the same one, and making it costs as much as using it.
        self._matrices: dict[int, csr_array[Any, tuple[int, int]]] = {}

    def prepare(self, places: Array) -> list[Reading]:
        """Work out how images are read, for several times at once.

        Together, because for one batch fetching NumPy's code and calling it costs more than what it does: for 64 images
        beside a training that has had the cache, 190 microseconds by themselves, 66 as one of eight.

        Args:
            places: (times, groups, 2, pixels), rows and columns from the middle of the image, where each group's pixels
                are read from.
        """
        times, groups, _, pixels = places.shape
        side, wide = self._side, self._side + 3
        # One pixel of all groups side by side, as `read` needs them.
        beside = np.empty((2, times, pixels, groups), np.float32)
        np.add(places.transpose(2, 0, 3, 1), np.float32((side + 1) / 2), out=beside)
        # What lies farther outside is as empty as the border, of one pixel before the image and two after it.
        np.clip(beside, 0, side + 1, out=beside)
        whole = np.floor(beside)
        beside -= whole
        first, column = whole.astype(np.int32)
        first *= wide
        first += column
        first += self._offsets[:groups]
        indices = np.empty((times, pixels, groups, 4), np.int32)
        for number, further in enumerate((0, 1, wide, wide + 1)):
            np.add(first, further, out=indices[..., number])
        weights = np.empty(indices.shape, np.float32)
        down, right = beside
        down *= np.float32(1 / 255)
        np.multiply(down, right, out=weights[..., 3])
        np.subtract(down, weights[..., 3], out=weights[..., 2])
        up = np.subtract(np.float32(1 / 255), down, out=down)
        np.multiply(up, right, out=weights[..., 1])
        np.subtract(up, weights[..., 1], out=weights[..., 0])
        return [Reading(*both) for both in zip(indices.reshape(times, -1), weights.reshape(times, -1), strict=True)]

    def read(self, images: NDArray[np.uint8], out: Array, reading: Reading) -> None:
        """Write changed images into ``out`` (n, pixels) float32 in [0, 1].

        Args:
            images: (n, pixels) uint8.
            out: Where to; in Fortran's order, image beside image, it is faster.
            reading: Of the groups that n images make, as `prepare` gave it.
        """
        starts = range(0, len(images), GROUP)
        groups = len(starts)
        # A group's images stand side by side as columns, in a border of zeros for what is read from outside. What a
        # short last group leaves of the group before is read, and never written out. Turned as bytes: it is faster.
        turned, columns = self._turned[:groups], self._columns[:groups]
        for group, start in enumerate(starts):
            chosen = images[start : start + GROUP].reshape(-1, self._side, self._side)
            turned[group, :, :, : len(chosen)] = chosen.transpose(1, 2, 0)
        columns[:, 1:-2, 1:-2] = turned
        matrix = self._matrix(groups)
        matrix.indices, matrix.data = reading
        changed = (matrix @ columns.reshape(-1, GROUP)).reshape(self._side**2, groups * GROUP)
        out[...] = changed[:, : len(out)].T

    def _matrix(self, groups: int) -> csr_array[Any, tuple[int, int]]:
        """The sparse matrix of so many groups, whose numbers are still to be put in.

        It takes all groups at once: (pixels * groups, groups * pixels with border), so that what it gives has one pixel
        of all images side by side.
        """
        if groups not in self._matrices:
            pixels = self._side**2
            numbers = 4 * groups * pixels
            rows = np.arange(0, numbers + 1, 4, dtype=np.int32)
            shape = (groups * pixels, groups * (self._side + 3) ** 2)
            entries = np.zeros(numbers, np.float32), np.zeros(numbers, np.int32), rows
            self._matrices[groups] = self._csr_array(entries, shape=shape)
        return self._matrices[groups]

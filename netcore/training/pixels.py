"""The rows of pixels that a batch is made of: taken from memory, or read from a file that may be larger than memory."""

from __future__ import annotations

import os
import weakref
from mmap import mmap

import numpy as np
from numpy.typing import NDArray

from netcore.datasets.idx import Bytes
from netcore.errors import DamagedFile

__all__ = ["Pixels", "mapped_file"]


def mapped_file(images: Bytes) -> tuple[str, int] | None:
    """The file that these images are mapped from, and where in it they begin; None where they lie in memory.

    A slice of a mapping does not count: it says where the whole of it begins, and not where the slice does.
    """
    if isinstance(images, np.memmap) and isinstance(images.base, mmap) and images.filename is not None:
        return str(images.filename), images.offset
    return None


class Pixels:
    """Images as rows of bytes.

    Those of a mapped file are read, not touched: the pages of a mapping that are touched once count as memory of the
    process until the system wants them back. Beside two million images that was 1.6 GB; read, it is nothing, for
    5 microseconds an image. Giving the pages back after each batch was measured three times as slow as reading.
    """

    def __init__(self, images: Bytes) -> None:
        """Use ``images`` (n, side, side); where they are a ``numpy.memmap``, its file."""
        self._rows, self._shape = images.reshape(len(images), -1), images.shape[1:]
        self._file: int | None = None
        mapped = mapped_file(images)
        if mapped is not None:
            self._path, self._start = mapped
            self._file = os.open(self._path, os.O_RDONLY)
            weakref.finalize(self, os.close, self._file)

    @property
    def width(self) -> int:
        """Pixels of an image."""
        return int(self._rows.shape[1])

    def images(self, chosen: NDArray[np.intp]) -> Bytes:
        """These images in memory, (len(chosen), side, side).

        Raises:
            DamagedFile: The file ends too early.
        """
        rows = np.empty((len(chosen), self.width), np.uint8)
        self.take(chosen, rows)
        return rows.reshape(-1, *self._shape)

    def take(self, chosen: NDArray[np.intp], out: Bytes) -> None:
        """Copy these images into ``out`` (len(chosen), width).

        Raises:
            DamagedFile: The file ends too early.
        """
        if self._file is None:
            # mode="clip" writes straight into `out`; the default would go through a copy.
            np.take(self._rows, chosen, axis=0, out=out, mode="clip")
            return
        for number, row in zip(chosen.tolist(), out, strict=True):
            if os.preadv(self._file, [row.data], self._start + number * self.width) != self.width:
                raise DamagedFile(f"{self._path} has become shorter: image {number} is not there any more")

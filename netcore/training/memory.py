"""Arrays that several processes see: one block of memory without a name, handed on as an open file.

It is gone when the last process that has it is gone, however they end; a named block would outlive a ``kill -9``.
"""

from __future__ import annotations

import errno
import math
import mmap
import os
import tempfile
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Layout", "Memory"]

Layout = Mapping[str, tuple[str, tuple[int, ...]]]
"""What lies in it, in this order: for each name the kind of number, as NumPy writes it, and the shape."""

_LINE = 64
"""Bytes that processor cores hand each other at a time: no two arrays share them."""


class Memory:
    """Zeros at first.

    Attributes:
        layout: What lies in it.
        arrays: The arrays by name.
        file: Descriptor by which another process finds it; it closes with this object's end.
    """

    def __init__(self, layout: Layout, file: int | None = None) -> None:
        """Make a block, or find the one that another process has made.

        Args:
            layout: The same on all sides.
            file: Descriptor that was handed on; None makes a new block.

        Raises:
            MemoryError: There is too little.
        """
        self.layout = layout
        size = sum(_padded(kind, shape) for kind, shape in layout.values())
        self.file = _nameless(size) if file is None else file
        weakref.finalize(self, os.close, self.file)
        try:
            block = mmap.mmap(self.file, size)
        except OSError as error:
            if error.errno == errno.ENOMEM:
                raise MemoryError from error
            raise
        self.arrays: dict[str, NDArray[Any]] = {}
        start = 0
        for name, (kind, shape) in layout.items():
            count = math.prod(shape)
            self.arrays[name] = np.frombuffer(block, kind, count, start).reshape(shape)
            start += _padded(kind, shape)


def _padded(kind: str, shape: tuple[int, ...]) -> int:
    size = np.dtype(kind).itemsize * math.prod(shape)
    return -(-max(size, 1) // _LINE) * _LINE


def _nameless(size: int) -> int:
    # A file in memory where the system has them; else one on the disk that has lost its name.
    if hasattr(os, "memfd_create"):
        file = os.memfd_create("training")
    else:
        file, name = tempfile.mkstemp()
        Path(name).unlink()
    os.truncate(file, size)
    return file

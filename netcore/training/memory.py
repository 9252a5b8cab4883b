"""The arrays of a run, each where a cache line begins; several processes see them, or this one alone.

What several see is one block of memory without a name, handed on as an open file. It is gone when the last process that
has it is gone, however they end; a named block would outlive a ``kill -9``.
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

__all__ = ["Layout", "Memory", "private"]

Layout = Mapping[str, tuple[str, tuple[int, ...]]]
"""What lies in it, in this order: for each name the kind of number, as NumPy writes it, and the shape."""

_LINE = 64
"""Bytes that processor cores hand each other at a time: no two arrays share them. NumPy's own large arrays begin 16
behind such a line, and moving the parameters of the reference job takes an eighth longer there."""


def private(layout: Layout) -> dict[str, NDArray[Any]]:
    """Arrays that only this process sees, zeros at first.

    Raises:
        MemoryError: There is too little.
    """
    return _cut(-1, layout)


class Memory:
    """Arrays that several processes see, zeros at first.

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
            OSError: The system gives none that several may see: a limit on the size of files counts for it too.
        """
        self.layout = layout
        self.file = _nameless(_size(layout)) if file is None else file
        weakref.finalize(self, os.close, self.file)
        self.arrays = _cut(self.file, layout)


def _cut(file: int, layout: Layout) -> dict[str, NDArray[Any]]:
    """The arrays in the memory of this descriptor, or in new memory where it is -1."""
    try:
        block = mmap.mmap(file, _size(layout))
    except OSError as error:
        if error.errno == errno.ENOMEM:
            raise MemoryError from error
        raise
    arrays, start = {}, 0
    for name, (kind, shape) in layout.items():
        arrays[name] = np.frombuffer(block, kind, math.prod(shape), start).reshape(shape)
        start += _padded(kind, shape)
    return arrays


def _size(layout: Layout) -> int:
    return sum(_padded(kind, shape) for kind, shape in layout.values())


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
    try:
        os.truncate(file, size)
    except OSError:
        os.close(file)
        raise
    return file

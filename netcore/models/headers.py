"""What a model's file holds, told from the headers of its arrays: no array is read, and NumPy is not needed.

A list of models shows every file's layers, and a file that only claims to be a model is refused before it can fill the
memory or run code.
"""

from __future__ import annotations

import contextlib
import math
import re
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from netcore.errors import ArchitectureError, BadModelFile
from netcore.nn.architecture import Architecture

__all__ = ["UNREADABLE", "Header", "read_architecture", "reading"]

UNREADABLE = (
    *(OSError, EOFError, ValueError, LookupError, TypeError, RuntimeError, MemoryError),
    *(SyntaxError, tokenize.TokenError, struct.error, zlib.error, zipfile.BadZipFile),
)
"""What zipfile, zlib and NumPy have been seen to raise, or say that they raise, for a damaged ``.npz``."""

PIXELS = 784
"""Every image has 28 x 28."""

_HEADER = re.compile(rb"\{'descr': '([^']+)', 'fortran_order': (True|False), 'shape': \(([\d, ]*)\)")
_FLOAT = re.compile(r"[<>]f(2|4|8|16)")


@dataclass(frozen=True, slots=True)
class Header:
    """Head of an array in NumPy's ``.npy`` format, any version (numpy.lib.format).

    Attributes:
        kind: Type of its numbers, e.g. ``<f4``.
        shape: Of the array.
        start: Bytes before the first number.
    """

    kind: str
    shape: tuple[int, ...]
    start: int

    @classmethod
    def parse(cls, content: bytes) -> Header:
        """Read the first bytes of an array.

        Raises:
            ValueError: They are not the head of a plain array.
        """
        if content[:6] != b"\x93NUMPY" or len(content) < 12:
            raise ValueError("an entry is not a NumPy array")
        wide = content[6] > 1
        text = 12 if wide else 10
        found = _HEADER.match(content, text)
        if not found:
            raise ValueError("an array's header cannot be read")
        shape = tuple(int(size) for size in found[3].split(b",") if size.strip())
        return cls(found[1].decode(), shape, text + int.from_bytes(content[8:text], "little"))


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn whatever goes wrong while a model's file is read into a BadModelFile that says what was expected."""
    try:
        yield
    except UNREADABLE as error:
        raise BadModelFile(f"{path}: not a model file ({error}); expected an .npz with W0, b0, W1, b1, ...") from error


def read_architecture(path: Path, layers: str | None) -> Architecture:
    """The layers of a model, which its arrays fit.

    Args:
        path: An ``.npz`` file.
        layers: From its card; None where it has none: then hidden layers are taken as relu, the last as softmax.

    Raises:
        BadModelFile: The file is no ``.npz``, or its arrays are not the weights and biases of these layers.
    """
    with reading(path):
        shapes = _weights(path)
    for i, (first, second) in enumerate(pairwise(shapes)):
        if first[1] != second[0]:
            raise BadModelFile(f"{path}: W{i} {first} and W{i + 1} {second} do not follow each other")
    if shapes[0][0] != PIXELS:
        raise BadModelFile(f"{path}: W0 {shapes[0]} takes {shapes[0][0]} numbers; an image has {PIXELS} pixels")
    usual = [*(f"relu({size})" for _, size in shapes[:-1]), f"softmax({shapes[-1][1]})"]
    try:
        architecture = Architecture.parse(layers or ", ".join(usual), PIXELS)
    except ArchitectureError as error:
        raise BadModelFile(f"{path}: {error}") from error
    if architecture.sizes[1:] != tuple(size for _, size in shapes):
        raise BadModelFile(f"{path}: its card says {architecture}, its weights have the shapes {shapes}")
    return architecture


def _weights(path: Path) -> list[tuple[int, int]]:
    """Shapes of the weights, each with its bias beside it. Raises ValueError, in a few words."""
    with zipfile.ZipFile(path) as archive:
        names = {name.removesuffix(".npy"): name for name in archive.namelist()}
        count = sum(re.fullmatch(r"W\d+", name) is not None for name in names)
        if not count:
            raise ValueError("it holds no weights")
        shapes = []
        for i in range(count):
            w, b = (_shape(archive, names, f"{kind}{i}") for kind in "Wb")
            if len(w) != 2 or b not in ((w[1],), (1, w[1])):
                raise ValueError(f"W{i} {w} and b{i} {b} do not fit each other")
            shapes.append((w[0], w[1]))
        return shapes


def _shape(archive: zipfile.ZipFile, names: dict[str, str], name: str) -> tuple[int, ...]:
    """Shape of an array of floats, all of which are there."""
    if name not in names:
        raise ValueError(f"{name} is missing")
    with archive.open(names[name]) as file:
        header = Header.parse(file.read(4096))
    found = _FLOAT.fullmatch(header.kind)
    if not found:
        raise ValueError(f"{name} is of type {header.kind}, not of floats")
    held, said = archive.getinfo(names[name]).file_size, header.start + math.prod(header.shape) * int(found[1])
    if held != said:
        raise ValueError(f"{name} {header.shape} should have {said} bytes and has {held}")
    return header.shape

"""What a model's file holds, told from the headers of its arrays: no array is read, and NumPy is not needed.

A list of models shows every file's layers, and a file that only claims to be a model is refused before it can fill the
memory or run code.
"""

from __future__ import annotations

import contextlib
import math
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from netcore.archives import UNREADABLE
from netcore.errors import ArchitectureError, BadModelFile
from netcore.nn.architecture import MOST_PARAMETERS, Architecture

__all__ = ["Header", "read_architectures", "reading"]

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


def read_architectures(path: Path, layers: Sequence[str] | None) -> dict[str, Architecture]:
    """The layers of each network in a model's file, which its arrays fit, by what the names of its arrays begin with.

    One network has ``W0, b0, W1, b1, ...`` and begins with nothing. The members of a committee are ``0/W0, 0/b0, ...``,
    ``1/W0, ...``: an ``.npz`` is a zip, and these lie in folders of it.

    Args:
        path: An ``.npz`` file.
        layers: Of each network, from the card; None where there is none: then hidden layers are taken as relu, the last
            as softmax.

    Raises:
        BadModelFile: The file is no ``.npz``, or its arrays are not the weights and biases of these layers.
    """
    with reading(path), zipfile.ZipFile(path) as archive:
        names = {name.removesuffix(".npy"): name for name in archive.namelist()}
        shapes = {head: _weights(archive, names, head) for head in _heads(names)}
    if layers is not None and len(layers) != len(shapes):
        raise BadModelFile(f"{path}: its card tells of {len(layers)} networks, it holds {len(shapes)}")
    found = {
        head: _architecture(path, head, of_network, layers[i] if layers else None)
        for i, (head, of_network) in enumerate(shapes.items())
    }
    classes = {architecture.classes for architecture in found.values()}
    if len(classes) > 1:
        raise BadModelFile(f"{path}: its networks tell different numbers of classes apart: {sorted(classes)}")
    parameters = sum(architecture.parameters for architecture in found.values())
    if parameters > MOST_PARAMETERS:
        raise BadModelFile(f"{path}: {parameters:,} parameters; at most {MOST_PARAMETERS:,} fit in memory")
    return found


def _heads(names: Iterable[str]) -> list[str]:
    """What the names of each network's arrays begin with."""
    members = {int(found[1]) for name in names if (found := re.fullmatch(r"(\d{1,4})/W\d+", name))}
    single = not members or any(re.fullmatch(r"W\d+", name) for name in names)
    return [""] if single else [f"{i}/" for i in range(len(members))]


def _architecture(path: Path, head: str, shapes: list[tuple[int, int]], layers: str | None) -> Architecture:
    """The layers of one network, given the shapes of its weights."""
    for i, (first, second) in enumerate(pairwise(shapes)):
        if first[1] != second[0]:
            raise BadModelFile(f"{path}: {head}W{i} {first} and {head}W{i + 1} {second} do not follow each other")
    if shapes[0][0] != PIXELS:
        raise BadModelFile(f"{path}: {head}W0 {shapes[0]} takes {shapes[0][0]} numbers; an image has {PIXELS} pixels")
    usual = [*(f"relu({size})" for _, size in shapes[:-1]), f"softmax({shapes[-1][1]})"]
    try:
        architecture = Architecture.parse(layers or ", ".join(usual), PIXELS)
    except ArchitectureError as error:
        raise BadModelFile(f"{path}: {error}") from error
    if architecture.sizes[1:] != tuple(size for _, size in shapes):
        raise BadModelFile(f"{path}: its card says {architecture}, its weights have the shapes {shapes}")
    return architecture


def _weights(archive: zipfile.ZipFile, names: dict[str, str], head: str) -> list[tuple[int, int]]:
    """Shapes of a network's weights, each with its bias beside it. Raises ValueError, in a few words."""
    count = sum(re.fullmatch(rf"{head}W\d+", name) is not None for name in names)
    if not count:
        raise ValueError(f"it holds no weights {head}W0" if head else "it holds no weights")
    shapes = []
    for i in range(count):
        w, b = (_shape(archive, names, f"{head}{kind}{i}") for kind in "Wb")
        if len(w) != 2 or b not in ((w[1],), (1, w[1])):
            raise ValueError(f"{head}W{i} {w} and {head}b{i} {b} do not fit each other")
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

"""What the readers of an import find in a file: arrays of images and arrays of labels, checked and nothing else.

Every reader gives a list of pieces; `netcore.datasets.importing` puts them together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcore.datasets.idx import Bytes
from netcore.datasets.info import PartName
from netcore.errors import ImportRefused

__all__ = ["Piece", "as_bytes", "as_piece", "part_in_name", "refused", "unreadable"]


@dataclass(frozen=True, eq=False)
class Piece:
    """Images or labels from a file that somebody brings.

    Attributes:
        where: File, and array within the file, for messages.
        part: The part it belongs to as far as a name says so.
        array: Images (n, 28, 28) or labels (n,).
    """

    where: str
    part: PartName | None
    array: Bytes

    @property
    def holds_images(self) -> bool:
        """Whether these are images and not labels."""
        return self.array.ndim == 3


def refused(where: object, found: object, expected: str) -> ImportRefused:
    """The error for a file that cannot be imported, in one line."""
    return ImportRefused(f"{where}: found {' '.join(str(found).split())}; expected {expected}")


def unreadable(where: object, error: object, expected: str) -> ImportRefused:
    """The error for a file that is not of its kind, with what its reader says of it, in one line."""
    return ImportRefused(f"{where}: cannot be read: {' '.join(str(error).split())}; expected {expected}")


def part_in_name(name: str) -> PartName | None:
    """The part that a name such as ``fashion-mnist_train.csv``, ``t10k-labels-idx1-ubyte`` or ``x_test`` speaks of.

    None where it speaks of neither or of both; the "test" in "latest" is not meant.
    """
    train = re.search(r"(?<![a-z])(train|training)(?![a-z])", name.lower())
    test = re.search(r"(?<![a-z])(test|testing|t10k)(?![a-z])", name.lower())
    if bool(train) == bool(test):
        return None
    return "train" if train else "test"


def as_piece(where: str, part: PartName | None, values: NDArray[Any]) -> Piece:
    """Tell images from labels by their shape, and check them.

    Args:
        where: File, and array within the file.
        part: The part it belongs to; None if nothing says so.
        values: Labels (n,) or (n, 1), or images (n, 28, 28), (n, 784) or (n, 28, 28, 1).

    Raises:
        ImportRefused: Another shape, or not whole numbers from 0 to 255.
    """
    if values.ndim == 1 or (values.ndim == 2 and values.shape[1] == 1):
        return Piece(where, part, as_bytes(values.reshape(-1), where))
    if values.shape[1:] not in ((28, 28), (784,), (28, 28, 1)):
        expected = "images (n, 28, 28) or (n, 784), grey, or labels (n,)"
        raise refused(where, f"an array of shape {values.shape}", expected)
    return Piece(where, part, as_bytes(values.reshape(-1, 28, 28), where))


def as_bytes(values: NDArray[Any], where: str, first: int = 1) -> Bytes:
    """The same numbers as uint8, if they are whole and from 0 to 255.

    Args:
        values: Numbers of any type, (n, ...).
        where: File, and array within the file, for the message.
        first: Number of the first row, for the message.

    Raises:
        ImportRefused: They are not. NaN is no number either.
    """
    if values.dtype.kind not in "uif":
        raise refused(where, f"values of type {values.dtype}", "numbers")
    with np.errstate(invalid="ignore"):  # a cast that goes wrong shows when it is compared
        small = values.astype(np.uint8)
    wrong = small != values
    if wrong.any():
        place = np.unravel_index(int(wrong.argmax()), values.shape)
        raise refused(where, f"{values[place]} in row {first + int(place[0]):,}", "whole numbers from 0 to 255")
    return small

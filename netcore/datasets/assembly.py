"""Put the pieces of an import together: which belong to which part, and which label means which class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from netcore.datasets.idx import Bytes
from netcore.datasets.info import MOST_CLASSES, Framing, PartName
from netcore.datasets.library import Part
from netcore.datasets.pieces import Piece, refused

__all__ = ["classify", "framing_of", "put_together", "split"]

_PARTS: tuple[PartName, PartName] = ("train", "test")
_WORDS: Mapping[PartName, str] = {"train": "training", "test": "test"}
_SHARE = 7
"""Where there is no test part, every seventh image goes into one: the share that MNIST has. Not the last seventh, since
many such files are sorted by label."""


def put_together(pieces: Sequence[Piece]) -> dict[PartName, Part]:
    """Find the images and the labels of each part.

    Returns:
        The training part, and the test part if there is one.

    Raises:
        ImportRefused: Something is missing, there is too much, or the counts differ.
    """
    images = _by_part([piece for piece in pieces if piece.holds_images], "images")
    labels = _by_part([piece for piece in pieces if not piece.holds_images], "labels")
    for part in images.keys() - labels.keys():
        raise refused(images[part].where, f"{_WORDS[part]} images without labels", "both")
    for part in labels.keys() - images.keys():
        raise refused(labels[part].where, f"{_WORDS[part]} labels without images", "both")
    if "train" not in images:
        found = f"only a test part in {images['test'].where}" if images else "nothing"
        raise refused("files", found, "a training part, with or without a test part")
    return {part: _part(images[part], labels[part]) for part in _PARTS if part in images}


def split(whole: Part) -> dict[PartName, Part]:
    """Make every seventh image the test part. Both keep the order of the whole.

    Raises:
        ImportRefused: There are fewer than seven.
    """
    if len(whole) < _SHARE:
        raise refused("files", f"{len(whole)} images and no test part", f"a test part, or {_SHARE} images or more")
    test = np.arange(len(whole)) % _SHARE == _SHARE - 1
    return {
        "train": Part(whole.images[~test], whole.labels[~test]),
        "test": Part(whole.images[test], whole.labels[test]),
    }


def classify(
    parts: dict[PartName, Part], classes: Sequence[str] | None
) -> tuple[dict[PartName, Part], tuple[str, ...]]:
    """Name the classes, and see that each label has one.

    Args:
        parts: The parts.
        classes: Names that were given; None for "0" to "9", or on to the highest label.

    Returns:
        The parts and the names. Labels are changed in one case only: names were given for n classes and the labels are
        1 to n, so that 1 is taken off each.

    Raises:
        ImportRefused: A label has no name, or the names cannot be told apart.
    """
    lowest = min(int(part.labels.min()) for part in parts.values())
    highest = max(int(part.labels.max()) for part in parts.values())
    if classes is None:
        return parts, tuple(str(label) for label in range(max(10, highest + 1)))
    names = tuple(classes)
    count = len(names)
    if not 2 <= len(set(names)) == count <= MOST_CLASSES or not all(
        name.isprintable() and name.strip() for name in names
    ):
        raise refused("names of the classes", ", ".join(names) or "none", f"2 to {MOST_CLASSES} different names")
    if lowest >= 1 and highest == count:
        return {key: replace(part, labels=part.labels - np.uint8(1)) for key, part in parts.items()}, names
    if highest >= count:
        raise refused("labels", f"{lowest} to {highest}", f"0 to {count - 1} or 1 to {count}, for {count} classes")
    return parts, names


def framing_of(images: Bytes) -> Framing:
    """How images (n, 28, 28) fill their frame: MNIST's digits hardly ever reach its edge, clothes nearly always."""
    edges = images[:, [0, -1], :].any(axis=(1, 2)) | images[:, :, [0, -1]].any(axis=(1, 2))
    return "filled" if edges.mean() > 0.5 else "digit"


def _by_part(pieces: Sequence[Piece], what: str) -> dict[PartName, Piece]:
    """Give each piece its part: first those that name it, then the others in their order."""
    placed: dict[PartName, Piece] = {}
    for piece in sorted(pieces, key=lambda piece: piece.part is None):
        part = piece.part or ("test" if "train" in placed else "train")
        if part in placed:
            found = f"more {_WORDS[part]} {what}, after those of {placed[part].where}"
            raise refused(piece.where, found, "one training part and one test part")
        placed[part] = piece
    return placed


def _part(images: Piece, labels: Piece) -> Part:
    """Images with their labels, one each."""
    if len(images.array) != len(labels.array):
        found = f"{len(images.array):,} images, and {len(labels.array):,} labels in {labels.where}"
        raise refused(images.where, found, "as many labels as images")
    if not len(images.array):
        raise refused(images.where, "no images", "one or more")
    return Part(images.array, labels.array)

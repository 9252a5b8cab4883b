"""The card of a model: what it is, how it was trained, how good it is. It travels inside the model's file.

Cards are read without NumPy: the app's first screen lists every model, and importing NumPy would take a third of its
time.
"""

from __future__ import annotations

import dataclasses
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netcore.errors import ArchitectureError, BadModelFile
from netcore.nn.architecture import Architecture

__all__ = ["FORMAT", "Card", "array_shapes", "read_card"]

FORMAT = 1

MOST_CARD_BYTES = 64 * 2**20
"""A card larger than this is no card: reading it must not fill the memory."""

_HEADER = re.compile(rb"\{'descr': '([^']+)', 'fortran_order': (True|False), 'shape': \(([\d, ]*)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is known of a trained network.

    Attributes:
        name: Under which it was saved.
        dataset: Name of the dataset that it was trained on.
        classes: Names of the classes, in the order of its outputs.
        architecture: Its layers, e.g. ``relu(128), relu(64), softmax(10)``.
        settings: Of its training, as `netcore.training.config.TrainingConfig.to_json` gives them.
        seed: Of its training.
        epochs: That it was trained for.
        test_accuracy: In [0, 1]; None where it was not measured.
        test_loss: Mean cross-entropy (nats).
        validation_accuracy: After the last epoch; None where no images were held out.
        validation_loss: Likewise.
        history: Columns with a number an epoch: ``train_loss``, ``train_accuracy``, ``validation_loss``,
            ``validation_accuracy``, ``learning_rate``, ``seconds``.
        seconds: Its training took, without pauses.
        made_at: When, as ISO 8601 in UTC.
        versions: Of the programs and libraries that made it.
    """

    name: str
    dataset: str
    classes: tuple[str, ...]
    architecture: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    epochs: int | None = None
    test_accuracy: float | None = None
    test_loss: float | None = None
    validation_accuracy: float | None = None
    validation_loss: float | None = None
    history: Mapping[str, list[float | None]] = field(default_factory=dict)
    seconds: float | None = None
    made_at: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """The card as a JSON text."""
        return json.dumps({"format": FORMAT} | dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Card:
        """The card of such a text. Fields that this version does not know are left out.

        Raises:
            ValueError: The text is not a card.
        """
        values = json.loads(text)
        if not isinstance(values, dict) or not isinstance(values.get("format"), int):
            raise ValueError("not a card")
        if values["format"] > FORMAT:
            raise ValueError(f"a card of format {values['format']}, this version reads up to {FORMAT}")
        known = {item.name for item in dataclasses.fields(cls)}
        try:
            card = cls(**{name: value for name, value in values.items() if name in known})
            classes = tuple(str(name) for name in card.classes)
            layers = str(Architecture.parse(card.architecture))
        except (TypeError, AttributeError, ArchitectureError) as error:
            raise ValueError(f"not a card: {error}") from error
        return dataclasses.replace(card, classes=classes, architecture=layers)


def read_card(path: Path) -> Card | None:
    """The card in a model's file; None where the file has none.

    Raises:
        BadModelFile: The file is not a model, or its card cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if "card.npy" not in archive.namelist():
                return None
            if archive.getinfo("card.npy").file_size > MOST_CARD_BYTES:
                raise BadModelFile(f"{path}: its card is too large; it is no card of mnist-tui")
            content = archive.read("card.npy")
        kind, _, start = _read_header(content)
        # NumPy keeps a text as UTF-32, "<U" and its length.
        if not kind.startswith("<U"):
            raise BadModelFile(f"{path}: its card is of type {kind}, not text")
        return Card.from_json(content[start:].decode("utf-32-le").rstrip("\0"))
    except (OSError, EOFError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise BadModelFile(f"{path}: not a model file ({error}); expected an .npz with W0, b0, W1, b1, ...") from error


def array_shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """The shape of every array in an ``.npz`` file, without reading the arrays.

    Raises:
        BadModelFile: The file is not an ``.npz``.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            shapes = {}
            for name in archive.namelist():
                with archive.open(name) as file:
                    shapes[name.removesuffix(".npy")] = _read_header(file.read(4096))[1]
            return shapes
    except (OSError, EOFError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise BadModelFile(f"{path}: not a model file ({error}); expected an .npz with W0, b0, W1, b1, ...") from error


def _read_header(content: bytes) -> tuple[str, tuple[int, ...], int]:
    """Type, shape and start of the data of an array in NumPy's ``.npy`` format (numpy.lib.format), any version."""
    if content[:6] != b"\x93NUMPY":
        raise ValueError("an entry is not a NumPy array")
    wide = content[6] > 1
    start = (12 if wide else 10) + int.from_bytes(content[8 : 12 if wide else 10], "little")
    found = _HEADER.match(content, 12 if wide else 10)
    if not found:
        raise ValueError("an array's header cannot be read, or it holds Python objects")
    return found[1].decode(), tuple(int(size) for size in found[3].split(b",") if size.strip()), start

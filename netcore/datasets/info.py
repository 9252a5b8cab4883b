"""What there is to know of a dataset without loading an image: its ``dataset.json``, and the list of all datasets.

Lists and menus need no more than this, so there is no NumPy in here: a person waits for the first screen.
"""

from __future__ import annotations

import gzip
import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from netcore.errors import DamagedFile, DatasetNotFound
from netcore.resources import bundled, user_folder

__all__ = [
    "GZIPPED",
    "MOST_CLASSES",
    "DatasetInfo",
    "Framing",
    "PartName",
    "file_names",
    "find_dataset",
    "list_datasets",
    "read_info",
    "stored_file",
]

PartName = Literal["train", "test"]

Framing = Literal["digit", "filled"]
"""How a dataset's images sit in their 28 x 28 pixels: a digit of 20 pixels around its centre of mass, as in MNIST, or a
thing that fills the whole width or height, as in Fashion-MNIST. A picture of one's own is prepared likewise."""

MOST_CLASSES = 256
"""A label is one byte."""

GZIPPED = b"\x1f\x8b"
"""The first bytes of a gzipped file, whatever its name."""


@dataclass(frozen=True)
class DatasetInfo:
    """A dataset, as its ``dataset.json`` describes it.

    Attributes:
        name: Name of its folder; what a user types.
        title: A few words for people.
        classes: Name of each class; the label is the index.
        origin: Who made it, or which files it was imported from.
        licence: Its licence; empty where nobody said.
        folder: Where its files are.
        bundled: Whether it comes with the program.
        counts: Images in each part; a part that is missing here does not exist.
        sha256: Digest of each file, unpacked, in hexadecimal; empty for a dataset put together by hand.
        framing: How a picture of one's own is prepared to look like these images.
        problem: Why it cannot be used, for the list; None for a healthy one.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    origin: str
    licence: str
    folder: Path
    bundled: bool
    counts: Mapping[PartName, int] = field(default_factory=dict)
    sha256: Mapping[str, str] = field(default_factory=dict)
    framing: Framing = "digit"
    problem: str | None = None

    def to_json(self) -> str:
        """The text of its ``dataset.json``."""
        document = {
            "format": 1,
            "name": self.name,
            "title": self.title,
            "classes": self.classes,
            "origin": self.origin,
            "licence": self.licence,
            "framing": self.framing,
            "counts": dict(self.counts),
            "sha256": dict(self.sha256),
        }
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def list_datasets() -> list[DatasetInfo]:
    """All datasets: the bundled ones, then the user's, each by name. A damaged one is listed with its problem."""
    return [
        read_info(described.parent, bundled=ours)
        for root, ours in ((bundled("data"), True), (user_folder("datasets"), False))
        for described in sorted(root.glob("*/dataset.json"))
        if not described.parent.name.startswith(".")  # an import that is under way
    ]


def find_dataset(name: str) -> DatasetInfo:
    """The dataset of that name; a bundled one before the user's.

    Raises:
        DatasetNotFound: There is none; the message names those that there are.
        DamagedFile: Its ``dataset.json`` cannot be used.
    """
    known = list_datasets()
    for info in known:
        if info.name == name:
            if info.problem:
                raise DamagedFile(info.problem)
            return info
    names = ", ".join(info.name for info in known) or "none"
    raise DatasetNotFound(f"no dataset is called {name!r}; there are: {names}. mnist-tui import brings in others")


def read_info(folder: Path, *, bundled: bool) -> DatasetInfo:
    """Read a folder's ``dataset.json``. It never fails: what is wrong stands in ``problem``.

    A file written by hand needs ``classes`` only.
    """
    described = folder / "dataset.json"
    try:
        document = json.loads(described.read_bytes())
        return _checked(document, folder, bundled)
    except (OSError, EOFError, ValueError, RecursionError, zlib.error) as error:
        cure = "install mnist-tui again" if bundled else "mend it, or remove the folder and import the dataset again"
        problem = f"{described}: {error}; {cure}"
        return DatasetInfo(folder.name, folder.name, (), "", "", folder, bundled, problem=problem)


def file_names(part: PartName) -> tuple[str, str]:
    """Names of the images file and the labels file of a part, as MNIST has them, before packing."""
    stem = {"train": "train", "test": "t10k"}[part]
    return f"{stem}-images-idx3-ubyte", f"{stem}-labels-idx1-ubyte"


def stored_file(folder: Path, name: str) -> Path:
    """The file of that name as it lies there, gzipped or not. Where there is neither, the gzipped name."""
    packed, plain = folder / f"{name}.gz", folder / name
    return plain if plain.exists() and not packed.exists() else packed


def _checked(document: object, folder: Path, ours: bool) -> DatasetInfo:
    """Check what a ``dataset.json`` holds, and fill in what it may leave out. Raises ValueError, in a few words."""
    if not isinstance(document, dict):
        raise ValueError("it does not hold a JSON object")
    classes = document.get("classes")
    if not isinstance(classes, list) or not all(isinstance(name, str) for name in classes):
        raise ValueError('"classes" is not a list of names')
    if not 2 <= len(classes) <= MOST_CLASSES:
        raise ValueError(f'"classes" has {len(classes)} names, and 2 to {MOST_CLASSES} can be told apart')
    framing = document.get("framing", "digit")
    if framing not in get_args(Framing):
        raise ValueError(f'"framing" is {framing!r}, and only {", ".join(get_args(Framing))} are known')
    counts, sha256 = document.get("counts", {}), document.get("sha256", {})
    if not isinstance(counts, dict) or not all(
        part in get_args(PartName) and type(count) is int and count >= 0 for part, count in counts.items()
    ):
        raise ValueError('"counts" does not give a number of images for each part')
    if not isinstance(sha256, dict) or not all(isinstance(digest, str) for digest in sha256.values()):
        raise ValueError('"sha256" does not give a digest for each file')
    return DatasetInfo(
        name=folder.name,  # not the document's: a folder that was renamed goes by its new name
        title=str(document.get("title", folder.name)),
        classes=tuple(classes),
        origin=str(document.get("origin", "")),
        licence=str(document.get("licence", "")),
        folder=folder,
        bundled=ours,
        counts=counts or _counted(folder),
        sha256=sha256,
        framing=framing,
    )


def _counted(folder: Path) -> dict[PartName, int]:
    """Count the images of each part by the header of its labels file: a magic number and the count, big-endian."""
    counts: dict[PartName, int] = {}
    for part in get_args(PartName):
        file = stored_file(folder, file_names(part)[1])
        if file.exists():
            with file.open("rb") as stored:
                packed = stored.read(2) == GZIPPED
                stored.seek(0)
                header = (gzip.GzipFile(fileobj=stored) if packed else stored).read(8)
            if len(header) < 8:
                raise ValueError(f"{file.name} is cut short")
            counts[part] = struct.unpack(">II", header)[1]
    return counts

"""Bring in a dataset of one's own: check the files, and keep them in the one form that the library loads.

What comes out is gzipped IDX with digests, holding byte for byte the images and labels that went in. A dataset is there
whole or not at all.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from netcore.datasets.assembly import classify, framing_of, put_together, split
from netcore.datasets.csv_reader import read_csv
from netcore.datasets.idx import read_idx, write_idx
from netcore.datasets.info import DatasetInfo, PartName, file_names, list_datasets, read_info
from netcore.datasets.library import Part
from netcore.datasets.mat_reader import read_mat
from netcore.datasets.npz_reader import read_npz
from netcore.datasets.pieces import Piece, as_piece, part_in_name, refused, unreadable
from netcore.errors import DamagedFile, ImportRefused
from netcore.resources import replacing, storing, user_folder

__all__ = ["import_dataset"]

_KINDS = "IDX (gzipped or not), .csv, .mat or .npz"


def import_dataset(name: str, files: Sequence[Path | str], classes: Sequence[str] | None = None) -> DatasetInfo:
    """Bring in a set of grey 28 x 28 images with labels, as a dataset of the user's own.

    The files are IDX (gzipped or not), ``.csv``, ``.mat`` or ``.npz``; see `read_csv`, `read_mat` and `read_npz` for
    what they hold. A name with "train", or with "test" or "t10k", says which part a file belongs to; files whose names
    say nothing are the training part and then the test part, as they are given. Of files without a test part, every
    seventh image becomes the test part, and ``origin`` says so. Files of a test part alone are refused.

    Args:
        name: Name of the new dataset: letters, digits, ``_``, ``-`` and ``.``.
        files: The files, together one dataset.
        classes: Name of each class. Without, they are called "0" to "9", or on to the highest label. If names
            are given for n classes and the labels are 1 to n, as EMNIST's letters have them, 1 is taken off each:
            that is the only case in which a label is changed.

    Returns:
        The new dataset.

    Raises:
        ImportRefused: The name is taken or cannot be a folder's, or a file does not hold such images and labels. The
            message names the file, what was found and what was expected. Nothing is left behind.
        StorageError: The dataset cannot be written. Nothing is left behind.
    """
    folder = _free_folder(name)
    parts = put_together([piece for file in files for piece in _read(Path(file))])
    origin = "imported from " + ", ".join(Path(file).name for file in files)
    if "test" not in parts:
        parts = split(parts["train"])
        origin += "; every seventh image is the test part"
    parts, names = classify(parts, classes)
    counts = {key: len(part) for key, part in parts.items()}
    framing = framing_of(parts["train"].images)
    info = DatasetInfo(name, name, names, origin, "", folder, bundled=False, counts=counts, framing=framing)
    _store(info, parts)
    return read_info(folder, bundled=False)


def _free_folder(name: str) -> Path:
    """Folder for a dataset of that name, if the name can be used."""
    if not re.fullmatch(r"\w[\w.-]{0,63}", name) or len(os.fsencode(name)) > 200:
        raise refused("name of the dataset", repr(name), "letters, digits, _ - and . (up to 64, no . or - first)")
    for info in list_datasets():
        if info.name.casefold() == name.casefold():
            raise refused("name of the dataset", f"{name!r}, which is taken by {info.folder}", "another name")
    folder = user_folder("datasets") / name
    if folder.exists():
        raise refused("name of the dataset", f"{name!r}, which is taken by {folder}", "another name")
    return folder


def _read(path: Path) -> list[Piece]:
    """Read a file of any known kind."""
    try:
        path.open("rb").close()
    except OSError as error:
        raise unreadable(path, error.strerror, _KINDS) from error
    name = path.name.lower()
    if name.endswith((".csv", ".csv.gz", ".csv.zip")):
        return read_csv(path)
    if name.endswith(".mat"):
        return read_mat(path)
    if name.endswith(".npz"):
        return read_npz(path)
    try:
        return [as_piece(str(path), part_in_name(path.name), read_idx(path))]
    except DamagedFile as error:
        raise ImportRefused(f"{error}; expected {_KINDS}") from error  # which names the file


def _store(info: DatasetInfo, parts: Mapping[PartName, Part]) -> None:
    """Write a dataset beside its place and move it there, so that it is there whole or not at all."""
    for left in info.folder.parent.glob(".*.tmp"):
        named = re.fullmatch(rf"\.{re.escape(info.name)}\.(\d+)\.tmp", left.name)
        if named and not _is_alive(int(named[1])):
            shutil.rmtree(left, ignore_errors=True)  # of a process that was killed while it wrote the same
    temporary = info.folder.with_name(f".{info.name}.{os.getpid()}.tmp")
    try:
        sha256 = {}
        for key, part in parts.items():
            for file, array in zip(file_names(key), (part.images, part.labels), strict=True):
                sha256[file] = write_idx(temporary / f"{file}.gz", array)
        with replacing(temporary / "dataset.json") as described:
            described.write(replace(info, sha256=sha256).to_json().encode())
        with storing(info.folder):
            temporary.rename(info.folder)
    finally:  # also when a person presses Ctrl-C; after the rename there is nothing to remove
        shutil.rmtree(temporary, ignore_errors=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except PermissionError:
        return True  # somebody else's
    except (ProcessLookupError, OverflowError):
        return False
    return True

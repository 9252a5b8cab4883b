"""Read NumPy's archives: ``x_train, y_train, x_test, y_test`` in one file, or an array a file, as Kuzushiji has it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from netcore.archives import UNREADABLE
from netcore.datasets.pieces import Piece, as_piece, part_in_name, refused

__all__ = ["read_npz"]

_EXPECTED = "an .npz of plain arrays such as x_train, y_train, x_test, y_test"


def read_npz(path: Path) -> list[Piece]:
    """All arrays of an ``.npz``. Which part an array belongs to is said by its name, otherwise by the file's name.

    Raises:
        ImportRefused: It is not such a file, or holds Python objects: unpacking those can run any code.
    """
    try:
        loaded = np.load(path, allow_pickle=False)
        if not isinstance(loaded, np.lib.npyio.NpzFile):
            raise refused(path, "a single array", _EXPECTED)
        with loaded as archive:
            arrays = {name: np.asarray(archive[name]) for name in archive.files}
    except UNREADABLE as error:
        raise refused(path, f"no readable arrays ({error})", _EXPECTED) from error
    file_part = part_in_name(path.name)
    return [as_piece(f"{path}, {name}", part_in_name(name) or file_part, array) for name, array in arrays.items()]

"""Read a MATLAB file as ``mnist-original.mat`` is one: ``data``, 784 x n, and ``label``, 1 x n.

SciPy reads it, in a process of its own (this module run as a program): of 448 files with one wrong byte in their heads
seven took the process down with them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from netcore.archives import UNREADABLE
from netcore.datasets.pieces import Piece, as_piece, part_in_name, refused
from netcore.resources import environment_for_python

__all__ = ["read_mat"]

_NEWER = "a file of MATLAB 7.3"
_EXPECTED = "data (784 x n) and label (1 x n), saved by MATLAB up to version 7"


def read_mat(path: Path) -> list[Piece]:
    """Images and labels of a MATLAB file.

    70,000 images are MNIST's two parts one after the other, as in ``mnist-original.mat``: 60,000 to train with, then
    10,000 to test with, each sorted by label there; their order stays. Other counts are one piece.

    Raises:
        ImportRefused: It is not such a file.
    """
    with TemporaryDirectory(prefix="mnist-tui-") as folder:
        read = Path(folder) / "read.npz"
        done = subprocess.run(  # noqa: S603  # ours
            (sys.executable, "-m", __name__, str(path.absolute()), str(read)),
            env=environment_for_python(),
            cwd=folder,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        if done.returncode or not read.is_file():
            why = done.stdout.strip() or f"its reader ended with {done.returncode}"
            expected = f'{_EXPECTED}: save it with "-v7"' if why == _NEWER else _EXPECTED
            raise refused(path, why if why == _NEWER else f"no readable MATLAB data ({why})", expected)
        with np.load(read, allow_pickle=False) as content:
            if missing := {"data", "label"} - {*content.files}:
                raise refused(path, f"no {' and no '.join(sorted(missing))}", _EXPECTED)
            data, label = content["data"], content["label"]
    if data.ndim != 2 or data.shape[0] != 784 or label.shape != (1, data.shape[1]):
        raise refused(path, f"data {data.shape} and label {label.shape}", _EXPECTED)
    images = as_piece(f"{path}, data", part_in_name(path.name), data.T)
    labels = as_piece(f"{path}, label", images.part, label.T)
    if len(images.array) != 70_000:
        return [images, labels]
    return [
        piece
        for whole in (images, labels)
        for piece in (
            Piece(whole.where, "train", whole.array[:60_000]),
            Piece(whole.where, "test", whole.array[60_000:]),
        )
    ]


def _main(path: str, read: str) -> int:
    """Read with SciPy, and leave the arrays in another file; print what is wrong."""
    from scipy.io import loadmat  # noqa: PLC0415  # loaded only when used
    from scipy.io.matlab import MatReadError  # noqa: PLC0415  # loaded only when used

    try:
        content = loadmat(path, appendmat=False, variable_names=["data", "label"])
        arrays = {name: np.asarray(content[name]) for name in ("data", "label") if name in content}
        if any(array.dtype.hasobject for array in arrays.values()):  # cells, or structures
            raise TypeError("values of type object")
        np.savez(read, allow_pickle=False, **arrays)
    except NotImplementedError:  # a file of version 7.3 is HDF5
        print(_NEWER)  # noqa: T201  # to the process that reads it
    # Of a damaged file SciPy's reader has been seen to divide by zero, and to use a variable that had got no value.
    except (*UNREADABLE, MatReadError, ArithmeticError, NameError) as error:
        print(error)  # noqa: T201  # likewise
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))

"""Read a MATLAB file as ``mnist-original.mat`` is one: ``data``, 784 x n, and ``label``, 1 x n."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from netcore.archives import UNREADABLE
from netcore.datasets.pieces import Piece, as_piece, part_in_name, refused

__all__ = ["read_mat"]

_EXPECTED = "data (784 x n) and label (1 x n), saved by MATLAB up to version 7"


def read_mat(path: Path) -> list[Piece]:
    """Images and labels of a MATLAB file.

    70,000 images are MNIST's two parts one after the other, as in ``mnist-original.mat``: 60,000 to train with, then
    10,000 to test with, each sorted by label there; their order stays. Other counts are one piece.

    Raises:
        ImportRefused: It is not such a file.
    """
    # SciPy's reader takes half a second to import, and only this reader needs it.
    from scipy.io import loadmat  # noqa: PLC0415  # loaded only when used
    from scipy.io.matlab import MatReadError  # noqa: PLC0415  # loaded only when used

    try:
        content = loadmat(path, appendmat=False, variable_names=["data", "label"])
    except NotImplementedError as error:  # a file of version 7.3 is HDF5
        raise refused(path, "a file of MATLAB 7.3", f'{_EXPECTED}: save it with "-v7"') from error
    # Of a damaged file SciPy's reader has been seen to divide by zero, and to use a variable that had got no value.
    except (*UNREADABLE, MatReadError, ArithmeticError, NameError) as error:
        raise refused(path, f"no readable MATLAB data ({error})", _EXPECTED) from error
    if missing := {"data", "label"} - content.keys():
        raise refused(path, f"no {' and no '.join(sorted(missing))}", _EXPECTED)
    data, label = np.asarray(content["data"]), np.asarray(content["label"])
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

"""Read a table with an image in each row: the label, then 784 pixels, as ``fashion-mnist_train.csv`` has them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from netcore.archives import UNREADABLE
from netcore.datasets.pieces import Piece, as_bytes, part_in_name, refused, unreadable

__all__ = ["read_csv"]

_ROWS = 4096
"""Rows read at a time: 60,000 rows as numbers of eight bytes would take 377 MB."""

_EXPECTED = "785 columns of numbers: the label, then 28 x 28 pixels"


def read_csv(path: Path) -> list[Piece]:
    """Images and labels of a CSV file, with a line of column names or without; it may be packed (``.gz``, ``.zip``).

    The labels are the column called ``label`` or ``class``, otherwise the first.

    Raises:
        ImportRefused: It is not such a table.
    """
    # pandas takes a second to import, and only this reader needs it.
    import pandas as pd  # noqa: PLC0415  # loaded only when used

    images, labels, row = [], [], 1
    try:
        top = pd.read_csv(path, header=None, nrows=1, dtype=str).iloc[0].fillna("")
        titles = [title.strip().lower() for title in top]
        # One bad value does not make names of a row of numbers: it is refused, not left out.
        numeric = top.str.fullmatch(r"\s*[-+.\d]*(e[-+]?\d+)?\s*", case=False).mean()
        named = numeric < 0.5 or "label" in titles or "class" in titles
        column = next((titles.index(title) for title in ("label", "class") if title in titles), 0)
        # The names are left out: where rows are longer than they, pandas would take labels for names of rows.
        with pd.read_csv(path, header=None, skiprows=int(named), chunksize=_ROWS) as chunks:
            for chunk in chunks:
                if chunk.shape[1] != 785:
                    raise refused(path, f"{chunk.shape[1]} columns", _EXPECTED)
                numbers = as_bytes(chunk.to_numpy(np.float64), str(path), row)
                labels.append(numbers[:, column])
                images.append(np.delete(numbers, column, axis=1).reshape(-1, 28, 28))
                row += len(chunk)
    except UNREADABLE as error:
        raise unreadable(path, error, _EXPECTED) from error
    part = part_in_name(path.name)
    return [Piece(str(path), part, np.concatenate(images)), Piece(str(path), part, np.concatenate(labels))]

"""Rows of pixels from memory and from a file."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from netcore.errors import DamagedFile
from netcore.training.pixels import Pixels
from tests.netcore.toy import TRAIN

CHOSEN = np.array([59, 0, 7, 7])


def test_they_come_from_memory_in_the_order_asked_for():
    out = np.zeros((4, 784), np.uint8)
    Pixels(TRAIN.images).take(CHOSEN, out)
    np.testing.assert_array_equal(out, TRAIN.images[CHOSEN].reshape(4, -1))


def test_they_come_from_a_mapped_file_behind_its_header(tmp_path: Path):
    path = tmp_path / "images"
    path.write_bytes(b"16 bytes of head" + TRAIN.images.tobytes())
    mapped = np.memmap(path, np.uint8, "r", 16, TRAIN.images.shape)
    out = np.zeros((4, 784), np.uint8)
    pixels = Pixels(mapped)
    pixels.take(CHOSEN, out)
    np.testing.assert_array_equal(out, TRAIN.images[CHOSEN].reshape(4, -1))
    np.testing.assert_array_equal(pixels.images(CHOSEN), TRAIN.images[CHOSEN])
    assert not isinstance(pixels.images(CHOSEN), np.memmap)

    Pixels(mapped[3:]).take(np.array([0]), out[:1])  # the part begins later in the file than the whole
    np.testing.assert_array_equal(out[0], TRAIN.images[3].ravel())

    with path.open("r+b") as file:
        file.truncate(16 + 59 * 784)
    with pytest.raises(DamagedFile, match=re.escape(f"{path} has become shorter: image 59")):
        pixels.take(CHOSEN, out)

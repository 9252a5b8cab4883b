"""A home of one's own for every test, and a small dataset to bring in."""

import numpy as np
import pytest

from netcore.datasets.library import Part


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    monkeypatch.setenv("MNIST_TUI_HOME", str(folder))
    return folder


@pytest.fixture
def parts():
    """A training part of 30 and a test part of 12 images: any bytes, and every label from 0 to 9."""
    rng = np.random.default_rng(0)
    return {
        part: Part(rng.integers(0, 256, (count, 28, 28), np.uint8), rng.permutation(count).astype(np.uint8) % 10)
        for part, count in (("train", 30), ("test", 12))
    }

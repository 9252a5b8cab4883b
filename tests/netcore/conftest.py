"""What the tests of the engine share: a home of their own, a small dataset in it, the same examples every time."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from netcore.datasets.idx import write_idx
from tests.netcore.toy import CLASSES, toy_part

settings.register_profile("fixed", derandomize=True, deadline=None, database=None, max_examples=40)
settings.load_profile("fixed")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder, empty."""
    folder = tmp_path / "home"
    monkeypatch.setenv("MNIST_TUI_HOME", str(folder))
    return folder


@pytest.fixture
def toy_dataset(home: Path) -> str:
    """A dataset put together by hand: 60 training and 20 test images of ten classes that can be told apart."""
    folder = home / "datasets" / "toy"
    folder.mkdir(parents=True)
    names = ", ".join(f'"{name}"' for name in CLASSES)
    (folder / "dataset.json").write_text(f'{{"classes": [{names}]}}')
    for stem, part in (("train", toy_part(60)), ("t10k", toy_part(20, seed=1))):
        write_idx(folder / f"{stem}-images-idx3-ubyte.gz", part.images)
        write_idx(folder / f"{stem}-labels-idx1-ubyte.gz", part.labels)
    return "toy"

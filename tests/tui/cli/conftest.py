"""The commands in a home of their own, with a dataset of a few images and a network that was not trained here."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netcore.datasets.idx import write_idx
from netcore.datasets.info import file_names
from netcore.models.card import Card
from netcore.models.model import save_model
from netcore.nn.architecture import Architecture
from netcore.nn.network import Network
from netcore.runs.alone import continue_alone
from netcore.runs.run import Run
from netcore.training.config import TrainingConfig
from tests.netcore.runs.helpers import ended, wait_until
from tui.cli.main import main

BANDS = {"dataset": "bands", "layers": "relu(16), softmax(4)", "batch_size": 50, "validation": 100, "workers": 1}
FLAGS = [word for name, value in BANDS.items() for word in (f"--{name.replace('_', '-')}", str(value))]
CLASSES = ("top", "upper", "lower", "bottom")


@dataclass(frozen=True)
class Said:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its output as strict JSON: NaN is none."""

        def refuse(word: str) -> None:
            raise AssertionError(f"{word} is not JSON")

        return json.loads(self.out, parse_constant=refuse)


Runs = Callable[..., Said]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MNIST_TUI_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def mnist_tui(capsys: pytest.CaptureFixture[str]) -> Runs:
    """Run a command in this process."""

    def run(*arguments: str | Path) -> Said:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


def banded(count: int, seed: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Images with a bright band at one of four heights, in noise. The last class is rare."""
    rng = np.random.default_rng(seed)
    labels = rng.choice(4, count, p=(0.3, 0.3, 0.3, 0.1)).astype(np.uint8)
    images = rng.integers(0, 120, (count, 28, 28), np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[7 * label : 7 * label + 7] += 120
    return images, labels


@pytest.fixture
def bands(home: Path) -> Path:
    """A dataset called bands."""
    folder = home / "datasets" / "bands"
    for part, count, seed in (("train", 600, 1), ("test", 200, 2)):
        for name, array in zip(file_names(part), banded(count, seed), strict=True):
            write_idx(folder / f"{name}.gz", array)
    (folder / "dataset.json").write_text(json.dumps({"classes": CLASSES}))
    return folder


@pytest.fixture
def endless(bands: Path) -> Iterator[Run]:
    """A run without an end, in a process of its own, that has finished an epoch."""
    run = Run.create(TrainingConfig(**BANDS, epochs=100_000, name="endless"))
    continue_alone(run)
    with ended(run):
        wait_until(lambda: run.history().epochs)
        yield run


@pytest.fixture
def guesser(home: Path, bands: Path) -> Path:
    """A model called guesser, of random parameters, with a card that names bands."""
    architecture = Architecture.parse("relu(16), tanh(8), softmax(4)")
    config = TrainingConfig(dataset="bands", layers=str(architecture), epochs=3, batch_size=50, validation=100, seed=4)
    card = Card(
        name="guesser",
        dataset="bands",
        classes=CLASSES,
        architecture=str(architecture),
        settings=config.to_json(),
        epochs=3,
        test_accuracy=0.25,
    )
    path = home / "models" / "guesser.npz"
    save_model(path, Network.initialised(architecture, np.random.default_rng(3)), card)
    return path

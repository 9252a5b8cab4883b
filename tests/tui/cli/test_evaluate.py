"""evaluate: every figure against the same figure worked out from the file's arrays, in other words."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import log_softmax

from netcore.datasets.idx import write_idx
from netcore.datasets.importing import import_dataset
from netcore.models.model import load_model, save_model
from tests.terminal import Terminal
from tests.tui.cli.conftest import Runs, banded

ROOT = Path(__file__).resolve().parents[3]


def logs_by_hand(path: Path, images: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Log-probabilities of the guesser in float64: relu, tanh, softmax."""
    arrays = np.load(path)
    x = images.reshape(len(images), 784).astype(np.float64) / 255
    x = np.maximum(x @ arrays["W0"] + arrays["b0"], 0)
    x = np.tanh(x @ arrays["W1"] + arrays["b1"])
    return log_softmax(x @ arrays["W2"] + arrays["b2"], axis=1)


def ece_by_hand(logs: np.ndarray[Any, Any], labels: np.ndarray[Any, Any]) -> float:
    confidence, right, ece = np.exp(logs.max(axis=1)), logs.argmax(axis=1) == labels, 0.0
    for k in range(15):
        inside = (confidence > k / 15) & (confidence <= (k + 1) / 15)
        if inside.any():
            ece += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return ece


@pytest.mark.parametrize(("split", "count", "seed"), [("test", 200, 2), ("train", 600, 1)])
def test_every_figure(mnist_tui: Runs, guesser: Path, split: str, count: int, seed: int):
    said = mnist_tui("evaluate", "guesser", "--split", split, "--json")
    assert (said.code, said.err) == (0, "")
    found = said.json
    assert list(found) == [
        "model", "dataset", "split", "images", "correct", "accuracy", "loss", "confusion", "per_class", "ece",
        "temperature", "ece_scaled",
    ]  # fmt: skip
    assert [found[key] for key in ("model", "dataset", "split", "images")] == ["guesser", "bands", split, count]
    images, labels = banded(count, seed)
    logs = logs_by_hand(guesser, images)
    predictions = logs.argmax(axis=1)
    confusion = [[int(((labels == t) & (predictions == p)).sum()) for p in range(4)] for t in range(4)]
    assert found["confusion"] == confusion
    assert found["correct"] == (labels == predictions).sum()
    assert found["accuracy"] == found["correct"] / count
    assert found["loss"] == pytest.approx(
        -np.mean([row[label] for row, label in zip(logs, labels, strict=True)]), rel=1e-5
    )
    assert found["per_class"] == pytest.approx([(predictions[labels == t] == t).mean() for t in range(4)])
    assert found["ece"] == pytest.approx(ece_by_hand(logs, labels), abs=1e-6)
    assert (found["temperature"], found["ece_scaled"]) == (None, None)


def test_a_temperature_in_the_card_scales_the_calibration_error_and_nothing_else(mnist_tui: Runs, guesser: Path):
    plain = mnist_tui("evaluate", "guesser", "--json").json
    model = load_model("guesser")
    save_model(guesser, model.network, dataclasses.replace(model.card, temperature=0.25))
    found = mnist_tui("evaluate", "guesser", "--json").json
    images, labels = banded(200, 2)
    expected = ece_by_hand(log_softmax(4 * logs_by_hand(guesser, images), axis=1), labels)
    assert found["ece_scaled"] == pytest.approx(expected, abs=1e-5)
    assert found["ece_scaled"] != pytest.approx(found["ece"], abs=1e-3)
    assert found == plain | {"temperature": 0.25, "ece_scaled": found["ece_scaled"]}
    text = mnist_tui("evaluate", "guesser").out
    assert f"scaled    {100 * found['ece_scaled']:.2f} %  (with the temperature 0.25" in text


def test_a_class_without_images_is_null_and_a_dash(mnist_tui: Runs, guesser: Path, home: Path, bands: Path):
    """Three of the four classes have images in this dataset."""
    images, labels = banded(60, 7)
    write_idx(bands / "t10k-images-idx3-ubyte.gz", images[labels < 3])
    write_idx(bands / "t10k-labels-idx1-ubyte.gz", labels[labels < 3])
    found = mnist_tui("evaluate", "guesser", "--json").json
    assert found["per_class"][3] is None
    lines = [line.split() for line in mnist_tui("evaluate", "guesser").out.splitlines()]
    assert ["3", "bottom", "0", "–", "–"] in lines
    assert ["3", "bottom", "·", "·", "·", "·"] in lines


def test_people_see_the_same_figures(mnist_tui: Runs, guesser: Path):
    found = mnist_tui("evaluate", "guesser", "--json").json
    text = mnist_tui("evaluate", "guesser").out
    assert f"accuracy  {100 * found['accuracy']:.2f} %" in text
    assert f"loss      {found['loss']:.4f}" in text
    assert f"ece       {100 * found['ece']:.2f} %" in text
    rows = {
        line.split()[1]: line.split() for line in text[text.index("confusion") :].splitlines() if line[:1].isdigit()
    }
    assert [[int(cell.replace("·", "0")) for cell in row[2:]] for row in rows.values()] == found["confusion"]


@pytest.fixture
def letters(home: Path) -> Path:
    """A model of 26 classes and a dataset that fits it."""
    names = [chr(ord("a") + index) for index in range(26)]
    images = np.random.default_rng(11).integers(0, 256, (182, 28, 28), np.uint8)
    np.savez(home / "letters.npz", x_train=images, y_train=np.arange(182, dtype=np.uint8) % 26)
    import_dataset("letters", [home / "letters.npz"], names)
    np.savez(home / "bare.npz", W0=np.random.default_rng(12).normal(size=(784, 26)), b0=np.zeros(26))
    return home / "bare.npz"


@pytest.mark.parametrize(("columns", "matrix"), [(80, False), (120, True)])
def test_a_matrix_that_a_terminal_cannot_hold_is_not_mangled(home: Path, letters: Path, columns: int, matrix: bool):
    command = [sys.executable, "-m", "tui", "evaluate", letters, "--dataset", "letters"]
    environment = {"MNIST_TUI_HOME": str(home)}
    with Terminal(command, columns=columns, lines=70, environment=environment, cwd=ROOT) as terminal:
        assert terminal.wait_exit() == 0
        assert "…" not in terminal.text
        heading = next(
            (line for line in terminal.lines if line.split() == [chr(97 + index) for index in range(26)]), None
        )
        assert (heading is not None) == matrix
        assert ("takes a terminal of" in terminal.text) != matrix
        assert any(line.startswith("25 z ") for line in terminal.lines)


def test_a_path_of_strange_characters_works(mnist_tui: Runs, guesser: Path, home: Path):
    path = home / "my models" / "é\n☃.v2.npz"
    path.parent.mkdir()
    path.write_bytes(guesser.read_bytes())
    said = mnist_tui("evaluate", path, "--json")
    assert said.code == 0
    assert said.json["model"] == "é\n☃.v2"
    assert mnist_tui("evaluate", path).out.startswith("é\\n☃.v2 on the 200 test images of bands\n")


def test_a_model_without_a_card_asks_for_a_dataset(mnist_tui: Runs, bands: Path, home: Path):
    rng = np.random.default_rng(8)
    arrays = {"W0": rng.normal(size=(784, 4)), "b0": rng.normal(size=(1, 4))}
    np.savez(home / "bare.npz", **arrays)
    said = mnist_tui("evaluate", home / "bare.npz", "--json")
    assert said.code == 1
    assert "--dataset" in said.err
    images, labels = banded(200, 2)
    right = ((images.reshape(200, 784) / 255 @ arrays["W0"] + arrays["b0"]).argmax(axis=1) == labels).sum()
    assert mnist_tui("evaluate", home / "bare.npz", "--dataset", "bands", "--json").json["correct"] == right


def test_a_model_that_does_not_fit_is_refused(mnist_tui: Runs, guesser: Path, home: Path):
    said = mnist_tui("evaluate", "guesser", "--dataset", "mnist", "--json")
    assert (said.code, said.out) == (1, "")
    assert "4 classes" in said.err
    assert "mnist has 10" in said.err


def test_an_unknown_dataset_is_named(mnist_tui: Runs, guesser: Path):
    said = mnist_tui("evaluate", "guesser", "--dataset", "hands")
    assert said.code == 1
    assert "'hands'" in said.err
    assert "bands" in said.err


@pytest.mark.parametrize("name", ["mnist", "mnist1", "mnist2", "fashion", "fashion1", "fashion2"])
def test_a_bundled_model_is_as_good_as_its_card_says(mnist_tui: Runs, name: str):
    (line,) = (line for line in mnist_tui("models", "--json").json if line["name"] == name and line["bundled"])
    found = mnist_tui("evaluate", name, "--json").json
    assert (found["images"], found["dataset"]) == (10_000, line["dataset"])
    # Another processor rounds otherwise, and could decide an image otherwise that is a tie.
    assert found["accuracy"] == pytest.approx(line["test_accuracy"], abs=1.5e-4)

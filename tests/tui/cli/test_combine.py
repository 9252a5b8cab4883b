"""combine: what it makes is a model like any other, to every command."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.special import log_softmax

from tests.tui.cli.conftest import Runs, banded


@pytest.fixture
def two(mnist_tui: Runs, bands: Path) -> None:
    """Two models that were trained for a moment."""
    for seed, name in enumerate(("one", "two")):
        said = mnist_tui(
            *("train", "--dataset", "bands", "--layers", "relu(8), softmax(4)", "--epochs", "1", "--seed", str(seed)),
            *("--name", name, "--validation", "60", "--json"),
        )
        assert said.code == 0


def by_hand(home: Path, images: np.ndarray) -> np.ndarray:
    """Mean of the probabilities of the two models, in float64."""
    total = np.zeros((len(images), 4))
    for name in ("one", "two"):
        arrays = np.load(home / "models" / f"{name}.npz")
        x = np.maximum(images.reshape(len(images), 784) / 255 @ arrays["W0"].astype(float) + arrays["b0"], 0)
        total += np.exp(log_softmax(x @ arrays["W1"].astype(float) + arrays["b1"], axis=1)) / 2
    return total


@pytest.mark.usefixtures("two")
def test_a_committee_is_a_model_like_any_other(mnist_tui: Runs, home: Path):
    said = mnist_tui("combine", "both", "one", "two", "--json")
    assert (said.code, said.err) == (0, "")
    line = said.json
    assert line == next(line for line in mnist_tui("models", "--json").json if line["name"] == "both")
    assert (line["members"], line["architecture"]) == (2, "relu(8), softmax(4)")
    assert line["parameters"] == 2 * (785 * 8 + 9 * 4)
    images, labels = banded(200, 2)
    probabilities = by_hand(home, images)
    found = mnist_tui("evaluate", "both", "--json").json
    assert found["accuracy"] == line["test_accuracy"] == np.mean(probabilities.argmax(axis=1) == labels)
    assert (found["temperature"], found["ece_scaled"]) == (None, None)
    np.save(home / "image.npy", images[0])
    (predicted,) = mnist_tui("predict", "both", home / "image.npy", "--json").json
    assert predicted["probabilities"] == pytest.approx(probabilities[0].tolist(), abs=1e-6)
    (row,) = (row for row in mnist_tui("models").out.splitlines() if row.startswith("both"))
    assert "committee of 2: relu(8), softmax(4)" in row


@pytest.mark.usefixtures("two")
def test_people_see_the_line_of_the_list(mnist_tui: Runs, home: Path):
    said = mnist_tui("combine", "both", "one", "two", "--half")
    heading, row = said.out.splitlines()
    assert heading.startswith("name ")
    assert row.startswith("both  bands    committee of 2: relu(8), softmax(4)")
    with np.load(home / "models" / "both.npz") as file:
        assert file["1/W0"].dtype == np.float16


@pytest.mark.usefixtures("two")
def test_training_does_not_start_from_a_committee(mnist_tui: Runs):
    mnist_tui("combine", "both", "one", "two")
    for flag in ("--from", "--like"):
        said = mnist_tui("train", flag, "both", "--epochs", "1")
        assert said.code == 1
        assert "both is a committee of 2 networks" in said.err
        assert said.err.count("\n") == 1


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["one", "two"], "already a model called 'one'"),
        (["a/b", "two"], "cannot be a file's name"),
        (["new", "two", "three"], "'three'"),
        (["new", "two", "mnist"], "same dataset"),
    ],
)
def test_what_cannot_be_combined(mnist_tui: Runs, home: Path, arguments: list[str], says: str):
    said = mnist_tui("combine", *arguments, "--json")
    assert (said.code, said.out) == (1, "")
    assert says in said.err
    assert sorted(path.stem for path in (home / "models").iterdir()) == ["one", "two"]

"""predict: label, class and probabilities, against the arrays; pictures of MNIST survive being PNG files."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netcore.datasets.library import load_part
from netcore.models.card import Card
from netcore.models.model import save_model
from netcore.nn.architecture import Architecture
from netcore.nn.network import Network
from tests.tui.cli.conftest import CLASSES, Runs, banded
from tests.tui.cli.test_evaluate import logs_by_hand


def test_arrays(mnist_tui: Runs, guesser: Path, home: Path):
    images, _ = banded(3, 9)
    paths = [home / f"{number}.npy" for number in range(3)]
    for path, image in zip(paths, (images[0], images[1] / 255, images[2].reshape(784).astype(np.int64)), strict=True):
        np.save(path, image)
    said = mnist_tui("predict", "guesser", *paths, "--json")
    assert (said.code, said.err) == (0, "")
    expected = np.exp(logs_by_hand(guesser, images))
    for path, found, probabilities in zip(paths, said.json, expected, strict=True):
        label = int(probabilities.argmax())
        assert list(found) == ["image", "label", "class", "confidence", "probabilities"]
        assert [found["image"], found["label"], found["class"]] == [str(path), label, CLASSES[label]]
        assert found["probabilities"] == pytest.approx(probabilities, abs=1e-5)
        assert found["confidence"] == max(found["probabilities"])


def test_people_see_the_likeliest_three(mnist_tui: Runs, guesser: Path, home: Path):
    np.save(home / "one.npy", banded(1, 9)[0][0])
    (found,) = mnist_tui("predict", "guesser", home / "one.npy", "--json").json
    line = mnist_tui("predict", "guesser", home / "one.npy").out.splitlines()[1]
    likeliest = sorted(zip(found["probabilities"], CLASSES, strict=True), reverse=True)[:3]
    texts = " ".join(f"{name} {100 * probability:.2f} %" for probability, name in likeliest)
    assert " ".join(line.split()) == f"{home}/one.npy {found['label']} {texts}"


@pytest.mark.parametrize("dataset", ["mnist", "fashion-mnist"])
def test_an_image_of_the_dataset_is_the_same_as_a_png(mnist_tui: Runs, home: Path, dataset: str):
    """Prepared as its dataset was: a digit is centred by its mass, clothes fill their frame."""
    architecture = Architecture.parse("relu(32), softmax(10)")
    network = Network.initialised(architecture, np.random.default_rng(10))
    card = Card(name="m", dataset=dataset, classes=tuple("abcdefghij"), architecture=str(architecture))
    save_model(home / "models" / "m.npz", network, card)
    image = load_part(dataset, "test").images[1]
    Image.fromarray(image).save(home / "picture.png")
    np.save(home / "picture.npy", image)
    png, array = mnist_tui("predict", "m", home / "picture.png", home / "picture.npy", "--json").json
    assert png["probabilities"] == pytest.approx(array["probabilities"], abs=1e-6)


def test_one_bad_picture_is_named_and_nothing_is_printed(mnist_tui: Runs, guesser: Path, home: Path):
    np.save(home / "good.npy", banded(1, 9)[0][0])
    (home / "bad.png").write_text("no picture")
    for flags in ([], ["--json"]):
        said = mnist_tui("predict", "guesser", home / "good.npy", home / "bad.png", *flags)
        assert (said.code, said.out) == (1, "")
        assert said.err.startswith(f"mnist-tui: {home}/bad.png: ")
        assert said.err.count("\n") == 1


def test_a_name_that_is_no_text_works(mnist_tui: Runs, guesser: Path, home: Path):
    """A file's name is bytes: these are not UTF-8."""
    np.save(home / "plain.npy", banded(1, 9)[0][0])
    strange = (home / "plain.npy").rename(home / os.fsdecode(b"\xff\t.npy"))
    (found,) = mnist_tui("predict", "guesser", strange, "--json").json
    assert os.fsencode(found["image"]) == os.fsencode(strange)
    assert r"\udcff\t.npy" in mnist_tui("predict", "guesser", strange).out


def test_classes_go_by_number_without_a_card(mnist_tui: Runs, home: Path):
    np.savez(home / "bare.npz", W0=np.zeros((784, 3)), b0=np.array([0.0, 0.0, 5.0]))
    np.save(home / "one.npy", np.eye(28))
    (found,) = mnist_tui("predict", home / "bare.npz", home / "one.npy", "--json").json
    assert (found["label"], found["class"]) == (2, "2")
    assert found["confidence"] == pytest.approx(np.exp(5) / (2 + np.exp(5)))

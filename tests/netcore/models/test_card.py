"""Cards: every field there and back, read without NumPy, and refused where they are not what they say."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from netcore.errors import BadModelFile
from netcore.models.card import FORMAT, Card, read_card
from tests.netcore.toy import CLASSES

ROOT = Path(__file__).resolve().parents[3]


def full_card() -> Card:
    return Card(
        name="net",
        dataset="toy",
        classes=("nought", "Straße", "二"),
        architecture="relu(6), softmax(3)",
        settings={"epochs": 2, "start_from": None},
        seed=3,
        epochs=2,
        test_accuracy=0.9827,
        test_loss=0.1 + 0.2,
        validation_accuracy=None,
        validation_loss=None,
        ece_validation=0.0125,
        temperature=1.25,
        stored="float16",
        history={"train_loss": [0.5, 1 / 3], "validation_loss": [None, None]},
        seconds=12.5,
        made_at="2026-01-02T03:04:05+00:00",
        versions={"numpy": "2.4.6"},
    )


def with_card(path: Path, text: str) -> Path:
    np.savez(path, card=np.array(text), W0=np.zeros((784, 10), np.float32), b0=np.zeros(10, np.float32))
    return path


def changed(**fields: object) -> str:
    return json.dumps(json.loads(full_card().to_json()) | fields)


def test_there_and_back():
    assert Card.from_json(full_card().to_json()) == full_card()


def test_there_and_back_through_a_file(tmp_path: Path):
    assert read_card(with_card(tmp_path / "net.npz", full_card().to_json())) == full_card()


def test_a_card_of_only_what_must_be(tmp_path: Path):
    text = json.dumps(
        {"format": 1, "name": "n", "dataset": "toy", "classes": CLASSES, "architecture": "ReLU(6),softmax(10)"}
    )
    card = read_card(with_card(tmp_path / "n.npz", text))
    assert card == Card(name="n", dataset="toy", classes=CLASSES, architecture="relu(6), softmax(10)")


def test_fields_of_a_later_version_are_left_out():
    assert Card.from_json(changed(mood="good")) == full_card()


def test_a_file_without_a_card_has_none(tmp_path: Path):
    np.savez(tmp_path / "plain.npz", W0=np.zeros((784, 10)), b0=np.zeros(10))
    assert read_card(tmp_path / "plain.npz") is None


def test_numpy_is_not_needed(tmp_path: Path):
    path = with_card(tmp_path / "net.npz", full_card().to_json())
    script = (
        "import sys; from pathlib import Path; from netcore.models.card import read_card;"
        "print(read_card(Path(sys.argv[1])).test_accuracy, 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script, path], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0.9827", "False"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Expecting value"),
        ("[]", "not a card"),
        ("{}", "not a card"),
        (changed(format="1"), "not a card"),
        (changed(format=FORMAT + 1), f"format {FORMAT + 1}.*reads up to {FORMAT}"),
        ('{"format": 1, "name": "n"}', "missing"),
        (changed(architecture="relu(6)"), r"end with a softmax"),
        (changed(architecture=None), "not a card"),
        (changed(classes=["a", "b"]), r"2 names of classes for relu\(6\), softmax\(3\)"),
        (changed(classes=[1, 2, 3]), "not text"),
        (changed(classes=None), "not a card"),
        (changed(name=3), "not text"),
        (changed(dataset=None), "not text"),
        (changed(settings=[]), "not a card"),
        (changed(versions={"numpy": 2}), "not text"),
        (changed(test_accuracy="98 %"), "not a number"),
        (changed(epochs=[2]), "not a number"),
        (changed(temperature="hot"), "not a number"),
        (changed(temperature=0), "a temperature of 0"),
        (changed(temperature=1e-300), "a temperature of"),
        (changed(test_accuracy=10**400), "not a number"),
        (changed(epochs=10**400), "not a number"),
        (changed(epochs=True), "not a number"),
        (changed(test_accuracy=-3), "not between 0 and 1"),
        (changed(members=[{"name": "m", "architecture": "softmax(3)", "test_accuracy": 10**400}]), "not a number"),
        (changed(stored="float8"), "stored as 'float8'"),
        (changed(history=[]), "not a card"),
        (changed(history={"train_loss": 3}), "not a card"),
        (changed(history={"train_loss": ["low"]}), "not a number"),
        ("[" * 100_000, "not a model file"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_a_text_that_is_no_card_is_refused(tmp_path: Path, text: str, says: str):
    with pytest.raises(BadModelFile, match=says) as caught:
        read_card(with_card(tmp_path / "net.npz", text))
    assert str(tmp_path / "net.npz") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_card_that_is_no_text_is_refused(tmp_path: Path):
    np.savez(tmp_path / "net.npz", card=np.zeros(3))
    with pytest.raises(BadModelFile, match="<f8, not text"):
        read_card(tmp_path / "net.npz")


def test_a_card_that_would_fill_the_memory_is_not_unpacked(tmp_path: Path):
    # 65 MB of zeros in a file of less than one: a file of 10 MB could as well hold 10 GB.
    path = tmp_path / "bomb.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("card.npy", "w") as file:
        for _ in range(65):
            file.write(bytes(2**20))
    assert path.stat().st_size < 2**20
    with pytest.raises(BadModelFile, match="too large"):
        read_card(path)

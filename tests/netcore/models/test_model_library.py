"""The list of models: the bundled ones, one's own, and files that are none, each with its reason."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import netcore.models.library
from netcore.errors import BadModelFile, ModelNotFound, SettingError
from netcore.models.card import Card
from netcore.models.library import check_free, find_model, free_name, list_models, model_path, taken
from netcore.models.model import load_model, save_model
from netcore.nn.architecture import Architecture
from netcore.nn.network import Network
from tests.netcore.toy import CLASSES

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of bundled models with one in it."""
    folder = tmp_path / "bundled"
    monkeypatch.setattr(netcore.models.library, "bundled", lambda kind: folder)
    save(folder / "digits.npz", "relu(3), softmax(10)", epochs=4, test_accuracy=0.75)
    return folder


@pytest.fixture
def own(home: Path) -> Path:
    (home / "models").mkdir(parents=True)
    return home / "models"


def save(path: Path, layers: str, **card: object) -> None:
    network = Network.initialised(Architecture.parse(layers), np.random.default_rng(0))
    save_model(path, network, Card(name=path.stem, dataset="toy", classes=CLASSES, architecture=layers, **card))


def test_bundled_then_own_each_by_name(bundled: Path, own: Path):
    for name in ("zebra", "apple", "digits"):
        save(own / f"{name}.npz", "softmax(10)")
    (own / ".half.npz.123.tmp").write_bytes(b"")
    (own / ".hidden.npz").write_bytes(b"")
    (own / "notes.txt").write_text("")
    entries = list_models()
    assert [(entry.name, entry.bundled) for entry in entries] == [
        ("digits", True),
        ("apple", False),
        ("digits", False),
        ("zebra", False),
    ]
    first = entries[0]
    assert first.path == bundled / "digits.npz"
    assert (first.dataset, first.architecture) == ("toy", "relu(3), softmax(10)")
    assert (first.parameters, first.epochs, first.test_accuracy) == (784 * 3 + 3 + 30 + 10, 4, 0.75)
    assert first.card is not None
    assert first.problem is None


def test_without_any_folder_there_is_nothing(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(netcore.models.library, "bundled", lambda kind: tmp_path / "none")
    assert list_models() == []
    with pytest.raises(ModelNotFound, match="there are: none"):
        find_model("digits")


def test_a_file_without_a_card_says_what_it_can(bundled: Path, own: Path):
    weights = {"W0": np.zeros((784, 8)), "b0": np.zeros((1, 8)), "W1": np.zeros((8, 10)), "b1": np.zeros((1, 10))}
    np.savez(own / "theirs.npz", **weights)
    entry = list_models()[-1]
    assert (entry.name, entry.problem, entry.card) == ("theirs", None, None)
    assert (entry.architecture, entry.parameters) == ("relu(8), softmax(10)", 785 * 8 + 90)
    assert (entry.dataset, entry.epochs, entry.test_accuracy) == ("", None, None)


class Anything:
    """Something that only pickle can keep."""


@pytest.mark.parametrize(
    "arrays",
    [
        {},
        {"W0": np.zeros((784, 8)), "b0": np.zeros(8), "W2": np.zeros((8, 10)), "b2": np.zeros(10)},
        {"W0": np.zeros((784, 8)), "b0": np.zeros(7)},
        {"W0": np.zeros((100, 10)), "b0": np.zeros(10)},
        {"W0": np.zeros((784, 10), "i8"), "b0": np.zeros(10)},
        {"W0": np.array([[Anything()] * 10] * 784), "b0": np.zeros(10)},
        {"W0": np.zeros((784, 10)), "b0": np.zeros(10), "card": np.array('{"format": 99}')},
        {"W0": np.zeros((784, 10)), "b0": np.zeros(10), "card": np.array("{}")},
    ],
)
def test_the_list_and_the_loader_agree_on_what_is_no_model(bundled: Path, own: Path, arrays: dict):
    path = own / "odd.npz"
    np.savez(path, **arrays)
    entry = list_models()[-1]
    assert entry.name == "odd"
    assert str(path) in entry.problem
    with pytest.raises(BadModelFile) as caught:
        load_model(path)
    assert str(caught.value) == entry.problem


def test_what_is_listed_without_a_problem_loads(bundled: Path, own: Path):
    save(own / "fine.npz", "tanh(4), softmax(10)")
    for entry in list_models():
        network = load_model(entry.path).network
        assert str(network.architecture) == entry.architecture
        assert len(network.parameters) == entry.parameters


def test_find_by_name_and_by_path(bundled: Path, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    save(own / "mine.v2.npz", "softmax(10)")
    save(own / "digits.npz", "softmax(10)")
    assert find_model("mine.v2") == own / "mine.v2.npz"
    assert find_model("digits") == bundled / "digits.npz"  # a bundled one before one's own
    elsewhere = tmp_path / "elsewhere" / "copy.npz"
    elsewhere.parent.mkdir()
    shutil.copy(own / "mine.v2.npz", elsewhere)
    assert find_model(elsewhere) == find_model(str(elsewhere)) == elsewhere
    monkeypatch.chdir(elsewhere.parent)
    assert find_model("copy.npz") == Path("copy.npz")
    monkeypatch.setenv("HOME", str(elsewhere.parent))
    assert find_model("~/copy.npz") == elsewhere


@pytest.mark.parametrize("name", ["nobody", "", "a\0b", "a" * 300])
def test_a_name_that_is_not_there_names_those_that_are(bundled: Path, own: Path, name: str):
    with pytest.raises(ModelNotFound) as caught:
        find_model(name)
    assert repr(name) in str(caught.value)
    assert "digits" in str(caught.value)


@pytest.mark.parametrize("path", ["nobody.npz", "some/where.npz", "some/where", "/", f"{'a' * 300}.npz"])
def test_a_path_that_is_not_there(bundled: Path, own: Path, path: str):
    with pytest.raises(ModelNotFound, match="no such file"):
        find_model(path)


def test_names_that_are_taken(bundled: Path, own: Path):
    save(own / "toy-1.npz", "softmax(10)")
    save(own / "toy-3.npz", "softmax(10)")
    assert model_path("new") == own / "new.npz"
    assert taken("digits")
    assert taken("toy-1")
    assert not taken("toy-2")
    assert free_name("toy") == "toy-2"
    assert free_name("digits") == "digits-1"
    check_free("new")
    for name in ("digits", "toy-1"):
        with pytest.raises(SettingError, match=f"'{name}'.*'{name}-1'"):
            check_free(name)


def test_the_list_needs_no_numpy(own: Path):
    save(own / "mine.npz", "softmax(10)")
    np.savez(own / "theirs.npz", W0=np.zeros((784, 10)), b0=np.zeros(10))
    script = (
        "import sys; from netcore.models.library import list_models;"
        "usable = [model.name for model in list_models() if not (model.bundled or model.problem)];"
        "print(*usable, 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["mine", "theirs", "False"]

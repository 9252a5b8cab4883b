"""Model files: written and read, from other programs too, and refused where they are not what they should be."""

from __future__ import annotations

import errno
import os
import zipfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcore.errors import BadModelFile, ModelNotFound, StorageError
from netcore.models.card import Card
from netcore.models.committee import Committee
from netcore.models.members import Member
from netcore.models.model import load_model, save_model
from netcore.nn.architecture import Architecture
from netcore.nn.network import Network
from tests.netcore.toy import CLASSES, TEST

pytestmark = [pytest.mark.filterwarnings("error"), pytest.mark.usefixtures("home")]

LAYERS = "tanh(6), relu(5), softmax(10)"
CARD = Card(name="net", dataset="toy", classes=CLASSES, architecture=LAYERS, test_accuracy=0.5)


@pytest.fixture
def network() -> Network:
    return Network.initialised(Architecture.parse(LAYERS), np.random.default_rng(0))


def arrays(*sizes: int, kind: str = "f4") -> dict[str, np.ndarray]:
    """Weights and biases of a network of these sizes."""
    rng, made = np.random.default_rng(1), {}
    for i, (before, after) in enumerate(pairwise(sizes)):
        made[f"W{i}"] = rng.normal(0, 0.1, (before, after)).astype(kind)
        made[f"b{i}"] = rng.normal(0, 0.1, after).astype(kind)
    return made


def test_there_and_back(tmp_path: Path, network: Network):
    path = tmp_path / "deep" / "net.npz"
    save_model(path, network, CARD)
    model = load_model(path)
    np.testing.assert_array_equal(model.network.parameters, network.parameters)
    assert model.network.parameters.dtype == np.float32
    assert model.network.architecture == network.architecture
    assert (model.card, model.name, model.path) == (CARD, "net", path)


def test_the_file_is_as_the_design_says(tmp_path: Path, network: Network):
    path = tmp_path / "net.npz"
    save_model(path, network, CARD)
    with np.load(path, allow_pickle=False) as file:
        assert sorted(file) == ["W0", "W1", "W2", "b0", "b1", "b2", "card"]
        assert [file[f"W{i}"].shape for i in range(3)] == [(784, 6), (6, 5), (5, 10)]
        assert [file[f"b{i}"].shape for i in range(3)] == [(6,), (5,), (10,)]
        assert all(file[name].dtype == np.float32 for name in file if name != "card")
        np.testing.assert_array_equal(file["W1"], network.weights[1])


@pytest.mark.parametrize("kind", ["f2", "f4", "f8", ">f8"])
@pytest.mark.parametrize("shape", [(-1,), (1, -1)])
@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_files_of_other_programs(tmp_path: Path, kind: str, shape: tuple[int, ...], save):
    made = arrays(784, 8, 7, 10, kind=kind)
    path = tmp_path / "theirs.npz"
    save(path, **{name: array.reshape(shape) if name[0] == "b" else array for name, array in made.items()}, epochs=3)
    model = load_model(path)
    assert model.card is None
    assert str(model.network.architecture) == "relu(8), relu(7), softmax(10)"
    signal = TEST.pixels / 255
    for i in range(3):
        signal = signal @ made[f"W{i}"].astype(float) + made[f"b{i}"].astype(float)
        signal = np.maximum(signal, 0) if i < 2 else signal
    odds = np.exp(signal - signal.max(axis=1, keepdims=True))
    expected = odds / odds.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(model.network.probabilities(TEST.images), expected, atol=1e-5)


def test_a_single_layer_is_a_model(tmp_path: Path):
    np.savez(tmp_path / "one.npz", **arrays(784, 10))
    assert str(load_model(tmp_path / "one.npz").network.architecture) == "softmax(10)"


def test_eleven_layers_are_in_the_order_of_their_numbers(tmp_path: Path):
    sizes = (784, *range(30, 19, -1), 10)
    np.savez(tmp_path / "deep.npz", **arrays(*sizes))
    assert load_model(tmp_path / "deep.npz").network.architecture.sizes == sizes


FITTING = arrays(784, 8, 10)


@pytest.mark.parametrize("version", [(2, 0), (3, 0)])
def test_arrays_in_later_versions_of_the_format_are_read(tmp_path: Path, version: tuple[int, int]):
    path = tmp_path / "later.npz"
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in FITTING.items():
            with archive.open(f"{name}.npy", "w") as file:
                np.lib.format.write_array(file, array, version=version)
    np.testing.assert_array_equal(load_model(path).network.weights[1], FITTING["W1"])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"W0": None, "W1": None}, "holds no weights"),
        ({"b1": None}, "b1 is missing"),
        ({"W0": None}, "W0 is missing"),
        ({"b0": np.zeros(7, "f4")}, r"W0 \(784, 8\) and b0 \(7,\)"),
        ({"b0": np.zeros((8, 1), "f4")}, r"b0 \(8, 1\)"),
        ({"b0": np.float32(3)}, r"b0 \(\)"),
        ({"W0": np.zeros(784, "f4")}, r"W0 \(784,\)"),
        ({"W0": np.zeros((1, 784, 8), "f4")}, r"W0 \(1, 784, 8\)"),
        ({"W1": np.zeros((9, 10), "f4")}, r"W0 \(784, 8\) and W1 \(9, 10\) do not follow"),
        ({"W0": np.zeros((100, 8), "f4")}, "takes 100 numbers; an image has 784"),
        ({"W0": np.zeros((0, 8), "f4")}, "takes 0 numbers"),
        ({"W1": np.zeros((8, 0), "f4"), "b1": np.zeros(0, "f4")}, "0 neurons"),
        ({"W0": np.zeros((784, 8), "i4")}, "<i4, not of floats"),
        ({"b0": np.zeros(8, "c8")}, "<c8, not of floats"),
        ({"b1": np.array(["x"] * 10)}, "<U1, not of floats"),
        ({"b1": np.zeros(10, [("x", "f4")])}, "header cannot be read"),
        ({"b1": np.full(10, np.nan, "f4")}, "not finite"),
        ({"W0": np.full((784, 8), np.inf, "f4")}, "not finite"),
        ({"W1": np.full((8, 10), 1e300)}, "not finite"),  # too large for float32
    ],
)
def test_arrays_that_make_no_network_are_refused(tmp_path: Path, change: dict, says: str):
    path = tmp_path / "odd.npz"
    np.savez(path, **{name: array for name, array in (FITTING | change).items() if array is not None})
    with pytest.raises(BadModelFile, match=says) as caught:
        load_model(path)
    assert str(path) in str(caught.value)


def test_a_card_of_another_network_is_refused(tmp_path: Path, network: Network):
    path = tmp_path / "net.npz"
    card = np.array(Card(name="n", dataset="d", classes=CLASSES, architecture="relu(9), softmax(10)").to_json())
    np.savez(path, card=card, **arrays(784, 8, 10))
    with pytest.raises(BadModelFile, match=r"card says relu\(9\), softmax\(10\)"):
        load_model(path)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"\x93NUMPY\x01\x00"])
def test_something_else_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "odd.npz"
    path.write_bytes(content)
    with pytest.raises(BadModelFile, match="not a model file"):
        load_model(path)


def test_a_single_array_is_refused(tmp_path: Path):
    with (tmp_path / "odd.npz").open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(BadModelFile, match="not a model file"):
        load_model(tmp_path / "odd.npz")


@pytest.mark.parametrize("where", ["W0", "b1", "card", "other"])
def test_a_file_that_would_run_code_does_not(tmp_path: Path, where: str):
    path, trap = tmp_path / "trap.npz", tmp_path / "sprung"

    class Trap:
        def __reduce__(self):
            return (Path.touch, (trap,))

    np.savez(path, **(FITTING | {where: np.array([Trap()], object)}))
    # It is a real trap: read carelessly, it springs.
    with np.load(path, allow_pickle=True) as careless:
        careless[where]
    assert trap.exists()
    trap.unlink()
    if where == "other":
        load_model(path)  # nobody looks at that one
    else:
        with pytest.raises(BadModelFile):
            load_model(path)
    assert not trap.exists()


def entry(shape: str, content: bytes = b"") -> bytes:
    """An array in NumPy's format that claims a shape."""
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".ljust(117).encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + content


def test_an_array_that_ends_within_its_head_is_refused(tmp_path: Path):
    path = tmp_path / "short.npz"
    for length in range(13):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("W0.npy", b"\x93NUMPY\x02\x00abcd"[:length])
            archive.writestr("b0.npy", entry("(10,)", bytes(40)))
        with pytest.raises(BadModelFile, match=r"is not a NumPy array|header cannot be read"):
            load_model(path)


def test_an_array_that_goes_on_is_refused(tmp_path: Path):
    path = tmp_path / "long.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("W0.npy", entry("(784, 10)", bytes(4 * 7840)))
        archive.writestr("b0.npy", entry("(10,)", bytes(44)))
    with pytest.raises(BadModelFile, match=r"b0 \(10,\) should have 168 bytes and has 172"):
        load_model(path)


@pytest.mark.parametrize("neurons", [60_000, 10**12, 10**300])
def test_an_array_that_claims_to_be_huge_is_refused_before_it_takes_memory(tmp_path: Path, neurons: int):
    path = tmp_path / "huge.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("W0.npy", entry(f"(784, {neurons})"))
        archive.writestr("b0.npy", entry(f"({neurons},)"))
    with pytest.raises(BadModelFile, match="should have"):
        load_model(path)


def test_a_bomb_is_not_unpacked(tmp_path: Path):
    path, neurons = tmp_path / "bomb.npz", 70_000  # 220 MB, true to its claim
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("b0.npy", entry(f"({neurons},)", bytes(4 * neurons)))
        with archive.open("W0.npy", "w") as file:
            file.write(entry(f"(784, {neurons})"))
            for _ in range(784):
                file.write(bytes(4 * neurons))
    with pytest.raises(BadModelFile, match="70000 neurons in one layer"):
        load_model(path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    network = Network.initialised(Architecture.parse("relu(2), softmax(10)"), np.random.default_rng(0))
    save_model(folder / "net.npz", network, Card(**{**vars_of(CARD), "architecture": "relu(2), softmax(10)"}))
    np.savez_compressed(folder / "packed.npz", **arrays(784, 2, 10))
    members = (Member(name="net", architecture="relu(2), softmax(10)"),) * 2
    card = Card(**{**vars_of(CARD), "architecture": "relu(2), softmax(10)", "members": members, "stored": "float16"})
    save_model(folder / "pair.npz", Committee((network, network)), card)
    return {path.stem: path.read_bytes() for path in folder.iterdir()}


def vars_of(card: Card) -> dict:
    return {name: getattr(card, name) for name in card.__dataclass_fields__}


@pytest.mark.parametrize("kind", ["net", "packed", "pair"])
def test_cut_short_at_any_length(tmp_path: Path, whole: dict[str, bytes], kind: str):
    path, content = tmp_path / "cut.npz", whole[kind]
    for length in np.linspace(0, len(content) - 1, 60, dtype=int):
        path.write_bytes(content[:length])
        with pytest.raises(BadModelFile):
            load_model(path)


@pytest.mark.parametrize("kind", ["net", "packed", "pair"])
@given(data=st.data())
def test_damage_anywhere_is_a_named_error_or_none(tmp_path_factory, whole: dict[str, bytes], kind: str, data):
    content = bytearray(whole[kind])
    for _ in range(data.draw(st.integers(1, 3))):
        # Most places are in the numbers; the heads at both ends of the file are what readers stumble over.
        place = data.draw(st.integers(0, 400) | st.integers(-900, -1) | st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged.npz"
    path.write_bytes(content)
    try:
        assert all(np.isfinite(member.parameters).all() for member in load_model(path).members)
    except BadModelFile as error:
        assert str(path) in str(error)


def test_no_such_model(tmp_path: Path):
    with pytest.raises(ModelNotFound, match="no such file"):
        load_model(tmp_path / "none.npz")
    with pytest.raises(ModelNotFound, match="'none'"):
        load_model("none")


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, network: Network, monkeypatch: pytest.MonkeyPatch):
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "net.npz"
    save_model(path, network, CARD)
    old = path.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    network.parameters[:] = 0
    with pytest.raises(StorageError, match="the disk is full"):
        save_model(path, network, CARD)
    assert path.read_bytes() == old
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["net.npz"]

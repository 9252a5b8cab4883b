"""Committees: the mean of probabilities against SciPy, their files, and files that only claim to be one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logsumexp

from netcore.errors import BadModelFile, ModelError
from netcore.models.card import Card, read_card
from netcore.models.committee import Committee
from netcore.models.library import read_entry
from netcore.models.members import Member
from netcore.models.model import load_model, save_model
from netcore.nn.architecture import Architecture
from netcore.nn.network import Network
from tests.netcore.toy import CLASSES, TEST

pytestmark = [pytest.mark.filterwarnings("error"), pytest.mark.usefixtures("home")]

LAYERS = ("relu(6), softmax(10)", "tanh(5), relu(4), softmax(10)", "relu(6), softmax(10)")


def networks(*layers: str, sharpness: float = 1.0) -> tuple[Network, ...]:
    made = []
    for seed, text in enumerate(layers):
        network = Network.initialised(Architecture.parse(text), np.random.default_rng(seed))
        network.parameters *= np.float32(sharpness)
        made.append(network)
    return tuple(made)


def card(*layers: str) -> Card:
    members = tuple(Member(name=f"m{i}", architecture=text, seed=i) for i, text in enumerate(layers))
    return Card(
        name="c", dataset="toy", classes=CLASSES, architecture=" + ".join(dict.fromkeys(layers)), members=members
    )


@given(st.integers(1, 5), st.sampled_from([0.1, 1.0, 30.0]))
def test_log_of_the_mean_probability_is_what_scipy_says(members: int, sharpness: float):
    committee = Committee(networks(*(LAYERS * 2)[:members], sharpness=sharpness))
    alone = np.stack([member.log_probabilities(TEST.images).astype(np.float64) for member in committee.members])
    logs = committee.log_probabilities(TEST.images)
    assert logs.dtype == np.float32
    np.testing.assert_allclose(logs, logsumexp(alone, axis=0) - np.log(members), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(committee.probabilities(TEST.images), np.exp(alone).mean(axis=0), atol=1e-6)


def test_probabilities_too_small_for_float32_still_count():
    committee = Committee(networks(*LAYERS, sharpness=3000.0))
    alone = np.stack([member.log_probabilities(TEST.images).astype(np.float64) for member in committee.members])
    logs = committee.log_probabilities(TEST.images)
    assert alone.max(axis=0).min() < -200  # exp of which is 0 in float32
    np.testing.assert_allclose(logs, logsumexp(alone, axis=0) - np.log(3), rtol=1e-5)


def test_no_images():
    assert Committee(networks(*LAYERS)).probabilities(TEST.images[:0]).shape == (0, 10)


@pytest.mark.parametrize("members", [(), ("softmax(10)", "softmax(9)")])
def test_members_that_do_not_agree_are_none(members: tuple[str, ...]):
    with pytest.raises(ValueError, match="same classes"):
        Committee(networks(*members))


@pytest.mark.parametrize(
    ("layers", "text"),
    [
        (LAYERS[:1] * 2, "relu(6), softmax(10)"),
        (LAYERS, "relu(6), softmax(10) + tanh(5), relu(4), softmax(10)"),
        (LAYERS[:1] * 12, "relu(6), softmax(10)"),  # 10/W0 comes after 9/W0
    ],
)
def test_there_and_back(tmp_path: Path, layers: tuple[str, ...], text: str):
    committee, path = Committee(networks(*layers)), tmp_path / "c.npz"
    save_model(path, committee, card(*layers))
    model = load_model(path)
    assert len(model.members) == len(layers)
    for before, after in zip(committee.members, model.members, strict=True):
        assert before.architecture == after.architecture
        np.testing.assert_array_equal(before.parameters, after.parameters)
    assert (model.card, model.classes) == (card(*layers), 10)
    assert model.layers == f"committee of {len(layers)}: {text}"
    entry = read_entry(path)
    assert (entry.problem, entry.members, entry.architecture) == (None, len(layers), text)
    assert entry.layers == model.layers
    assert entry.parameters == sum(len(member.parameters) for member in committee.members)
    with pytest.raises(ModelError, match=f"committee of {len(layers)} networks"):
        model.single()


def test_the_arrays_lie_in_folders_of_the_file(tmp_path: Path):
    committee, path = Committee(networks(*LAYERS[:2])), tmp_path / "c.npz"
    save_model(path, committee, card(*LAYERS[:2]))
    with np.load(path, allow_pickle=False) as file:
        names = ["0/W0", "0/W1", "0/b0", "0/b1", "1/W0", "1/W1", "1/W2", "1/b0", "1/b1", "1/b2", "card"]
        assert sorted(file) == names
        np.testing.assert_array_equal(file["1/W2"], committee.members[1].weights[2])


def test_a_committee_larger_than_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    layers, path = LAYERS[:1] * 2, tmp_path / "c.npz"
    save_model(path, Committee(networks(*layers)), card(*layers))
    monkeypatch.setattr("netcore.models.headers.MOST_PARAMETERS", 9000)  # one has 4,780
    with pytest.raises(BadModelFile, match="9,560 parameters"):
        load_model(path)


def test_sixteen_bits_on_the_disk_are_float32_in_memory(tmp_path: Path):
    (network,) = networks("relu(6), softmax(10)")
    path = tmp_path / "half.npz"
    save_model(
        path, network, Card(name="half", dataset="toy", classes=CLASSES, architecture=LAYERS[0], stored="float16")
    )
    with np.load(path) as file:
        assert {str(file[name].dtype) for name in file if name != "card"} == {"float16"}
    model = load_model(path)
    assert model.single().parameters.dtype == np.float32
    np.testing.assert_array_equal(model.single().parameters, network.parameters.astype(np.float16).astype(np.float32))
    assert model.card.stored == "float16"


def arrays(*layers: str) -> dict[str, np.ndarray]:
    made = {}
    for i, network in enumerate(networks(*layers)):
        for j, (weights, biases) in enumerate(zip(network.weights, network.biases, strict=True)):
            made |= {f"{i}/W{j}": weights, f"{i}/b{j}": biases}
    return made


def test_a_committee_without_a_card(tmp_path: Path):
    np.savez(tmp_path / "theirs.npz", **arrays(*LAYERS[:2]))
    model = load_model(tmp_path / "theirs.npz")
    assert model.layers == "committee of 2: relu(6), softmax(10) + relu(5), relu(4), softmax(10)"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"1/b1": None}, "1/b1 is missing"),
        ({"1/W0": None}, "1/W0 is missing"),
        ({"1/W0": None, "1/W1": None, "1/W2": None, "2/W0": np.zeros((784, 10))}, "no weights 1/W0"),
        ({"1/b2": np.zeros(7, "f4")}, r"1/W2 \(4, 10\) and 1/b2 \(7,\)"),
        ({"1/W2": np.zeros((3, 10), "f4")}, "1/W1 .* and 1/W2 .* do not follow"),
        ({"0/W1": np.zeros((6, 9), "f4"), "0/b1": np.zeros(9, "f4")}, r"different numbers of classes.*\[9, 10\]"),
        ({"0/b1": np.full(10, np.nan, "f4")}, "not finite"),
        ({"0/W0": np.zeros((784, 6), "i4")}, "not of floats"),
        ({"card": np.array(card(LAYERS[0]).to_json())}, "tells of 1 networks, it holds 2"),
        ({"card": np.array(card(LAYERS[0], LAYERS[0]).to_json())}, "card says"),
    ],
)
def test_arrays_that_make_no_committee_are_refused(tmp_path: Path, change: dict, says: str):
    path = tmp_path / "odd.npz"
    np.savez(path, **{name: array for name, array in (arrays(*LAYERS[:2]) | change).items() if array is not None})
    with pytest.raises(BadModelFile, match=says) as caught:
        load_model(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    "members",
    [3, "ab", [3], [{}], [{"name": "m"}], [{"name": 3, "architecture": "softmax(10)"}],
     [{"name": "m", "architecture": "softmax(9)"}], [{"name": "m", "architecture": "softmax(10)", "seed": "one"}],
     [{"name": "m", "architecture": "softmax(10)", "settings": 3}]],
)  # fmt: skip
def test_members_of_a_card_that_are_none_are_refused(tmp_path: Path, members: object):
    values = json.loads(card("softmax(10)", "softmax(10)").to_json())
    np.savez(tmp_path / "c.npz", card=np.array(json.dumps(values | {"members": members})))
    with pytest.raises(BadModelFile, match="not a card"):
        read_card(tmp_path / "c.npz")


def test_fields_of_members_of_a_later_version_are_left_out():
    assert Member.from_json({"name": "m", "architecture": "softmax(3)", "mood": "good"}) == Member(
        name="m", architecture="softmax(3)"
    )

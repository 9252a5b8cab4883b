"""Combining models: what the card says against what the arrays give, in 16 bits too, and what is refused."""

from __future__ import annotations

import dataclasses
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from scipy.special import logsumexp

from netcore.datasets.idx import write_idx
from netcore.errors import DatasetError, ModelError, SettingError
from netcore.models.card import Card
from netcore.models.combining import combine
from netcore.models.compact import check_as_good
from netcore.models.evaluation import evaluate
from netcore.models.library import model_path
from netcore.models.model import Model, load_model, save_model
from netcore.nn.architecture import Architecture
from netcore.nn.network import Network
from netcore.training.config import TrainingConfig
from tests.netcore.toy import CLASSES, TEST, toy_part

pytestmark = [pytest.mark.filterwarnings("error"), pytest.mark.usefixtures("toy_dataset")]

LAYERS = "relu(6), softmax(10)"


def made(name: str, seed: int, network: Network | None = None, **fields: object) -> Model:
    """A model among the user's own."""
    network = network or Network.initialised(Architecture.parse(LAYERS), np.random.default_rng(seed))
    layers = str(network.architecture)
    settings = TrainingConfig(dataset="toy", layers=LAYERS, seed=seed).to_json()
    known = {
        "dataset": "toy",
        "classes": CLASSES,
        "epochs": 3,
        "seconds": 1.5,
        "settings": settings,
        "run": "r",
    } | fields
    save_model(model_path(name), network, Card(name=name, architecture=layers, seed=seed, **known))
    return load_model(name)


def test_a_committee_and_its_card():
    models = [made(name, seed, test_accuracy=0.25 * seed) for seed, name in enumerate("abc")]
    combine("abc", models)
    model = load_model("abc")
    alone = np.stack([one.network.log_probabilities(TEST.images).astype(float) for one in models])
    logs = logsumexp(alone, axis=0) - np.log(3)
    card = model.card
    assert card.test_accuracy == np.mean(logs.argmax(axis=1) == TEST.labels)
    assert card.test_loss == pytest.approx(-np.mean(logs[np.arange(len(TEST)), TEST.labels]), rel=1e-5)
    assert (card.name, card.dataset, card.classes, card.architecture) == ("abc", "toy", CLASSES, LAYERS)
    assert [(member.name, member.architecture, member.seed, member.test_accuracy) for member in card.members] == [
        (name, LAYERS, seed, 0.25 * seed) for seed, name in enumerate("abc")
    ]
    for member, one in zip(card.members, models, strict=True):
        assert TrainingConfig.from_json(dict(member.settings)) == TrainingConfig.from_json(dict(one.card.settings))
    assert (card.epochs, card.seconds, card.seed, card.stored) == (3, 4.5, None, "float32")
    assert (card.temperature, card.validation_accuracy, card.run) == (None, None, "")
    assert card.versions["numpy"] == np.__version__
    assert datetime.fromisoformat(card.made_at)


def test_members_of_a_committee_join_one_by_one():
    a, b, c = (made(name, seed) for seed, name in enumerate("abc"))
    combine("both", [combine("ab", [a, b]), c])
    model = load_model("both")
    assert [member.name for member in model.card.members] == ["a", "b", "c"]
    for member, one in zip(model.members, (a, b, c), strict=True):
        np.testing.assert_array_equal(member.parameters, one.single().parameters)


def test_members_of_different_layers_and_epochs():
    other = Network.initialised(Architecture.parse("tanh(4), softmax(10)"), np.random.default_rng(5))
    combine("both", [made("a", 0), made("b", 1, other, epochs=7, seconds=None)])
    card = load_model("both").card
    assert card.architecture == "relu(6), softmax(10) + tanh(4), softmax(10)"
    assert (card.epochs, card.seconds) == (None, None)


def test_one_model_in_sixteen_bits_keeps_its_card():
    model = made("a", 0, temperature=1.5, history={"train_loss": [0.5, 0.25, 0.125]})
    combine("small", [model], half=True)
    small = load_model("small")
    found = evaluate(small.network, TEST)
    np.testing.assert_array_equal(small.single().parameters, model.single().parameters.astype("f2").astype("f4"))
    assert small.card == dataclasses.replace(
        model.card, name="small", run="", stored="float16", test_accuracy=found.accuracy, test_loss=found.loss
    )
    size, whole = (path.stat().st_size for path in (small.path, model.path))
    assert size < 0.65 * whole


def test_a_committee_alone_in_sixteen_bits_keeps_its_card():
    whole = combine("ab", [made("a", 0), made("b", 1)])
    calibrated = dataclasses.replace(whole.card, name="calibrated", temperature=1.5)
    save_model(model_path("calibrated"), whole.network, calibrated)
    card = combine("small", [load_model("calibrated")], half=True).card
    assert (card.temperature, card.members, card.made_at) == (1.5, whole.card.members, whole.card.made_at)


def test_one_model_in_sixteen_bits_combined_anew_in_32_says_so():
    small = combine("small", [made("a", 0)], half=True)
    assert combine("again", [small]).card.stored == "float32"
    assert load_model("again").card.stored == "float32"


def test_a_committee_in_sixteen_bits():
    combine("c", [made("a", 0), made("b", 1)], half=True)
    model = load_model("c")
    with np.load(model.path) as file:
        assert {str(file[name].dtype) for name in file if name != "card"} == {"float16"}
    assert model.card.stored == "float16"
    assert model.card.test_loss == pytest.approx(evaluate(model.network, TEST).loss)


def test_sixteen_bits_that_change_the_answers_are_refused_with_both_numbers():
    # Each class sums up its own band of rows with weights that are 0 in a float16, and then everything is a nought.
    network = Network(Architecture.parse("relu(10), softmax(10)"))
    for label in range(10):
        network.weights[0][28 * (2 * label + 4) : 28 * (2 * label + 7), label] = 1e-8
        network.weights[1][label, label] = 1e4
    assert evaluate(network, TEST).accuracy == 1
    with pytest.raises(ModelError, match=r"10\.00 % and not 100\.00 %"):
        combine("small", [made("a", 0, network)], half=True)
    assert not model_path("small").exists()


@pytest.mark.parametrize(("changed", "allowed"), [(0, True), (-2, True), (2, True), (3, False), (-3, False)])
def test_two_images_of_ten_thousand_may_change(changed: int, allowed: bool):
    part = toy_part(10_000)
    before = evaluate(Network(Architecture.parse("softmax(10)")), part)
    after = dataclasses.replace(before, correct=before.correct + changed, accuracy=(before.correct + changed) / 10_000)
    with nullcontext() if allowed else pytest.raises(ModelError, match="16 bits"):
        check_as_good(before, after)


def test_parameters_beyond_sixteen_bits_are_refused():
    network = Network(Architecture.parse("softmax(10)"))
    network.biases[0][3] = 1e5
    with pytest.raises(ModelError, match="100000 is too large"):
        combine("small", [made("a", 0, network)], half=True)
    assert not model_path("small").exists()


def test_what_does_not_fit_is_refused():
    a = made("a", 0)
    nine = Network(Architecture.parse("softmax(9)"))
    with pytest.raises(ModelError, match="other was trained on clothes with 9 classes, a on toy with 10; "):
        combine("x", [a, made("other", 1, nine, dataset="clothes", classes=tuple("abcdefghi"))])
    with pytest.raises(ModelError, match="same dataset"):
        combine("x", [a, made("letters", 1, classes=tuple("abcdefghij"))])
    np.savez(model_path("bare"), W0=np.zeros((784, 10)), b0=np.zeros(10))
    with pytest.raises(ModelError, match=r"bare\.npz: it has no card"):
        combine("x", [a, load_model("bare")])
    with pytest.raises(SettingError, match="'a-1'"):
        combine("a", [a, a])
    with pytest.raises(SettingError, match="'mnist-1'"):  # one's own would hide behind the bundled one
        combine("mnist", [a])
    assert not model_path("mnist").exists()
    assert not model_path("x").exists()


def test_more_parameters_than_a_model_may_have_are_refused(monkeypatch: pytest.MonkeyPatch):
    a = made("a", 0)
    parameters = a.network.architecture.parameters
    monkeypatch.setattr("netcore.models.combining.MOST_PARAMETERS", 3 * parameters - 1)
    combine("two", [a, a])
    with pytest.raises(ModelError, match=f"{3 * parameters:,} parameters together; at most {3 * parameters - 1:,}"):
        combine("three", [a, a, a])
    assert not model_path("three").exists()


def test_a_name_taken_while_it_is_measured_is_left_to_the_other(monkeypatch: pytest.MonkeyPatch):
    a = made("a", 0)

    def measured(*arguments: object) -> object:
        made("x", 1)
        return evaluate(*arguments)

    monkeypatch.setattr("netcore.models.combining.evaluate", measured)
    with pytest.raises(SettingError, match="'x-1'"):
        combine("x", [a])
    assert load_model("x").card.seed == 1


def test_a_dataset_without_test_images_measures_nothing(home: Path):
    folder = home / "datasets" / "toy"
    write_idx(folder / "t10k-images-idx3-ubyte.gz", np.zeros((0, 28, 28), np.uint8))
    write_idx(folder / "t10k-labels-idx1-ubyte.gz", np.zeros(0, np.uint8))
    with pytest.raises(DatasetError, match=r"datasets/toy: .* no images to measure on"):
        combine("x", [made("a", 0)])
    assert not model_path("x").exists()

"""Several models made one: a committee under a name of its own, measured once on the test images.

One model alone is stored anew, in 16 bits where that is wanted.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from netcore.datasets.info import find_dataset
from netcore.datasets.library import load_part
from netcore.errors import DatasetError, FileTaken, ModelError
from netcore.models.card import Card
from netcore.models.committee import Committee
from netcore.models.compact import check_as_good, rounded
from netcore.models.evaluation import evaluate
from netcore.models.library import check_free, model_path
from netcore.models.members import Member, common_layers
from netcore.models.model import Model, save_model
from netcore.models.origin import now, versions
from netcore.nn.architecture import MOST_PARAMETERS

__all__ = ["combine"]


def combine(name: str, models: Sequence[Model], *, half: bool = False) -> Model:
    """Combine models and save the result among the user's own.

    Args:
        name: Of the new model.
        models: One at least, of the same dataset and classes. Of a committee each member joins.
        half: Whether to keep the parameters in 16 bits.

    Raises:
        DatasetError: The dataset is missing or damaged, or has no test images.
        ModelError: The models do not fit each other, or are not as good in 16 bits.
        SettingError: There is a model of that name.
        StorageError: The disk is full or the folder cannot be written.
    """
    check_free(name)
    cards = _fitting_cards(models)
    networks = tuple(network for model in models for network in model.members)
    parameters = sum(one.architecture.parameters for one in networks)
    if parameters > MOST_PARAMETERS:
        raise ModelError(f"{parameters:,} parameters together; at most {MOST_PARAMETERS:,} fit in memory")
    network = networks[0] if len(networks) == 1 else Committee(networks)
    dataset = find_dataset(cards[0].dataset)
    part = load_part(dataset, "test")
    if not len(part):
        raise DatasetError(f"{dataset.folder}: its test part has no images to measure on")
    found = evaluate(network, part)
    if half:
        network, before = rounded(network), found
        found = evaluate(network, part)
        check_as_good(before, found)
    card = dataclasses.replace(
        cards[0] if len(models) == 1 else _committee_card(cards),
        name=name,
        run="",  # only what a run saved itself is replaced when that run goes on
        stored="float16" if half else "float32",
        test_accuracy=found.accuracy,
        test_loss=found.loss,
    )
    path = model_path(name)
    try:
        save_model(path, network, card, new=True)
    except FileTaken:  # meanwhile, by another process
        check_free(name)
        raise
    return Model(name, path, network, card)


def _fitting_cards(models: Sequence[Model]) -> list[Card]:
    """The models' cards, which agree on dataset and classes."""
    cards: list[Card] = []
    for model in models:
        if model.card is None:
            raise ModelError(f"{model.path}: it has no card that names its dataset, and cannot be combined")
        first = cards[0] if cards else model.card
        if (model.card.dataset, model.card.classes) != (first.dataset, first.classes):
            raise ModelError(
                f"{model.name} was trained on {model.card.dataset} with {len(model.card.classes)} classes, "
                f"{models[0].name} on {first.dataset} with {len(first.classes)}; combine models of the same dataset"
            )
        cards.append(model.card)
    return cards


def _committee_card(cards: Sequence[Card]) -> Card:
    """What the members' cards come to together; their settings, seeds and accuracies stay with each of them."""
    members = tuple(member for card in cards for member in card.members or (_member(card),))
    epochs = {member.epochs for member in members}
    seconds = [card.seconds for card in cards if card.seconds is not None]
    return Card(
        name="",
        dataset=cards[0].dataset,
        classes=cards[0].classes,
        architecture=common_layers(member.architecture for member in members),
        members=members,
        epochs=epochs.pop() if len(epochs) == 1 else None,
        seconds=sum(seconds) if len(seconds) == len(cards) else None,
        made_at=now(),
        versions=versions(),
    )


def _member(card: Card) -> Member:
    return Member(
        name=card.name,
        architecture=card.architecture,
        seed=card.seed,
        epochs=card.epochs,
        test_accuracy=card.test_accuracy,
        settings=card.settings,
    )

"""``mnist-tui predict``: what a model sees on pictures of one's own."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from netcore.datasets.info import Framing, list_datasets
from tui.cli.output import Column, class_text, print_json, print_table
from tui.render import numbers

if TYPE_CHECKING:
    from netcore.models.model import Model

__all__ = ["DESCRIPTION", "add_arguments", "run"]

DESCRIPTION = (
    "Say what is on pictures of your own (PNG, JPEG, ... of any size, prepared as the model's images were), "
    "or on 28 x 28 arrays in .npy, which are taken as they are."
)

COLUMNS = (
    Column("image"),
    Column("class"),
    Column("confidence", right=True),
    Column("second", spare=True),
    Column("third", spare=True),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The model, and the pictures."""
    parser.add_argument("model", metavar="MODEL", help="name of a model, or path of an .npz")
    parser.add_argument("images", metavar="IMAGE", nargs="+", help="image file, or .npy array")


def run(options: argparse.Namespace) -> int:
    """Predict, and print. Where one picture cannot be read, nothing is printed but that."""
    import numpy as np

    from netcore.datasets.picture import read_picture
    from netcore.errors import ModelError
    from netcore.models.model import load_model

    model = load_model(options.model)
    framing, classes = _framing(model), _classes(model)
    pictures = np.stack([read_picture(image, framing) for image in options.images])
    answers = model.network.probabilities(pictures)
    if np.isnan(answers).any():
        raise ModelError(f"{options.model}: its answers are not finite numbers; train another")
    found = [
        _values(image, probabilities, classes)
        for image, probabilities in zip(options.images, answers.tolist(), strict=True)
    ]
    if options.json:
        print_json(found)
    else:
        print_table(COLUMNS, [_texts(values, classes) for values in found])
    return 0


def _framing(model: Model) -> Framing:
    """How the images of the model's dataset sit in their frame; as digits do where that dataset is not known."""
    name = model.card.dataset if model.card else None
    return next((info.framing for info in list_datasets() if info.name == name), "digit")


def _classes(model: Model) -> tuple[str, ...]:
    """Names of the classes; their numbers where there is no card that names as many."""
    count = model.classes
    named = model.card.classes if model.card else ()
    return named if len(named) == count else tuple(str(index) for index in range(count))


def _values(image: str, probabilities: list[float], classes: tuple[str, ...]) -> dict[str, Any]:
    label = max(range(len(probabilities)), key=probabilities.__getitem__)
    return {
        "image": image,
        "label": label,
        "class": classes[label],
        "confidence": probabilities[label],
        "probabilities": probabilities,
    }


def _texts(values: dict[str, Any], classes: tuple[str, ...]) -> tuple[str, ...]:
    probabilities: list[float] = values["probabilities"]
    best = sorted(range(len(probabilities)), key=lambda index: -probabilities[index])
    runners_up = [f"{classes[index]} {numbers.percent(probabilities[index])}" for index in best[1:3]]
    return (
        values["image"],
        class_text(classes, values["label"]),
        numbers.percent(values["confidence"]),
        *runners_up,
        *[numbers.NOTHING] * (2 - len(runners_up)),
    )

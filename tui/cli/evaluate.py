"""``mnist-tui evaluate``: how good a model is on the images of a dataset."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, get_args

from netcore.datasets.info import DatasetInfo, PartName, find_dataset
from netcore.errors import DatasetError, ModelError
from tui.cli.output import print_json

if TYPE_CHECKING:
    from netcore.models.model import Model

__all__ = ["DESCRIPTION", "add_arguments", "run"]

DESCRIPTION = "Measure a model on every image of one part of a dataset: accuracy, loss, calibration, confusion matrix."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The model, and what to measure it on."""
    parser.add_argument("model", metavar="MODEL", help="name of a model, or path of an .npz")
    parser.add_argument("--dataset", metavar="NAME", help="dataset (default: the one that the model was trained on)")
    parser.add_argument(
        "--split", choices=sorted(get_args(PartName)), default="test", help="part of the dataset (default: test)"
    )


def run(options: argparse.Namespace) -> int:
    """Measure, and print what came out."""
    from netcore.datasets.library import load_part
    from netcore.models.evaluation import evaluate
    from netcore.models.model import load_model

    model = load_model(options.model)
    dataset = _dataset(model, options.dataset)
    part = load_part(dataset, options.split)
    if not len(part):
        raise DatasetError(f"{dataset.folder}: its {options.split} part has no images to measure on")
    temperature = model.card.temperature if model.card else None
    found = evaluate(model.network, part, temperature)
    if options.json:
        print_json(
            {
                "model": model.name,
                "dataset": dataset.name,
                "split": options.split,
                "images": found.images,
                "correct": found.correct,
                "accuracy": found.accuracy,
                "loss": found.loss,
                "confusion": found.confusion.tolist(),
                "per_class": found.per_class.tolist(),
                "ece": found.ece,
                "temperature": temperature,
                "ece_scaled": found.ece_scaled,
            }
        )
    else:
        from tui.cli.evaluation_report import print_report

        print_report(model.name, dataset, options.split, found, temperature)
    return 0


def _dataset(model: Model, name: str | None) -> DatasetInfo:
    """The dataset to measure on, if the model fits it."""
    if name is None and model.card is None:
        raise ModelError(f"{model.path}: it has no card that names its dataset; name one with --dataset")
    dataset = find_dataset(name or (model.card.dataset if model.card else ""))
    classes = model.classes
    if classes != len(dataset.classes):
        raise ModelError(
            f"{model.path}: it tells {classes} classes apart, and {dataset.name} has {len(dataset.classes)};"
            " name a dataset that fits with --dataset"
        )
    return dataset

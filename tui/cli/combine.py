"""``mnist-tui combine``: several models made one, a committee; or one model stored in half the room."""

from __future__ import annotations

import argparse

from netcore.models.library import read_entry
from netcore.training.config import check_name
from tui.cli.models import print_models, values_of
from tui.cli.output import print_json

__all__ = ["DESCRIPTION", "add_arguments", "run"]

DESCRIPTION = (
    "Make one model of several of the same dataset: a committee, which answers with the mean of their probabilities. "
    "It is measured on the test images and kept among your models. One model alone is stored anew under another name."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The new name, and the models."""
    parser.add_argument("name", metavar="NAME", help="name of the new model")
    parser.add_argument("models", metavar="MODEL", nargs="+", help="name of a model, or path of an .npz")
    parser.add_argument(
        "--half",
        action="store_true",
        help="keep the parameters in 16 bits; refused where that changes the accuracy by more than 0.02 points",
    )


def run(options: argparse.Namespace) -> int:
    """Combine, and print the new model as the list of models has it."""
    from netcore.models.combining import combine
    from netcore.models.model import load_model

    check_name(options.name)
    made = combine(options.name, [load_model(model) for model in options.models], half=options.half)
    entry = read_entry(made.path)
    if options.json:
        print_json(values_of(entry))
    else:
        print_models([entry])
    return 0

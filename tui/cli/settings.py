"""The flags of ``mnist-tui train``: the one place that says which setting of a run is which flag.

A flag that was not given leaves the default of `TrainingConfig`, or what the preset of ``--preset`` or the model of
``--like`` or ``--from`` has.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, get_args

from netcore.errors import ModelError, SettingError
from netcore.nn.choices import AugmentationName, OptimizerName, ScheduleName
from netcore.resources import expanded
from netcore.training.config import TrainingConfig
from netcore.training.presets import PRESETS

__all__ = ["FLAGS", "Flag", "add_flags", "config_from", "naming_flag"]


@dataclass(frozen=True, slots=True)
class Flag:
    """The flag of one setting.

    Attributes:
        name: As it is typed.
        metavar: What stands for its value in the help.
        help: What it does.
        parse: Makes its value from the text; raises ValueError where the text is of another kind.
        choices: All words that there are; none where it is not one of a few.
    """

    name: str
    metavar: str
    help: str
    parse: Callable[[str], object] = str
    choices: tuple[str, ...] = ()


def _number_or(word: str) -> Callable[[str], object]:
    """Reads a whole number, or that word."""

    def parse(text: str) -> object:
        try:
            return word if text == word else int(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"{text!r} is neither a whole number nor {word!r}") from error

    return parse


FLAGS = {
    "dataset": Flag("--dataset", "NAME", "what to learn"),
    "layers": Flag("--layers", "LAYERS", "the network"),
    "start_from": Flag("--from", "MODEL", "begin with the parameters of this model, its layers and its dataset"),
    "epochs": Flag("--epochs", "N", "passes over the training images", int),
    "batch_size": Flag("--batch-size", "N", "images a step, or all", _number_or("all")),
    "optimizer": Flag("--optimizer", "NAME", "how to step", choices=get_args(OptimizerName)),
    "learning_rate": Flag("--learning-rate", "X", "length of a step, at its longest", float),
    "schedule": Flag("--schedule", "NAME", "how the learning rate changes", choices=get_args(ScheduleName)),
    "warmup": Flag("--warmup", "X", "epochs in which the learning rate first rises", float),
    "weight_decay": Flag("--weight-decay", "X", "each step shrinks the weights by the learning rate times this", float),
    "input_dropout": Flag("--input-dropout", "X", "share of pixels blanked in each image", float),
    "dropout": Flag("--dropout", "X", "share of hidden neurons silenced for each image", float),
    "label_smoothing": Flag("--label-smoothing", "X", "share of the target spread over all classes", float),
    "average": Flag("--average", "X", "decay of the average of the parameters that is kept in their place", float),
    "augment": Flag("--augment", "NAME", "random changes to training images", choices=get_args(AugmentationName)),
    "validation": Flag("--validation", "N", "training images held out to measure on after each epoch", int),
    "seed": Flag("--seed", "N", "of the random numbers; the same seed gives the same network", int),
    "workers": Flag("--workers", "N", "shares of each batch, each for a core; auto: one or two", _number_or("auto")),
    "name": Flag("--name", "NAME", "of the model (default: the dataset's, with a number)"),
}
"""The flag of each field of `TrainingConfig`."""


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Give the parser a flag for each setting, and those that bring many: ``--preset`` or ``--like``."""
    defaults = {field.name: field.default for field in fields(TrainingConfig)}
    for setting, flag in FLAGS.items():
        words = f"{flag.help}: {', '.join(flag.choices)}" if flag.choices else flag.help
        default = defaults[setting]
        parser.add_argument(
            flag.name,
            dest=setting,
            metavar=flag.metavar,
            type=flag.parse,
            choices=flag.choices or None,
            default=argparse.SUPPRESS,  # so that only what was given is there, and can go before other sources
            help=words if default is None else f"{words} (default: {default})",
        )
    many = parser.add_mutually_exclusive_group()
    presets = ", ".join(f"{name} ({preset.title})".replace("%", "%%") for name, preset in PRESETS.items())
    many.add_argument(
        "--preset", metavar="NAME", choices=tuple(PRESETS), help=f"a recipe; other flags go before it: {presets}"
    )
    many.add_argument("--like", metavar="MODEL", help="take all settings from this model; other flags go before them")


def config_from(options: argparse.Namespace) -> TrainingConfig:
    """The settings of a run: what was given, else what ``--from``, ``--preset`` or ``--like`` says, else the default.

    Raises:
        SettingError: A value cannot work; its flag is named.
        ModelError: There is no such model, or it does not say how it was made, or it is a committee.
    """
    given = {setting: value for setting, value in vars(options).items() if setting in FLAGS}
    if "start_from" in given:
        start = str(given["start_from"])
        if os.sep in start or start.endswith(".npz"):
            given["start_from"] = str(expanded(start).absolute())  # the run may be gone on with from another folder
    if options.like is not None:
        given = _settings_of(options.like) | given
    elif "start_from" in given:
        given = _shape_of(given["start_from"]) | given
    if options.preset is not None:
        given = dict(PRESETS[options.preset].settings) | given
    try:
        return TrainingConfig.from_json(given)
    except SettingError as error:
        raise naming_flag(error) from error


def naming_flag(error: SettingError) -> SettingError:
    """The same error with the flag in the place of the setting."""
    flag = FLAGS.get(error.setting.replace(" ", "_"))
    return SettingError(flag.name, str(error).removeprefix(f"{error.setting}: ")) if flag else error


def _settings_of(model: str) -> dict[str, Any]:
    """The settings that a model was trained with; its name is taken."""
    from netcore.models.card import read_card
    from netcore.models.library import find_model

    path = find_model(model)
    card = read_card(path)
    if card is not None and card.members:
        raise ModelError(
            f"{path.stem} is a committee of {len(card.members)} networks, which has no settings of its own"
        )
    if card is None or not card.settings:
        raise ModelError(f"{path}: it does not say with which settings it was trained; give them as flags")
    return dict(card.settings) | {"name": None}


def _shape_of(model: str) -> dict[str, Any]:
    """The layers of a model and, as far as its card says so, its dataset."""
    from netcore.models.model import load_model

    found = load_model(model)
    layers = {"layers": str(found.single().architecture)}
    return layers | {"dataset": found.card.dataset} if found.card else layers

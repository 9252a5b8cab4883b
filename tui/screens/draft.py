"""What is typed into the form of a new network, checked by the settings themselves."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from netcore.datasets.info import DatasetInfo
from netcore.errors import SettingError
from netcore.models.library import check_free
from netcore.nn.architecture import Architecture
from netcore.nn.choices import AugmentationName, OptimizerName, ScheduleName
from netcore.training.config import TrainingConfig
from netcore.training.presets import PRESETS

__all__ = ["FIELDS", "OWN", "RECIPES", "Checked", "Field", "check", "fitted_layers", "recipe_texts", "texts_of"]

OWN = "own"
"""What the form calls settings that are no preset's."""

RECIPES = (OWN, *PRESETS)
"""What there is to choose from as a preset."""


@dataclass(frozen=True)
class Field:
    """A line of the form.

    Attributes:
        name: Of the setting, as `TrainingConfig` has it.
        label: What stands before it.
        hint: What is said behind it while nothing is wrong.
        read: Turns the typed text into the setting's value; a text that is none is left for the settings to refuse.
        words: The words to choose from, where it is not typed.
    """

    name: str
    label: str
    hint: str
    read: Callable[[str], Any] = str.strip
    words: Sequence[str] = ()


def _whole(text: str) -> int | str:
    try:
        return int(text.replace(",", ""))
    except ValueError:
        return text.strip()


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text.strip()


def _name(text: str) -> str | None:
    return text.strip() or None


FIELDS = (
    Field("dataset", "dataset", ""),
    Field("layers", "layers", ""),
    Field("epochs", "epochs", "passes over the training images", _whole),
    Field("batch_size", "batch size", "images a step, or all", _whole),
    Field("optimizer", "optimizer", "left and right choose", words=get_args(OptimizerName)),
    Field("learning_rate", "learning rate", "at its highest", _number),
    Field("schedule", "schedule", "how the rate goes on", words=get_args(ScheduleName)),
    Field("warmup", "warmup", "epochs in which the rate rises", _number),
    Field("validation", "validation", "images held out, to measure on", _whole),
    Field("augment", "augmentation", "what happens to training images", words=get_args(AugmentationName)),
    Field("weight_decay", "weight decay", "0 is none", _number),
    Field("dropout", "dropout", "share of neurons silenced", _number),
    Field("input_dropout", "input dropout", "share of pixels blanked", _number),
    Field("label_smoothing", "label smoothing", "share of the target spread", _number),
    Field("average", "average", "of the parameters; decay, e.g. 0.999", _number),
    Field("seed", "seed", "the same seed, the same numbers", _whole),
    Field("name", "name", "of the model; empty makes one up", _name),
)


@dataclass(frozen=True)
class Checked:
    """What the typed texts come to.

    Attributes:
        config: The settings; None where something is wrong.
        problems: The reason for each field that is wrong, by its name.
        network: What the layers come to, in words.
        work: What the run comes to, in words; empty where something is wrong.
    """

    config: TrainingConfig | None
    problems: Mapping[str, str]
    network: str
    work: str


def texts_of(config: TrainingConfig) -> dict[str, str]:
    """What the form shows for these settings."""
    values = config.to_json()
    return {field.name: _text(values[field.name]) for field in FIELDS}


def recipe_texts(recipe: str, texts: Mapping[str, str]) -> dict[str, str]:
    """What the form shows for the settings that presets decide.

    Args:
        recipe: Name of a preset, or `OWN`.
        texts: What is typed, by the fields' names; for `OWN`, these stay.
    """
    if recipe != OWN:
        return {name: _text(value) for name, value in PRESETS[recipe].settings.items()}
    decided = next(iter(PRESETS.values())).settings
    return {name: texts[name] for name in decided}


def fitted_layers(layers: str, before: int, after: int) -> str:
    """The typed layers with their last one, a softmax over so many classes, over so many others."""
    return re.sub(rf"softmax\(\s*{before}\s*\)\s*$", f"softmax({after})", layers)


def check(texts: Mapping[str, str], datasets: Sequence[DatasetInfo], start: TrainingConfig) -> Checked:
    """Check every field by itself, so that each shows its own reason, then what depends on the dataset.

    Args:
        texts: What is typed, by the fields' names.
        datasets: Those that there are.
        start: What the form began with: settings that it does not ask for, and the layers of a model to start from.
    """
    values = {field.name: field.read(texts[field.name]) for field in FIELDS}
    problems: dict[str, str] = {}
    alone = TrainingConfig(epochs=100_000)  # so many that no other setting is too large for them
    for name, value in values.items():
        try:
            replace(alone, **{name: value})
            if name == "name" and value is not None:
                check_free(value)
        except SettingError as error:
            problems[name] = _reason(error)
    network, images = "", 0
    dataset = next((info for info in datasets if info.name == values["dataset"]), None)
    if dataset is None:
        problems["dataset"] = f"there is no dataset {values['dataset']!r} any more; choose another"
    else:
        images, classes = dataset.counts.get("train", 0), len(dataset.classes)
        if "layers" not in problems:
            architecture = Architecture.parse(values["layers"])
            network = f"{architecture.parameters:,} parameters"
            if architecture.classes != classes:
                problems["layers"] = f"{dataset.name} has {classes} classes; end with softmax({classes})"
            elif start.start_from and str(architecture) != start.layers:
                problems["layers"] = f"{start.start_from}, from which it is to start, has {start.layers}"
        if "validation" not in problems and values["validation"] >= images:
            problems["validation"] = f"{dataset.name} has {images:,} training images; hold out fewer"
    try:
        config = replace(start, **values)
    except SettingError as error:  # settings that do not fit each other
        problems.setdefault(error.setting.replace(" ", "_"), _reason(error))
    if problems:
        return Checked(None, problems, network, "")
    left = images - config.validation
    batches = 1 if config.batch_size == "all" else math.ceil(left / config.batch_size)
    work = f"{left:,} training images in {batches:,} batch{'es' if batches > 1 else ''} an epoch"
    return Checked(config, problems, network, work)


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _reason(error: SettingError) -> str:
    return str(error).removeprefix(f"{error.setting}: ")

"""The settings of a run as a card that is read at a glance."""

from __future__ import annotations

import math

from netcore.datasets.info import find_dataset
from netcore.errors import NetcoreError
from netcore.training.config import TrainingConfig
from tui.render import numbers

__all__ = ["settings_rows"]


def settings_rows(config: TrainingConfig, name: str) -> list[tuple[str, str]]:
    """Names and values, in the order in which a person thinks of them; what is off is left out.

    Args:
        config: The settings.
        name: Of the model that has come, or is to come, of it.
    """
    architecture = config.architecture()
    schedule = "" if config.schedule == "constant" else f", {config.schedule} schedule"
    warmup = f"; the first {config.warmup:g} warm up" if config.warmup else ""
    rows = [
        ("dataset", _dataset(config)),
        ("layers", str(architecture)),
        ("parameters", numbers.count(architecture.parameters)),
        ("start from", config.start_from or "random weights"),
        ("epochs", f"{numbers.count(config.epochs)}, each {_batches(config)}{warmup}"),
        ("optimizer", f"{config.optimizer}, learning rate {numbers.learning_rate(config.learning_rate)}{schedule}"),
    ]
    extras = [
        f"weight decay {config.weight_decay:g}" if config.weight_decay else "",
        f"dropout {config.dropout:g}" if config.dropout else "",
        f"input dropout {config.input_dropout:g}" if config.input_dropout else "",
        f"label smoothing {config.label_smoothing:g}" if config.label_smoothing else "",
        f"augmentation {config.augment}" if config.augment != "none" else "",
        f"average {config.average:g}" if config.average else "",
    ]
    if any(extras):
        rows.append(("regularised", ", ".join(extra for extra in extras if extra)))
    return [*rows, ("seed", str(config.seed)), ("saved as", name)]


def _dataset(config: TrainingConfig) -> str:
    try:
        counts = find_dataset(config.dataset).counts
    except NetcoreError as error:
        return str(error)
    images = numbers.count(counts.get("train", 0) - config.validation)
    held_out = f", {numbers.count(config.validation)} held out" if config.validation else ""
    if held_out and config.start_from:  # a bundled model has seen all, and one with another seed most of them
        held_out += f" (which {config.start_from} may have seen)"
    return f"{config.dataset}: {images} images{held_out}, {numbers.count(counts.get('test', 0))} to test"


def _batches(config: TrainingConfig) -> str:
    if config.batch_size == "all":
        return "1 batch of all images"
    try:
        images = find_dataset(config.dataset).counts.get("train", 0) - config.validation
    except NetcoreError:
        return f"in batches of {config.batch_size} images"
    batches = math.ceil(images / config.batch_size)
    if batches <= 1:
        return "1 batch of all images"
    return f"{numbers.count(batches)} batches of {config.batch_size} images"

"""Every setting of a training run, checked once, when the value is made.

The same value serves the form in the app, the flags of ``mnist-tui train``, a run's ``config.json`` and a model's card.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal, get_args

from netcore.errors import SettingError
from netcore.nn.architecture import Architecture
from netcore.nn.choices import AugmentationName, OptimizerName, ScheduleName

__all__ = ["BatchSize", "TrainingConfig", "WorkerCount", "check_name"]

BatchSize = int | Literal["all"]
"""Images a step; ``all`` is true batch gradient descent."""

WorkerCount = int | Literal["auto"]
"""Workers that share each batch; ``auto`` is what is sensible when the run begins, see `netcore.nn.threads`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingConfig:
    """The settings of one run.

    Attributes:
        dataset: Name of a dataset.
        layers: Architecture, e.g. ``relu(128), relu(64), softmax(10)``.
        start_from: Name or path of a model whose parameters to start from; None starts at random.
        epochs: Passes over the training images.
        batch_size: Images a step, or ``all``.
        optimizer: ``sgd``, ``momentum`` or ``adam``.
        learning_rate: At its highest; the schedule multiplies it.
        schedule: ``constant``, ``cosine`` or ``one-cycle``.
        warmup: Epochs in which the learning rate first rises.
        weight_decay: Decoupled: each step, weights shrink by learning rate times this.
        input_dropout: Share of pixels blanked in each image, in [0, 0.95].
        dropout: Share of hidden neurons silenced for each image, in [0, 0.95].
        label_smoothing: Share of the target spread over all classes, in [0, 0.95].
        average: Decay of the running average of the parameters that is measured and saved in their place; 0 is none.
        augment: How training images are changed at random; see `netcore.nn.augmentation`.
        validation: Training images held out, to measure on each epoch; 0 trains on all.
        seed: Of the one random generator.
        workers: Shares that each batch is cut into, for as many processor cores; ``auto`` is one for small
            networks, else two where there are two cores, and is replaced by the number when the run begins. The last
            digits of all results depend on it, and not on how many cores there are in the end.
        name: Under which the model is saved; None makes one up from dataset and run.

    Raises:
        SettingError: A value cannot work; names the setting, the value and what would.
    """

    dataset: str = "mnist"
    layers: str = "relu(128), relu(64), softmax(10)"
    start_from: str | None = None
    epochs: int = 10
    batch_size: BatchSize = 128
    optimizer: OptimizerName = "momentum"
    learning_rate: float = 0.1
    schedule: ScheduleName = "cosine"
    warmup: float = 0.0
    weight_decay: float = 0.0
    input_dropout: float = 0.0
    dropout: float = 0.0
    label_smoothing: float = 0.0
    average: float = 0.0
    augment: AugmentationName = "none"
    validation: int = 5000
    seed: int = 0
    workers: WorkerCount = "auto"
    name: str | None = None

    def __post_init__(self) -> None:
        # A config.json may have been edited by hand, so even the types are not taken for granted.
        for setting in ("dataset", "layers", "start_from", "name"):
            value = getattr(self, setting)
            if not isinstance(value, str) and not (value is None and setting in ("start_from", "name")):
                raise SettingError(setting.replace("_", " "), f"{value!r} does not work; use a text")
        # The canonical text, so that a card never shows the same network in two ways.
        object.__setattr__(self, "layers", str(self.architecture()))
        _whole("epochs", self.epochs, 1, 100_000)
        if self.batch_size != "all":
            _whole("batch size", self.batch_size, 1, 10_000_000, " or 'all'")
        _word("optimizer", self.optimizer, get_args(OptimizerName))
        _word("schedule", self.schedule, get_args(ScheduleName))
        _number("learning rate", self.learning_rate, 0, 1000, above=True)
        _number("weight decay", self.weight_decay, 0, 100)
        _number("warmup", self.warmup, 0, 0.9 * self.epochs)
        _number("input dropout", self.input_dropout, 0, 0.95)
        _number("dropout", self.dropout, 0, 0.95)
        _number("label smoothing", self.label_smoothing, 0, 0.95)
        _number("average", self.average, 0, 0.99999)
        _word("augment", self.augment, get_args(AugmentationName))
        _whole("validation", self.validation, 0, 10_000_000)
        _whole("seed", self.seed, 0, 2**63 - 1)
        if self.workers != "auto":
            _whole("workers", self.workers, 1, 64, " or 'auto'")
        if self.name is not None:
            check_name(self.name)

    def architecture(self, inputs: int = 784) -> Architecture:
        """The layers over so many inputs."""
        return Architecture.parse(self.layers, inputs)

    def images_a_step(self, images: int) -> int:
        """Images in a whole batch, of an epoch over so many."""
        return images if self.batch_size == "all" else min(self.batch_size, images)

    def to_json(self) -> dict[str, Any]:
        """The settings as plain values, in the order above."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> TrainingConfig:
        """The settings from plain values.

        Raises:
            SettingError: A setting is unknown (from a newer version) or its value cannot work.
        """
        known = {field.name for field in dataclasses.fields(cls)}
        for name in values:
            if name not in known:
                raise SettingError(name, "unknown setting; was it written by a newer version of mnist-tui?")
        return cls(**values)


def check_name(name: str) -> None:
    """Check that a name can be a model's: a plain file name, no folder and no ending.

    Raises:
        SettingError: It cannot.
    """
    allowed = name.replace("-", "").replace("_", "").replace(".", "")
    if not (name.isascii() and allowed.isalnum() and name[0].isalnum() and len(name) <= 64) or name.endswith(".npz"):
        raise SettingError("name", f"{name!r} cannot be a file's name; use up to 64 letters, digits, '-', '_' and '.'")


def _whole(setting: str, value: object, least: int, most: int, other: str = "") -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise SettingError(setting, f"{value!r} does not work; use a whole number from {least} to {most:,}{other}")


def _number(setting: str, value: object, least: float, most: float, *, above: bool = False) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    # NaN fails both comparisons.
    if not number or not least <= value <= most or (above and value == least):  # type: ignore[operator]  # number says so
        works = f"above {least:g}, up to {most:g}" if above else f"from {least:g} to {most:g}"
        raise SettingError(setting, f"{value!r} does not work; use a number {works}")


def _word(setting: str, value: object, known: tuple[str, ...]) -> None:
    if value not in known:
        raise SettingError(setting, f"{value!r} is unknown; use one of {', '.join(known)}")

"""Named recipes: settings that were chosen for a purpose, so that nobody has to find them again.

They say how to train, not what: dataset, layers, seed and name stay one's own. They were chosen on 10,000 of MNIST's
training images held out, for ``relu(128), relu(64), softmax(10)``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from netcore.training.config import TrainingConfig

__all__ = ["PRESETS", "Preset", "preset_of"]

_WHAT = ("dataset", "layers", "start_from", "seed", "workers", "name")
"""Settings that no preset touches."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A recipe.

    Attributes:
        title: What it is for, in a few words.
        settings: Every setting of a run that it decides, those that are left at their default included.
    """

    title: str
    settings: Mapping[str, Any]


def _preset(title: str, **chosen: Any) -> Preset:  # noqa: ANN401  # settings of any kind; the config checks them
    settings = TrainingConfig(**chosen).to_json()
    return Preset(title, MappingProxyType({name: settings[name] for name in settings if name not in _WHAT}))


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "quick": _preset(
            "98 % on MNIST in a few seconds",
            epochs=6,
            batch_size=256,
            learning_rate=0.3,
            schedule="one-cycle",
            weight_decay=0.003,
            label_smoothing=0.05,
            validation=0,
        ),
        "strong": _preset(
            "99 % on MNIST in half a minute",
            epochs=36,
            batch_size=256,
            learning_rate=0.3,
            schedule="one-cycle",
            weight_decay=0.001,
            augment="warp",
            validation=0,
        ),
    }
)
"""All presets, by name."""


def preset_of(config: TrainingConfig) -> str | None:
    """The name of the preset whose settings these are; None where they are one's own."""
    settings = dataclasses.asdict(config)
    for name, preset in PRESETS.items():
        if all(settings[setting] == value for setting, value in preset.settings.items()):
            return name
    return None

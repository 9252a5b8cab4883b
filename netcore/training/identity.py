"""What a run was made with, in a few numbers: a checkpoint says it, and what goes on from there is held against it."""

from __future__ import annotations

from typing import Any
from zlib import crc32

import numpy as np

from netcore.datasets.library import Part
from netcore.errors import CheckpointError
from netcore.training.config import TrainingConfig
from netcore.training.pixels import Pixels

__all__ = ["check_made_with", "made_with"]

_LOOKED_AT = 1000
"""Images whose pixels are looked at, evenly spread: there may be more than memory holds."""

_FREE = ("name", "dataset", "start_from")
"""Settings that may change on the way: what things are called, and what a checkpoint has left behind."""


def made_with(config: TrainingConfig, part: Part) -> dict[str, Any]:
    """The settings by their names, and of the training images how many there are and what they add up to."""
    settings = {name: value for name, value in config.to_json().items() if name not in _FREE}
    some = np.linspace(0, len(part) - 1, min(len(part), _LOOKED_AT)).astype(np.intp)
    pixels = Pixels(part.images).images(some)
    return {
        "settings": settings,
        "images": len(part),
        "labels": crc32(part.labels.tobytes()),
        "pixels": crc32(pixels.tobytes()),
    }


def check_made_with(before: dict[str, Any], now: dict[str, Any], dataset: str) -> None:
    """Check that a run goes on with what it was made with.

    Args:
        before: What a checkpoint says, see `made_with`; where that is empty, nothing is checked.
        now: What there is.
        dataset: Its name.

    Raises:
        CheckpointError: There is another setting, or there are other images; says which.
    """
    if not before:
        return
    for name, value in now["settings"].items():
        then = before["settings"].get(name, value)
        if then != value:
            raise CheckpointError(
                f"the run was trained with {name.replace('_', ' ')} {then}, its config.json now says {value}; put"
                f" {then} back, or start the run again"
            )
    if any(before[name] != now[name] for name in ("images", "labels", "pixels")):
        count = now["images"]
        others = f"{count:,} of them, {before['images']:,} then" if before["images"] != count else f"as many, {count:,}"
        raise CheckpointError(
            f"the training images of {dataset} are no longer those that the run was trained on ({others}); import the"
            " former ones again, or start the run again"
        )

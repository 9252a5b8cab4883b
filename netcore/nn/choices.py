"""The closed sets of words that name a way of learning, apart from the code that needs NumPy to do it."""

from __future__ import annotations

from typing import Literal

__all__ = ["AugmentationName", "OptimizerName", "ScheduleName"]

AugmentationName = Literal["none", "shift", "nudge", "warp", "flip", "shift-flip", "nudge-flip", "warp-flip"]
"""What happens to training images: see `netcore.nn.augmentation`."""

OptimizerName = Literal["sgd", "momentum", "adam"]
"""Plain descent, Nesterov momentum, Adam: see `netcore.nn.optimizers`."""

ScheduleName = Literal["constant", "cosine", "one-cycle"]
"""How the learning rate changes over a run: see `netcore.nn.schedules`."""

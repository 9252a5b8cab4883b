"""A committee: a few networks that look at the same image, and whose probabilities are averaged.

Each errs in places of its own, so together they err less.
Source: Ciresan et al., Convolutional Neural Network Committees for Handwritten Character Classification (2011).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcore.models.members import common_layers
from netcore.nn.activations import Array
from netcore.nn.network import Network

__all__ = ["Committee"]


@dataclass(frozen=True, eq=False, slots=True)
class Committee:
    """Networks whose probabilities are averaged.

    Attributes:
        members: The networks, which tell the same classes apart; one at least.
    """

    members: tuple[Network, ...]

    def __post_init__(self) -> None:
        if len({member.architecture.classes for member in self.members}) != 1:
            raise ValueError("the members of a committee tell the same classes apart, and there is one at least")

    @property
    def architecture(self) -> str:
        """The layers that the members share, see `common_layers`."""
        return common_layers(str(member.architecture) for member in self.members)

    def log_probabilities(self, images: NDArray[Any]) -> Array:
        """Logarithm of the mean of the members' probabilities, (n, classes); ``images`` as for a `Network`.

        Summed up as logarithms: a probability too small for float32 still counts.
        """
        first, *others = self.members
        total = first.log_probabilities(images)
        for member in others:
            np.logaddexp(total, member.log_probabilities(images), out=total)
        total -= np.float32(math.log(len(self.members)))
        return total

    def probabilities(self, images: NDArray[Any]) -> Array:
        """Probability of each class, (n, classes); each row sums to one."""
        return np.exp(self.log_probabilities(images))

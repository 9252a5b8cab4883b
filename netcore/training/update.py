"""The parameters that one share moves: the weights of its own pixels, and if it is the last one all that is behind."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcore.nn.architecture import Architecture
from netcore.nn.optimizers import make_optimizer, remembered
from netcore.training.common import Step, pixels_of
from netcore.training.config import TrainingConfig

__all__ = ["Update"]


class Update:
    """How a share moves its parameters. They lie in one piece: each call of NumPy for some thousand costs 2 us."""

    def __init__(
        self, config: TrainingConfig, architecture: Architecture, arrays: Mapping[str, NDArray[Any]], number: int
    ) -> None:
        """Make an optimizer for them.

        Args:
            config: Of the run.
            architecture: Says which parameters are weights.
            arrays: As `netcore.training.common.layout` has them.
            number: Of the share, from 0.
        """
        shares, neurons = len(arrays["gradients"]), architecture.sizes[1]
        pixels = pixels_of(architecture, len(arrays["deltas"]), number, shares)
        last = number == shares - 1
        own = slice(pixels.start * neurons, architecture.parameters if last else pixels.stop * neurons)
        self._parameters = arrays["parameters"][own]
        self._weights = [self._parameters[cut] for cut in _weights_within(architecture, own)]
        self._gradient = arrays["gradients"][number, own]
        # The gradient of its own pixels' weights is whole; of what is behind each share has found it for its images.
        behind = slice(architecture.inputs * neurons, None)
        self._behind = arrays["gradients"][number, behind]
        self._found_by_others = [arrays["gradients"][other, behind] for other in range(shares - 1)] if last else []
        self._average = arrays["average"][own] if config.average else None
        state = {name: arrays[f"optimizer.{name}"][own] for name in remembered(config.optimizer)}
        self._optimizer = make_optimizer(config.optimizer, state)

    def do(self, step: Step) -> None:
        """Move them; uses up the gradient."""
        gradient = self._gradient
        for found in self._found_by_others:
            self._behind += found
        if step.shrink != 1:
            for weights in self._weights:
                np.multiply(weights, step.shrink, out=weights)
        self._optimizer.step(self._parameters, gradient, step.rate, step.number)
        if self._average is not None:
            # Polyak, Juditsky, Acceleration of Stochastic Approximation by Averaging (1992), in its exponential form.
            np.subtract(self._parameters, self._average, out=gradient)
            gradient *= step.follow
            self._average += gradient


def _weights_within(architecture: Architecture, own: slice) -> list[slice]:
    """Where in a slice of the parameters weights lie, and not biases."""
    cuts, start = [], 0
    for inputs, outputs in pairwise(architecture.sizes):
        first, last = max(start, own.start), min(start + inputs * outputs, own.stop)
        if first < last:
            cuts.append(slice(first - own.start, last - own.start))
        start += (inputs + 1) * outputs
    return cuts

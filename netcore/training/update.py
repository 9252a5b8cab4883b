"""The parameters that one share moves: those of its own pixels, and its part of all others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcore.nn.architecture import Architecture
from netcore.nn.optimizers import make_optimizer
from netcore.training.common import Step, part_of
from netcore.training.config import TrainingConfig

__all__ = ["Update", "updates"]


class Update:
    """How a slice of the parameters moves."""

    def __init__(
        self,
        config: TrainingConfig,
        architecture: Architecture,
        arrays: Mapping[str, NDArray[Any]],
        own: slice,
        found_by: Sequence[int],
    ) -> None:
        """Make an optimizer for them.

        Args:
            config: Of the run.
            architecture: Says which parameters are weights.
            arrays: As `netcore.training.common.layout` has them.
            own: Which of the parameters.
            found_by: The shares whose gradients of them add up to that of the batch.
        """
        self._parameters = arrays["parameters"][own]
        self._weights = [self._parameters[cut] for cut in _weights_within(architecture, own)]
        self._gradients = [arrays["gradients"][number, own] for number in found_by]
        self._average = arrays["average"][own] if config.average else None
        self._optimizer = make_optimizer(config.optimizer, self._parameters)
        for name in self._optimizer.state:
            self._optimizer.state[name] = arrays[f"optimizer.{name}"][own]

    def do(self, step: Step) -> None:
        """Move them; uses up the gradients."""
        gradient, *others = self._gradients
        for other in others:
            gradient += other
        if step.shrink != 1:
            for weights in self._weights:
                np.multiply(weights, step.shrink, out=weights)
        self._optimizer.step(self._parameters, gradient, step.rate, step.number)
        if self._average is not None:
            # Polyak, Juditsky, Acceleration of Stochastic Approximation by Averaging (1992), in its exponential form.
            np.subtract(self._parameters, self._average, out=gradient)
            gradient *= step.follow
            self._average += gradient


def updates(
    config: TrainingConfig, architecture: Architecture, arrays: Mapping[str, NDArray[Any]], number: int
) -> list[Update]:
    """Those of a share, by its number. All shares' together are all parameters, each once."""
    shares = len(arrays["gradients"])
    pixels, neurons = architecture.sizes[:2]
    first, own = pixels * neurons, part_of(pixels, number, shares)
    others = part_of(architecture.parameters - first, number, shares)
    if shares == 1:
        return [Update(config, architecture, arrays, slice(architecture.parameters), [0])]
    of_pixels = slice(own.start * neurons, own.stop * neurons)
    of_others = slice(first + others.start, first + others.stop)
    # The gradient of its own pixels' weights is whole; of all others each share has found it for some of the images.
    return [
        Update(config, architecture, arrays, of_pixels, [number]),
        Update(config, architecture, arrays, of_others, range(shares)),
    ]


def _weights_within(architecture: Architecture, own: slice) -> list[slice]:
    """Where in a slice of the parameters weights lie, and not biases."""
    cuts, start = [], 0
    for inputs, outputs in zip(architecture.sizes, architecture.sizes[1:], strict=False):
        first, last = max(start, own.start or 0), min(start + inputs * outputs, own.stop)
        if first < last:
            cuts.append(slice(first - (own.start or 0), last - (own.start or 0)))
        start += (inputs + 1) * outputs
    return cuts

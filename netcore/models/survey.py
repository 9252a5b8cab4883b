"""The layers of a network in numbers: how its weights are spread, and how often each neuron answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcore.nn.network import Network

__all__ = ["SURVEYED", "LayerSurvey", "survey"]

SURVEYED = 1000
"""Images that a survey looks at, at the most: enough to tell a neuron that is dead from one that seldom answers."""

_AT_ONCE = 250
"""Images worked on at a time: the activations of a large network must not fill the memory."""


@dataclass(frozen=True, eq=False)
class LayerSurvey:
    """One layer; weights without biases.

    Attributes:
        shape: Inputs and neurons.
        activation: Of its neurons.
        parameters: Weights and biases.
        mean: Of the weights.
        std: Of the weights (population).
        lowest: Of the weights.
        highest: Of the weights.
        images: How many images were looked at.
        answered: (neurons,) on how many of them each neuron answers more than 0; None where the activation is not relu,
            since only a relu can be silent.
    """

    shape: tuple[int, int]
    activation: str
    parameters: int
    mean: float
    std: float
    lowest: float
    highest: float
    images: int
    answered: NDArray[np.intp] | None

    @property
    def dead(self) -> int | None:
        """How many neurons answered on none of the images; None where no neuron can be silent or none was asked."""
        if self.answered is None or not self.images:
            return None
        return int(np.count_nonzero(self.answered == 0))


def survey(network: Network, images: NDArray[Any]) -> list[LayerSurvey]:
    """Survey every layer over the first `SURVEYED` of these images, uint8 (n, 28, 28)."""
    layers, images = network.architecture.layers, images[:SURVEYED]
    answered = [np.zeros(layer.size, np.intp) for layer in layers]
    for start in range(0, len(images), _AT_ONCE):
        for i, answers in enumerate(network.activations(images[start : start + _AT_ONCE])):
            answered[i] += np.count_nonzero(answers > 0, axis=0)
    with np.errstate(over="ignore", invalid="ignore"):  # of a network that diverges the numbers tell enough
        return [
            LayerSurvey(
                shape=(weights.shape[0], weights.shape[1]),
                activation=layer.activation,
                parameters=weights.size + biases.size,
                mean=float(weights.mean(dtype=np.float64)),
                std=float(weights.std(dtype=np.float64)),
                lowest=float(weights.min()),
                highest=float(weights.max()),
                images=len(images),
                answered=count if layer.activation == "relu" else None,
            )
            for layer, weights, biases, count in zip(layers, network.weights, network.biases, answered, strict=True)
        ]

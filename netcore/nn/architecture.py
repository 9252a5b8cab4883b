"""What a network looks like: its layers in order, written ``relu(128), relu(64), softmax(10)`` everywhere.

The one text form serves commands, cards and screens. NumPy is not needed to read it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, get_args

from netcore.errors import ArchitectureError

__all__ = ["MOST_NEURONS", "MOST_PARAMETERS", "Activation", "Architecture", "Layer"]

Activation = Literal["relu", "tanh", "sigmoid", "linear", "softmax"]

MOST_NEURONS = 65_536
"""Neurons in one layer at the most. A larger number is more likely a typing error than a wish."""

MOST_PARAMETERS = 200_000_000
"""Parameters of a network at the most: 800 MB, and training needs several times that."""

_LAYER = re.compile(r"\s*([A-Za-z_]+)\s*\(\s*([0-9]{1,9})\s*\)\s*")


@dataclass(frozen=True, slots=True)
class Layer:
    """A fully connected layer: so many neurons, each with this activation.

    Raises:
        ArchitectureError: The activation is unknown or the number of neurons impossible.
    """

    activation: Activation
    size: int

    def __post_init__(self) -> None:
        if self.activation not in get_args(Activation):
            known = ", ".join(get_args(Activation))
            raise ArchitectureError(f"unknown activation {self.activation!r}; use one of {known}")
        if not 1 <= self.size <= MOST_NEURONS:
            raise ArchitectureError(f"{self.size} neurons in one layer; use 1 to {MOST_NEURONS}")

    def __str__(self) -> str:
        return f"{self.activation}({self.size})"


@dataclass(frozen=True, slots=True)
class Architecture:
    """Fully connected layers, first to last, over so many inputs. The last layer is the softmax over the classes.

    Raises:
        ArchitectureError: No layer, softmax in a place other than the last, or more parameters than fit in memory.
    """

    layers: tuple[Layer, ...]
    inputs: int = 784

    def __post_init__(self) -> None:
        if not self.layers:
            raise ArchitectureError("none given; write them like 'relu(128), relu(64), softmax(10)'")
        if self.layers[-1].activation != "softmax":
            raise ArchitectureError(f"the last is {self.layers[-1]}; end with a softmax over the classes: softmax(10)")
        for layer in self.layers[:-1]:
            if layer.activation == "softmax":
                raise ArchitectureError(f"{layer} stands before the end; softmax belongs in the last layer only")
        if self.parameters > MOST_PARAMETERS:
            raise ArchitectureError(f"{self.parameters:,} parameters; at most {MOST_PARAMETERS:,} fit in memory")

    @classmethod
    def parse(cls, text: str, inputs: int = 784) -> Architecture:
        """Read the text form, e.g. ``relu(128), relu(64), softmax(10)``.

        Args:
            text: Layers separated by commas. Spaces and letter case do not matter.
            inputs: Number of inputs: 784 for images of 28 x 28 pixels.

        Raises:
            ArchitectureError: The text names the part that cannot be read and what was expected.
        """
        if not text.strip():
            return cls((), inputs)
        layers = []
        for part in text.split(","):
            found = _LAYER.fullmatch(part)
            if not found:
                raise ArchitectureError(f"cannot read {part.strip()!r}; write layers like 'relu(128), softmax(10)'")
            # The cast is checked by Layer itself, whose message names the known activations.
            layers.append(Layer(found[1].lower(), int(found[2])))  # type: ignore[arg-type]
        return cls(tuple(layers), inputs)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Inputs, then the neurons of each layer: ``(784, 128, 64, 10)``."""
        return (self.inputs, *(layer.size for layer in self.layers))

    @property
    def classes(self) -> int:
        """Number of classes that the network tells apart."""
        return self.layers[-1].size

    @property
    def parameters(self) -> int:
        """Number of weights and biases."""
        return sum((before + 1) * after for before, after in pairwise(self.sizes))

    def __str__(self) -> str:
        return ", ".join(str(layer) for layer in self.layers)

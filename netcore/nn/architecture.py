"""What a network looks like: its layers in order, written ``relu(128), relu(64), softmax(10)`` everywhere.

In front of them may stand how each image is normalized before the network sees it: ``deslant, width(15), relu(128)``,
see `netcore.nn.normalization`. The one text form serves commands, cards and screens. NumPy is not needed to read it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from math import isqrt
from typing import Literal, get_args

from netcore.errors import ArchitectureError

__all__ = ["MOST_NEURONS", "MOST_PARAMETERS", "Activation", "Architecture", "Layer"]

Activation = Literal["relu", "tanh", "sigmoid", "linear", "softmax"]

MOST_NEURONS = 65_536
"""Neurons in one layer at the most. A larger number is more likely a typing error than a wish."""

MOST_PARAMETERS = 200_000_000
"""Parameters of a network at the most: 800 MB, and training needs several times that."""

_PART = re.compile(r"\s*([A-Za-z_]+)\s*(?:\(\s*([0-9]{1,9})\s*\))?\s*")


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

    Attributes:
        layers: The layers.
        inputs: Pixels of an image.
        deslant: Whether each image is first put upright.
        width: Columns that what each image shows is then made to fill; None leaves it as it is.

    Raises:
        ArchitectureError: No layer, softmax in a place other than the last, more parameters than fit in memory, or a
            width that no image has.
    """

    layers: tuple[Layer, ...]
    inputs: int = 784
    deslant: bool = False
    width: int | None = None

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
        if self.normalizes and isqrt(self.inputs) ** 2 != self.inputs:
            raise ArchitectureError(f"{self.inputs} inputs are no square image; leave deslant and width out")
        if self.width is not None and not 1 <= self.width <= isqrt(self.inputs):
            raise ArchitectureError(f"width({self.width}) does not fit an image; use 1 to {isqrt(self.inputs)} columns")

    @classmethod
    def parse(cls, text: str, inputs: int = 784) -> Architecture:
        """Read the text form, e.g. ``relu(128), relu(64), softmax(10)`` or ``deslant, width(15), softmax(10)``.

        Args:
            text: Layers separated by commas, before them how images are normalized. Spaces and letter case do not
                matter.
            inputs: Number of inputs: 784 for images of 28 x 28 pixels.

        Raises:
            ArchitectureError: The text names the part that cannot be read and what was expected.
        """
        parts = [_read(part) for part in text.split(",")] if text.strip() else []
        deslant = ("deslant", None) in parts[:1]
        parts = parts[deslant:]
        width = parts[0][1] if parts and parts[0][0] == "width" else None
        layers = []
        for name, size in parts[width is not None :]:
            if name in ("deslant", "width"):
                raise ArchitectureError(f"{name!r} is not understood there; begin like 'deslant, width(15), relu(128)'")
            if size is None:
                raise ArchitectureError(f"cannot read {name!r}; write layers like 'relu(128), softmax(10)'")
            # The cast is checked by Layer itself, whose message names the known activations.
            layers.append(Layer(name, size))  # type: ignore[arg-type]
        return cls(tuple(layers), inputs, deslant, width)

    @property
    def normalizes(self) -> bool:
        """Whether images are normalized before the network sees them."""
        return bool(self.normalization)

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

    @property
    def normalization(self) -> str:
        """What stands before the layers, ``deslant, width(15)``; empty where images are seen as they are."""
        return ", ".join(["deslant"] * self.deslant + [f"width({self.width})"] * (self.width is not None))

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.normalization, *map(str, self.layers))))


def _read(part: str) -> tuple[str, int | None]:
    """A part of the text form: its word, and the number behind it if there is one."""
    found = _PART.fullmatch(part)
    if not found:
        raise ArchitectureError(f"cannot read {part.strip()!r}; write layers like 'relu(128), softmax(10)'")
    return found[1].lower(), int(found[2]) if found[2] else None

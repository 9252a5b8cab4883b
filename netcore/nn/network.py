"""A fully connected network: one flat vector of parameters, and the way from pixels to probabilities.

Weights and biases are views into the flat vector, so an optimizer, a checkpoint and an average over time each deal with
one array only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcore.nn.activations import Array, activate
from netcore.nn.architecture import Architecture
from netcore.nn.loss import log_softmax
from netcore.nn.turns import products

__all__ = ["SLICE", "Network", "as_inputs", "views"]

SLICE = 1024
"""Images worked on at a time outside of training: enough for fast products, and 3 MB of pixels at the most."""


def views(architecture: Architecture, flat: Array) -> tuple[list[Array], list[Array]]:
    """Cut a flat vector into weights (inputs, outputs) and biases (outputs,) of each layer; no number is copied.

    The order is ``W0, b0, W1, b1, ...``.
    """
    weights, biases, start = [], [], 0
    for inputs, outputs in pairwise(architecture.sizes):
        middle, end = start + inputs * outputs, start + (inputs + 1) * outputs
        weights.append(flat[start:middle].reshape(inputs, outputs))
        biases.append(flat[middle:end])
        start = end
    return weights, biases


def as_inputs(images: NDArray[Any]) -> Array:
    """Images as rows of numbers in [0, 1]: (n, pixels) float32 from uint8 (n, ...); floats stay as they are."""
    rows = images.reshape(len(images), -1)
    return rows * np.float32(1 / 255) if rows.dtype == np.uint8 else rows


class Network:
    """A network and its parameters.

    Attributes:
        architecture: Its layers.
        parameters: All weights and biases, (parameters,), float32 unless a test asks for more.
        weights: For each layer, (inputs, outputs): views into ``parameters``.
        biases: For each layer, (outputs,): views into ``parameters``.
    """

    def __init__(self, architecture: Architecture, parameters: Array | None = None) -> None:
        self.architecture = architecture
        self.parameters: Array = np.zeros(architecture.parameters, np.float32) if parameters is None else parameters
        if self.parameters.shape != (architecture.parameters,):
            raise ValueError(f"{self.parameters.shape} parameters given, {architecture} has {architecture.parameters}")
        self.weights, self.biases = views(architecture, self.parameters)

    @classmethod
    def initialised(cls, architecture: Architecture, rng: np.random.Generator) -> Network:
        """A network with random weights and zero biases.

        Weights are normal with variance 2 / inputs before relu (He et al., Delving Deep into Rectifiers, 2015) and
        1 / inputs otherwise (LeCun et al., Efficient BackProp, 1998), so that signals keep about their
        size through layers of relu, tanh or linear neurons; those of sigmoid shrink them.
        """
        network = cls(architecture)
        for layer, weights in zip(architecture.layers, network.weights, strict=True):
            gain = 2.0 if layer.activation == "relu" else 1.0
            weights[...] = rng.standard_normal(weights.shape, np.float32) * np.float32((gain / len(weights)) ** 0.5)
        return network

    def forward(self, inputs: Array) -> list[Array]:
        """Activations of every layer, (n, neurons), the last one as logits (before softmax).

        Args:
            inputs: (n, inputs) numbers in [0, 1].
        """
        return self.onward(np.matmul(inputs, self.weights[0]))

    def onward(
        self, sums: Array, work: Sequence[Array] | None = None, hidden: Callable[[int, Array], None] | None = None
    ) -> list[Array]:
        """`forward`, from where the first layer's weights have been applied.

        Args:
            sums: (n, neurons of the first layer): ``inputs @ weights[0]``; becomes the activations of that layer.
            work: For each layer behind the first an array (n, neurons) to write into; made anew where none are given.
            hidden: Called with the number and the activations of each hidden layer, which it may change: dropout.
        """
        outputs = [sums]
        for i, layer in enumerate(self.architecture.layers):
            if i:
                # For such small products `dot` takes half a microsecond less than `matmul`, to the same bits.
                outputs.append(np.dot(outputs[-1], self.weights[i], out=work[i - 1] if work is not None else None))
            z = outputs[-1]
            z += self.biases[i]
            if layer.activation != "softmax":
                activate(layer.activation, z)
                if hidden is not None:
                    hidden(i, z)
        return outputs

    def log_probabilities(self, images: NDArray[Any]) -> Array:
        """Logarithm of the probability of each class, (n, classes).

        Args:
            images: (n, ...) uint8, or floats in [0, 1].
        """
        if not len(images):
            return np.zeros((0, self.architecture.classes), self.parameters.dtype)
        slices = (images[start : start + SLICE] for start in range(0, len(images), SLICE))
        return np.concatenate([self._answers(some)[-1] for some in slices])

    def probabilities(self, images: NDArray[Any]) -> Array:
        """Probability of each class, (n, classes); each row sums to one. ``images`` as for `log_probabilities`."""
        return np.exp(self.log_probabilities(images))

    def activations(self, images: NDArray[Any]) -> list[Array]:
        """What every neuron answers: for each layer (n, neurons), the last one being the probabilities.

        For looking inside: ``images`` (n, ...) should be few.
        """
        outputs = self._answers(images)
        np.exp(outputs[-1], out=outputs[-1])
        return outputs

    def _answers(self, images: NDArray[Any]) -> list[Array]:
        """Activations of every layer, the last one as logarithms of probabilities."""
        # A network that diverges is looked at while it trains. Its numbers tell; a warning would hit the screen.
        with np.errstate(over="ignore", invalid="ignore"):
            with products:
                outputs = self.forward(as_inputs(images))
            outputs[-1] = log_softmax(outputs[-1])
        return outputs

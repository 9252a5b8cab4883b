"""The way of one image through a network, number by number: from pixels to sums, answers and probabilities.

For whoever wants to follow it by hand. The fast way for many images at once is `Network.probabilities`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcore.nn.activations import Array, activate, multiply_by_derivative
from netcore.nn.loss import log_softmax
from netcore.nn.network import Network, as_inputs
from netcore.nn.turns import products

__all__ = ["Insight", "look_inside"]


@dataclass(frozen=True, eq=False)
class Insight:
    """What every neuron receives, sums up and answers for one image.

    Attributes:
        network: Of the neurons.
        inputs: For each layer what comes in, (inputs,): the pixels in [0, 1], or the answers of the layer before.
        sums: For each layer the weighted sums with bias, (neurons,); those of the last layer are the logits.
        answers: For each layer the activations, (neurons,); those of the last layer are the probabilities.
    """

    network: Network
    inputs: list[Array]
    sums: list[Array]
    answers: list[Array]

    def contributions(self, layer: int, neuron: int) -> Array:
        """What each input brings to the sum of a neuron: input times weight, (inputs,). With the bias they make it up.

        Args:
            layer: Of the neuron, from 0.
            neuron: Its place in the layer, from 0.
        """
        return self.inputs[layer] * self.network.weights[layer][:, neuron]

    def effects(self, layer: int, neuron: int) -> Array:
        """How much each logit rises for a rise of this neuron's answer, (classes,), through all layers behind it.

        The derivative for this image: a relu that is silent passes nothing on. In the last layer a neuron is a class,
        which moves its own logit and no other.
        """
        last = len(self.answers) - 1
        if layer == last:
            alone: Array = np.eye(len(self.sums[last]), dtype=self.sums[last].dtype)[neuron]
            return alone
        rise: Array = self.network.weights[layer + 1][neuron].copy()
        with products:
            for behind in range(layer + 1, last):
                multiply_by_derivative(
                    self.network.architecture.layers[behind].activation, self.answers[behind][None], rise[None]
                )
                rise = rise @ self.network.weights[behind + 1]
        return rise


def look_inside(network: Network, image: NDArray[Any]) -> Insight:
    """Follow one image through the network.

    Args:
        network: The network.
        image: uint8 of any shape with as many pixels as the network has inputs, or floats in [0, 1].
    """
    inputs, sums, answers = [as_inputs(image[None])[0]], [], []
    # A network that diverges is looked at too: its numbers tell, a warning would hit the screen.
    with products, np.errstate(over="ignore", invalid="ignore"):
        for layer, weights, biases in zip(network.architecture.layers, network.weights, network.biases, strict=True):
            total = inputs[-1] @ weights + biases
            answer = total.copy()
            if layer.activation == "softmax":
                answer = np.exp(log_softmax(answer[None])[0])
            else:
                activate(layer.activation, answer)
            sums.append(total)
            answers.append(answer)
            inputs.append(answer)
    return Insight(network, inputs[:-1], sums, answers)

"""The gradient of the loss, by backpropagation, into arrays that are made once.

Source: Rumelhart, Hinton, Williams, Learning representations by back-propagating errors (1986). The gradient of the
pixels is never computed: nothing needs it.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from netcore.nn.activations import Array, multiply_by_derivative
from netcore.nn.loss import Labels, softmax_cross_entropy
from netcore.nn.network import Network, views

__all__ = ["Backpropagation"]


class Backpropagation:
    """Work arrays for the forward and backward pass over at most ``rows`` images at a time.

    Attributes:
        gradient: Of the mean loss, (parameters,), in the order of the network's own parameters.
    """

    def __init__(
        self,
        network: Network,
        rows: int,
        *,
        smoothing: float = 0.0,
        dropout: float = 0.0,
        gradient: Array | None = None,
    ) -> None:
        """Make the arrays.

        Args:
            network: Whose parameters are followed, as they change.
            rows: Images at a time, at the most.
            smoothing: Label smoothing, see `softmax_cross_entropy`.
            dropout: Share of hidden neurons that are silenced for each image, in [0, 1); see `_drop`.
            gradient: Array to write the gradient into; made anew where none is given.
        """
        self.gradient = np.zeros_like(network.parameters) if gradient is None else gradient
        self._network = network
        self._smoothing = smoothing
        self._dropout = dropout
        self._weight_gradients, self._bias_gradients = views(network.architecture, self.gradient)
        kind = network.parameters.dtype
        sizes = network.architecture.sizes[1:]
        self._outputs = [np.empty((rows, size), kind) for size in sizes]
        self._deltas = [np.empty((rows, size), kind) for size in sizes[:-1]]
        self._masks = [np.empty((rows, size), np.float32) for size in sizes[:-1]] if dropout else []

    def run(
        self, inputs: Array, labels: Labels, divisor: int | None = None, rng: np.random.Generator | None = None
    ) -> tuple[float, int]:
        """Put the gradient over these images into ``gradient``.

        Args:
            inputs: (n, inputs), numbers in [0, 1], with n at most ``rows``.
            labels: (n,) class indices.
            divisor: Rows in the whole batch, where these are only a slice of it.
            rng: Draws the silenced neurons; needed for dropout.

        Returns:
            The loss summed over the rows (nats), and how many rows are right.
        """
        n = len(inputs)
        work = [array[:n] for array in self._outputs]
        drop = partial(self._drop, rng) if self._dropout and rng is not None else None
        outputs = self._network.forward(inputs, work, drop)
        delta = outputs[-1]
        loss, correct = softmax_cross_entropy(delta, labels, divisor or n, self._smoothing)
        for i in reversed(range(len(outputs))):
            before = outputs[i - 1] if i else inputs
            np.matmul(before.T, delta, out=self._weight_gradients[i])
            np.add.reduce(delta, axis=0, out=self._bias_gradients[i])
            if i:
                delta = np.matmul(delta, self._network.weights[i].T, out=self._deltas[i - 1][:n])
                if drop is not None:
                    delta *= self._masks[i - 1][:n]
                    before *= 1 - self._dropout  # what the activation gave, before it was scaled up
                multiply_by_derivative(self._network.architecture.layers[i - 1].activation, before, delta)
        return loss, correct

    def _drop(self, rng: np.random.Generator, layer: int, activations: Array) -> None:
        """Silence a random part of the neurons, and scale up the others so that their sum stays the same on average.

        Source: Srivastava et al., Dropout (2014), in its inverted form, which leaves prediction as it is.
        """
        mask = self._masks[layer][: len(activations)]
        rng.random(dtype=np.float32, out=mask)
        np.greater_equal(mask, np.float32(self._dropout), out=mask)
        mask *= np.float32(1 / (1 - self._dropout))
        activations *= mask

"""The gradient of the loss, by backpropagation, into arrays that are made once.

Source: Rumelhart, Hinton, Williams, Learning representations by back-propagating errors (1986). The gradient of the
pixels is never computed: nothing needs it.

It comes in three parts, of which the first and the last are where nearly all of the work is: from the pixels to the
first layer's sums, from these sums to the loss and back again, and from there to the gradient of the first layer's
weights. The outer parts can be done for some of the pixels, and the middle one for some of the images: so several
workers share a batch, see `netcore.training.share`.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from netcore.nn.activations import Array, multiply_by_derivative
from netcore.nn.loss import Labels, softmax_cross_entropy
from netcore.nn.network import Network, views

__all__ = ["Backpropagation", "draw_mask"]


def draw_mask(rng: np.random.Generator, dropout: float, mask: Array) -> None:
    """Fill a mask with zeros for what is silenced, and for the rest with what keeps the sum the same on average.

    Source: Srivastava et al., Dropout (2014), in its inverted form, which leaves prediction as it is.

    Args:
        rng: Draws what is silenced.
        dropout: Which share, in [0, 1).
        mask: Of any shape, float32.
    """
    rng.random(dtype=np.float32, out=mask)
    np.greater_equal(mask, np.float32(dropout), out=mask)
    mask *= np.float32(1 / (1 - dropout))


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
            rows: Images at a time, at the most, in `to_loss_and_back`.
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
        first, *others = network.architecture.sizes[1:]
        self._outputs = [np.empty((rows, size), kind) for size in others]
        self._deltas = [np.empty((rows, size), kind) for size in others[:-1]]
        self._masks = [np.empty((rows, size), np.float32) for size in (first, *others[:-1])] if dropout else []

    def first_sums(self, inputs: Array, out: Array, pixels: slice) -> None:
        """Put what these pixels add to the first layer's sums into ``out`` (n, neurons).

        Args:
            inputs: (n, pixels), numbers in [0, 1].
            out: Where to.
            pixels: Which of all pixels they are.
        """
        np.matmul(inputs, self._network.weights[0][pixels], out=out)

    def to_loss_and_back(
        self, sums: Array, labels: Labels, divisor: int, delta: Array, rng: np.random.Generator | None = None
    ) -> tuple[float, int]:
        """Put the gradient of all parameters but the first layer's weights into ``gradient``.

        Args:
            sums: (n, neurons) of the first layer, over all pixels, without biases; used up.
            labels: (n,) class indices.
            divisor: Rows in the whole batch, of which these may be only some.
            delta: (n, neurons) for the gradient of these sums.
            rng: Draws the silenced neurons; needed for dropout.

        Returns:
            The loss summed over the rows (nats), and how many rows are right.
        """
        n = len(sums)
        drop = partial(self._drop, rng) if self._dropout and rng is not None else None
        outputs = self._network.onward(sums, [array[:n] for array in self._outputs], drop)
        behind = outputs[-1]
        loss, correct = softmax_cross_entropy(behind, labels, divisor, self._smoothing)
        deltas = [delta, *(array[:n] for array in self._deltas)]
        for i in reversed(range(1, len(outputs))):
            before = outputs[i - 1]
            np.dot(before.T, behind, out=self._weight_gradients[i])
            np.add.reduce(behind, axis=0, out=self._bias_gradients[i])
            behind = np.dot(behind, self._network.weights[i].T, out=deltas[i - 1])
            if drop is not None:
                behind *= self._masks[i - 1][:n]
                before *= 1 - self._dropout  # what the activation gave, before it was scaled up
            multiply_by_derivative(self._network.architecture.layers[i - 1].activation, before, behind)
        np.add.reduce(behind, axis=0, out=self._bias_gradients[0])
        if behind is not delta:  # a network of one layer
            delta[...] = behind
        return loss, correct

    def first_weights(self, inputs: Array, delta: Array, pixels: slice) -> None:
        """Put the gradient of the first layer's weights for these pixels into ``gradient``.

        Args:
            inputs: (n, pixels), as for `first_sums`.
            delta: (n, neurons), as `to_loss_and_back` has left it for all rows of the batch.
            pixels: Which of all pixels they are.
        """
        np.matmul(inputs.T, delta, out=self._weight_gradients[0][pixels])

    def _drop(self, rng: np.random.Generator, layer: int, activations: Array) -> None:
        """Silence a random part of the neurons."""
        mask = self._masks[layer][: len(activations)]
        draw_mask(rng, self._dropout, mask)
        activations *= mask

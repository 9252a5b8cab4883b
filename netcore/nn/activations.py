"""The activations of hidden layers, and their derivatives, in place.

Each derivative is written in terms of the activation's own output, so the backward pass needs no second array.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcore.nn.architecture import Activation

__all__ = ["Array", "activate", "multiply_by_derivative"]

Array = NDArray[np.floating[Any]]
"""Floating-point numbers: float32 in the program, float64 where gradients are checked against finite differences."""


def _relu(z: Array) -> None:
    # Against a row of zeros NumPy compares eight numbers at a time; against one zero it takes twice as long.
    np.maximum(z, np.zeros(z.shape[-1], z.dtype), out=z)


def _sigmoid(z: Array) -> None:
    # 1 / (1 + exp(-z)) written through tanh, which cannot overflow.
    z *= 0.5
    np.tanh(z, out=z)
    z += 1
    z *= 0.5


def _relu_slope(a: Array, delta: Array) -> None:
    # 1 where it is above zero, else 0: truth values have a quarter of the bytes of signs.
    delta *= a > 0


def _tanh_slope(a: Array, delta: Array) -> None:
    delta *= 1 - a * a


def _sigmoid_slope(a: Array, delta: Array) -> None:
    delta *= a * (1 - a)


def _nothing(*_: Array) -> None:
    """Linear: the output is the input, its slope is one."""


_ACTIVATE: dict[Activation, Callable[[Array], object]] = {
    "relu": _relu,
    "tanh": lambda z: np.tanh(z, out=z),
    "sigmoid": _sigmoid,
    "linear": _nothing,
}
_SLOPE: dict[Activation, Callable[[Array, Array], object]] = {
    "relu": _relu_slope,
    "tanh": _tanh_slope,
    "sigmoid": _sigmoid_slope,
    "linear": _nothing,
}


def activate(activation: Activation, z: Array) -> None:
    """Replace the weighted sums ``z`` (n, neurons) of a hidden layer by its activations, in place."""
    _ACTIVATE[activation](z)


def multiply_by_derivative(activation: Activation, a: Array, delta: Array) -> None:
    """Multiply ``delta`` in place by the derivative of the activation, given its output ``a``; both (n, neurons)."""
    _SLOPE[activation](a, delta)

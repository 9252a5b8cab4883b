"""How a gradient moves the parameters: each optimizer is a few lines on flat vectors.

What an optimizer remembers between steps is in arrays that it is given, zeros at first, which a checkpoint saves and
fills again. Each parameter moves by itself, so that several optimizers, each with a slice of the vector, do what one
would.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from netcore.nn.activations import Array
from netcore.nn.choices import OptimizerName

__all__ = ["Optimizer", "make_optimizer", "remembered"]


class Optimizer(Protocol):
    """What the training loop needs of an optimizer."""

    def step(self, parameters: Array, gradient: Array, learning_rate: float, count: int) -> None:
        """Move ``parameters`` in place.

        Args:
            parameters: (parameters,), or a slice of them, always the same.
            gradient: As many; may be used up.
            learning_rate: How far.
            count: Of this step, from 1.
        """


class Descent:
    """Plain gradient descent: against the gradient, times the learning rate."""

    def step(self, parameters: Array, gradient: Array, learning_rate: float, count: int) -> None:
        """See `Optimizer.step`."""
        gradient *= learning_rate
        parameters -= gradient


class Momentum:
    """Descent with Nesterov momentum 0.9.

    Source: Sutskever et al., On the importance of initialization and momentum in deep learning (2013), in the form
    where the velocity does not contain the learning rate, so that a new rate acts at once: ``v = 0.9 v + g``, then
    ``parameters -= rate * (g + 0.9 v)``. What is remembered is ``0.9 v``, which both lines need: five passes over the
    parameters instead of six, to the same bits.
    """

    MOMENTUM = 0.9

    def __init__(self, decayed_velocity: Array) -> None:
        self._decayed_velocity = decayed_velocity

    def step(self, parameters: Array, gradient: Array, learning_rate: float, count: int) -> None:
        """See `Optimizer.step`."""
        decayed = self._decayed_velocity
        decayed += gradient
        decayed *= self.MOMENTUM
        gradient += decayed
        gradient *= learning_rate
        parameters -= gradient


class Adam:
    """Adam with the bias of its averages corrected.

    Source: Kingma, Ba, Adam: a method for stochastic optimization (2015), algorithm 1, with its settings 0.9, 0.999 and
    1e-8. Together with `netcore.training.update`'s decoupled weight decay it is AdamW (Loshchilov, Hutter, 2019), where
    the learning rate multiplies the decay too, as in PyTorch.
    """

    FIRST, SECOND, EPSILON = 0.9, 0.999, 1e-8

    def __init__(self, mean: Array, square: Array) -> None:
        self._mean, self._square, self._work = mean, square, np.empty_like(mean)

    def step(self, parameters: Array, gradient: Array, learning_rate: float, count: int) -> None:
        """See `Optimizer.step`."""
        mean, square, work = self._mean, self._square, self._work
        mean *= self.FIRST
        np.multiply(gradient, 1 - self.FIRST, out=work)
        mean += work
        square *= self.SECOND
        gradient *= gradient
        gradient *= 1 - self.SECOND
        square += gradient
        np.sqrt(square, out=work)
        work *= (1 - self.SECOND**count) ** -0.5
        work += self.EPSILON
        np.divide(mean, work, out=work)
        work *= learning_rate / (1 - self.FIRST**count)
        parameters -= work


_REMEMBERED: dict[OptimizerName, tuple[str, ...]] = {
    "sgd": (),
    "momentum": ("decayed_velocity",),
    "adam": ("mean", "square"),
}


def remembered(name: OptimizerName) -> tuple[str, ...]:
    """Names of the arrays that an optimizer remembers from step to step, each as long as the parameters."""
    return _REMEMBERED[name]


def make_optimizer(name: OptimizerName, state: Mapping[str, Array]) -> Optimizer:
    """A new optimizer.

    Args:
        name: Which.
        state: What it remembers, by the names that `remembered` tells; zeros at first, and its own to change.
    """
    match name:
        case "sgd":
            return Descent()
        case "momentum":
            return Momentum(**state)
        case "adam":
            return Adam(**state)

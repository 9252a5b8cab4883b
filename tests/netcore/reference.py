"""The same mathematics written a second time, to compare with: one image after the other, float64, lists of arrays.

Nothing here is shared with netcore, nor written in its style. Where PyTorch is installed it is one more reference.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable

import numpy as np
from scipy.special import expit, logsumexp

Layers = list[tuple[str, int]]
"""Name of the activation and number of neurons."""

SQUASH = {
    "relu": lambda z: np.where(z > 0, z, 0.0),
    "tanh": np.tanh,
    "sigmoid": expit,
    "linear": lambda z: z,
}
SLOPE_AT = {
    "relu": lambda z: np.where(z > 0, 1.0, 0.0),
    "tanh": lambda z: 1 / np.cosh(z) ** 2,
    "sigmoid": lambda z: expit(z) * expit(-z),
    "linear": np.ones_like,
}


def loss_of(logits: np.ndarray, label: int, smoothing: float = 0.0) -> float:
    """Cross-entropy of one image against a smoothed target."""
    target = np.full(len(logits), smoothing / len(logits))
    target[label] += 1 - smoothing
    return float(sum(t * (logsumexp(logits) - z) for t, z in zip(target, logits, strict=True)))


def plain_gradients(activations, weights, biases, images, labels, smoothing=0.0):
    """Mean loss and, for each layer, the gradients of weights and biases."""
    d_weights, d_biases = [np.zeros_like(w) for w in weights], [np.zeros_like(b) for b in biases]
    loss = 0.0
    for x, label in zip(images, labels, strict=True):
        sums, signals = [], [x]
        for name, w, b in zip([*activations, "linear"], weights, biases, strict=True):
            sums.append(np.einsum("i,ij->j", signals[-1], w) + b)
            signals.append(SQUASH[name](sums[-1]))
        loss += loss_of(sums[-1], label, smoothing)
        target = np.full(len(sums[-1]), smoothing / len(sums[-1]))
        target[label] += 1 - smoothing
        error = np.exp(sums[-1] - logsumexp(sums[-1])) - target
        for depth in range(len(weights) - 1, -1, -1):
            d_weights[depth] += np.outer(signals[depth], error)
            d_biases[depth] += error
            if depth:
                error = np.einsum("ij,j->i", weights[depth], error) * SLOPE_AT[activations[depth - 1]](sums[depth - 1])
    n = len(images)
    return loss / n, [d / n for d in d_weights], [d / n for d in d_biases]


def torch_gradients(activations, weights, biases, images, labels, smoothing=0.0):
    """The same by PyTorch's automatic differentiation."""
    import torch

    squash = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "linear": lambda z: z}
    w = [torch.tensor(array, dtype=torch.float64, requires_grad=True) for array in weights]
    b = [torch.tensor(array, dtype=torch.float64, requires_grad=True) for array in biases]
    signal = torch.tensor(images, dtype=torch.float64)
    for depth in range(len(w)):
        signal = signal @ w[depth] + b[depth]
        if depth < len(activations):
            signal = squash[activations[depth]](signal)
    target = torch.tensor(np.asarray(labels, np.int64))
    loss = torch.nn.functional.cross_entropy(signal, target, label_smoothing=smoothing)
    loss.backward()
    return float(loss.detach()), [array.grad.numpy() for array in w], [array.grad.numpy() for array in b]


class PlainOptimizer:
    """Plain descent, Nesterov momentum as PyTorch has it, and Adam as in algorithm 1 of its paper; number by number."""

    def __init__(self, name: str) -> None:
        self.name, self.t = name, 0
        self.memory: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def step(self, arrays: list[np.ndarray], gradients: list[np.ndarray], rate: float) -> None:
        self.t += 1
        for key, (theta, g) in enumerate(zip(arrays, gradients, strict=True)):
            first, second = self.memory.get(key, (np.zeros_like(g), np.zeros_like(g)))
            if self.name == "sgd":
                theta[...] = theta - rate * g
            elif self.name == "momentum":
                first = 0.9 * first + g
                theta[...] = theta - rate * (g + 0.9 * first)
            else:
                first = 0.9 * first + 0.1 * g
                second = 0.999 * second + 0.001 * g**2
                unbiased = first / (1 - 0.9**self.t), second / (1 - 0.999**self.t)
                theta[...] = theta - rate * unbiased[0] / (np.sqrt(unbiased[1]) + 1e-8)
            self.memory[key] = first, second


class TorchOptimizer:
    """The same by PyTorch."""

    def __init__(self, name: str) -> None:
        self.name, self.inner = name, None

    def step(self, arrays: list[np.ndarray], gradients: list[np.ndarray], rate: float) -> None:
        import torch

        if self.inner is None:
            self.ours = [torch.from_numpy(array) for array in arrays]  # the same memory
            kinds = {
                "sgd": lambda p: torch.optim.SGD(p, lr=rate),
                "momentum": lambda p: torch.optim.SGD(p, lr=rate, momentum=0.9, nesterov=True),
                "adam": lambda p: torch.optim.Adam(p, lr=rate),
            }
            self.inner = kinds[self.name](self.ours)
        for group in self.inner.param_groups:
            group["lr"] = rate
        for array, g in zip(self.ours, gradients, strict=True):
            array.grad = torch.from_numpy(np.ascontiguousarray(g))
        self.inner.step()


def cosine(done: float) -> float:
    """From 1 to 0 along half a cosine, written with the square of a sine."""
    return 1 - math.sin(math.pi * done / 2) ** 2


_TORCH = importlib.util.find_spec("torch") is not None
GRADIENTS: dict[str, Callable] = {"plain": plain_gradients} | ({"torch": torch_gradients} if _TORCH else {})
OPTIMIZERS: dict[str, type] = {"plain": PlainOptimizer} | ({"torch": TorchOptimizer} if _TORCH else {})

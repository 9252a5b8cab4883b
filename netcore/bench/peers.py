"""The same job in other libraries, where they are installed, as their users would write it well.

The images lie in memory as float32, shuffled anew each epoch; loss and accuracy over the epoch are summed up, as ours
are (by scikit-learn the loss alone).
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from netcore.bench.job import Contestant, Job
from netcore.datasets.library import Part
from netcore.nn.network import as_inputs

__all__ = ["INSTALL", "peers"]

INSTALL = {
    "torch": "pip install torch",
    "jax": "pip install jax",
    "sklearn": "pip install scikit-learn",
}
"""How to install each library that is compared with."""


def peers(job: Job, part: Part) -> list[Contestant]:
    """Those of PyTorch, JAX and scikit-learn that are installed, ready to do an epoch."""
    makers: dict[str, Callable[[Job, Part], Contestant]] = {"torch": _torch, "jax": _jax, "sklearn": _sklearn}
    return [make(job, part) for name, make in makers.items() if importlib.util.find_spec(name)]


def _torch(job: Job, part: Part) -> Contestant:
    """PyTorch, eager, all data in one tensor, no data loader."""
    import torch  # noqa: PLC0415  # may not be installed

    images, labels = torch.from_numpy(as_inputs(part.images)), torch.from_numpy(part.labels.astype(np.int64))
    layers: list[Any] = []
    for inputs, outputs in pairwise(job.sizes):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    optimizer = torch.optim.SGD(model.parameters(), lr=job.learning_rate, momentum=0.9, nesterov=True)
    size = job.images_a_step(len(part))

    def epoch() -> tuple[float, int]:
        order = torch.randperm(len(images))
        loss_sum, correct = torch.zeros(()), torch.zeros((), dtype=torch.int64)
        for start in range(0, len(images), size):
            chosen = order[start : start + size]
            x, y = images[chosen], labels[chosen]
            optimizer.zero_grad()
            logits = model(x)
            loss = torch.nn.functional.cross_entropy(logits, y)
            loss.backward()
            optimizer.step()
            loss_sum += loss.detach() * len(chosen)
            correct += (logits.argmax(1) == y).sum()
        return float(loss_sum), int(correct)

    return Contestant("PyTorch (eager)", epoch)


def _jax(job: Job, part: Part) -> Contestant:
    """JAX, the whole epoch compiled into one loop over the batches."""
    import jax  # noqa: PLC0415  # may not be installed
    import jax.numpy as jnp  # noqa: PLC0415  # may not be installed

    images, labels = jnp.asarray(as_inputs(part.images)), jnp.asarray(part.labels.astype(np.int32))
    size = job.images_a_step(len(part))
    rng = np.random.default_rng(0)
    parameters = [
        (jnp.asarray(rng.standard_normal(pair, np.float32) * (2 / pair[0]) ** 0.5), jnp.zeros(pair[1]))
        for pair in pairwise(job.sizes)
    ]
    velocities = jax.tree.map(jnp.zeros_like, parameters)

    # Any: JAX passes trees of arrays, and mypy does not see its types where it is not installed.
    def loss_of(parameters: Any, x: Any, y: Any) -> Any:
        for w, b in parameters[:-1]:
            x = jax.nn.relu(x @ w + b)
        w, b = parameters[-1]
        logits = x @ w + b
        logs = jax.nn.log_softmax(logits)
        loss = -jnp.take_along_axis(logs, y[:, None], axis=1).mean()
        return loss, (logits.argmax(1) == y).sum()

    def step(state: Any, chosen: Any) -> Any:
        parameters, velocities, loss_sum, correct = state
        x, y = images[chosen], labels[chosen]
        (loss, right), gradients = jax.value_and_grad(loss_of, has_aux=True)(parameters, x, y)
        velocities = jax.tree.map(lambda v, g: 0.9 * v + g, velocities, gradients)
        parameters = jax.tree.map(
            lambda p, v, g: p - job.learning_rate * (g + 0.9 * v), parameters, velocities, gradients
        )
        return (parameters, velocities, loss_sum + loss * len(chosen), correct + right), None

    @jax.jit  # type: ignore[untyped-decorator]  # as above
    def whole_epoch(parameters: Any, velocities: Any, key: Any) -> Any:
        order = jax.random.permutation(key, len(images))
        whole = len(images) // size * size
        state = (parameters, velocities, 0.0, 0)
        state, _ = jax.lax.scan(step, state, order[:whole].reshape(-1, size))
        if whole < len(images):
            state, _ = step(state, order[whole:])
        return state

    state: dict[str, Any] = {"parameters": parameters, "velocities": velocities, "key": jax.random.key(0)}

    def epoch() -> float:
        state["key"], key = jax.random.split(state["key"])
        state["parameters"], state["velocities"], loss, _ = whole_epoch(state["parameters"], state["velocities"], key)
        return float(loss)

    return Contestant("JAX (epoch compiled)", epoch)


def _sklearn(job: Job, part: Part) -> Contestant:
    """scikit-learn's MLPClassifier, an epoch being one call of its ``partial_fit``."""
    from sklearn.neural_network import MLPClassifier  # noqa: PLC0415  # may not be installed

    images, labels = as_inputs(part.images), part.labels
    size = job.images_a_step(len(part))
    model = MLPClassifier(
        hidden_layer_sizes=job.sizes[1:-1],
        solver="sgd",
        batch_size=size,
        learning_rate_init=job.learning_rate,
        momentum=0.9,
        nesterovs_momentum=True,
        alpha=0.0,
        shuffle=True,
        random_state=0,
    )
    classes = np.arange(job.sizes[-1])
    return Contestant("scikit-learn", lambda: model.partial_fit(images, labels, classes=classes))

"""The limit: what the matrix products of one epoch cost alone, into ready arrays.

The products are those of a whole training step: same shapes, same count, one forward and two backward ones a layer,
without the gradient of the pixels, which nobody needs; with one thread or with all that there are, whichever is faster
for them. It is a yardstick that everyone can be held to, and no bound: our own training cuts a step into two shares,
whose products two processes with a thread each may do in less.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from time import perf_counter

import numpy as np

from netcore.bench.job import Contestant, Job
from netcore.nn.network import SLICE
from netcore.nn.threads import available_threads, use_threads

__all__ = ["limit"]


def limit(job: Job, images: int) -> Contestant:
    """The matrix products of an epoch over so many images, with one thread or all, whichever is faster."""
    size = job.images_a_step(images)
    # A larger batch is worked off in slices, as in training.
    rows = min(size, SLICE)
    rng = np.random.default_rng(0)

    def array(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        return rng.standard_normal(shape, np.float32)

    weights = [array(*pair) for pair in pairwise(job.sizes)]
    gradients = [np.empty_like(w) for w in weights]
    activations = [array(rows, size) for size in job.sizes]
    deltas = [array(rows, size) for size in job.sizes]
    out = [np.empty_like(a) for a in activations]

    # As in training: of two ways to have BLAS multiply, `dot` is faster with small matrices and slower with large ones.
    ways: list[Callable[..., object]] = [np.matmul, *(np.dot for _ in weights[1:])]

    def products(n: int) -> None:
        for i, (w, multiply) in enumerate(zip(weights, ways, strict=True)):
            multiply(activations[i][:n], w, out=out[i + 1][:n])
        for i, multiply in reversed(list(enumerate(ways))):
            multiply(activations[i][:n].T, deltas[i + 1][:n], out=gradients[i])
            if i:
                multiply(deltas[i + 1][:n], weights[i].T, out=out[i][:n])

    def with_threads(number: int) -> float:
        use_threads(number)
        begin = perf_counter()
        for start in range(0, images, size):
            batch = min(size, images - start)
            for first in range(0, batch, rows):
                products(min(rows, batch - first))
        return perf_counter() - begin

    fastest: list[int] = []

    def epoch() -> None:
        if not fastest:  # in the round that does not count
            fastest.append(min((1, available_threads()), key=with_threads))
        with_threads(fastest[0])

    return Contestant("limit", epoch)

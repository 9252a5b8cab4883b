"""How many threads a matrix product uses, and how many it had better use.

NumPy's BLAS cuts each product into a part for every core and waits for the slowest. That pays for large products only:
with batches of 128 on two cores, a step was measured 1.5 times faster for `relu(1024), relu(512)`, 1.2 times for
`relu(128), relu(64)`, the same for `relu(392), relu(196), relu(49)`, and with batches of 20 half as fast. And on a
machine that is doing something else too, each product waits for a turn of the scheduler: 10 to 40 times slower than
with one thread, measured. So small products get one thread, and large ones all of them unless the machine is busy.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from math import inf
from time import perf_counter

import numpy as np
from threadpoolctl import ThreadpoolController

from netcore.nn.architecture import Architecture
from netcore.nn.turns import products

__all__ = ["available_threads", "sensible_threads", "use_threads"]

_LARGE = 40e6
"""Multiplications in the largest product of a step from which more than one thread is worth it."""

_TOO_SLOW = 3.0
"""All threads must be this much slower than one before they are given up. The last digits of a product depend on the
number of threads, so it must not change from run to run on a machine that is quiet."""


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController().select(user_api="blas")


@cache
def available_threads() -> int:
    """What BLAS would use by itself: the cores, or fewer where ``OPENBLAS_NUM_THREADS`` says so."""
    return max((library.num_threads for library in _blas().lib_controllers), default=1)


def use_threads(number: int) -> None:
    """Have every matrix product of this process from now on use so many threads, at most those available."""
    number = min(number, available_threads())
    for library in _blas().lib_controllers:
        if library.num_threads != number:
            library.set_num_threads(number)


def sensible_threads(architecture: Architecture, rows: int) -> int:
    """One thread for small products; else all, or one where the machine is too busy: measured, in 20 milliseconds.

    Args:
        architecture: Of the network to be trained; its first layer's product is what is timed.
        rows: Images at a time.
    """
    largest = rows * max(inputs * outputs for inputs, outputs in pairwise(architecture.sizes))
    if largest < _LARGE or available_threads() == 1:
        return 1
    rng = np.random.default_rng(0)
    inputs = rng.random((rows, architecture.inputs), np.float32)
    weights = rng.random((architecture.inputs, architecture.layers[0].size), np.float32)
    out = np.empty((rows, weights.shape[1]), np.float32)
    # As many products as take some ten milliseconds on one core of today, and at least three.
    repeats = max(3, int(5e8 / (weights.size * rows)))

    def measure(threads: int, patience: float) -> float:
        use_threads(threads)
        begin = perf_counter()
        for _ in range(repeats):
            np.matmul(inputs, weights, out=out)
            if perf_counter() - begin > patience:
                break
        return perf_counter() - begin

    with products:
        alone = measure(1, patience=inf)
        slow = measure(available_threads(), patience=_TOO_SLOW * alone) > _TOO_SLOW * alone
    return 1 if slow else available_threads()

"""How many threads a matrix product uses, and into how many shares a training step had better be cut.

NumPy's BLAS can cut each product into a part for every core and wait for the slowest. On a machine that is doing
something else too, each product then waits for a turn of the scheduler: 10 to 40 times slower than with one thread,
measured. So training uses one thread a product, and cuts the batch instead: see `netcore.training.team`.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np  # noqa: F401  # its BLAS can be found only once it is loaded
from threadpoolctl import ThreadpoolController

from netcore.nn.architecture import Architecture

__all__ = ["available_threads", "sensible_shares", "use_threads"]

_LARGE = 5e6
"""Multiplications of a forward pass over a batch from which sharing a step was measured to be worth it: 128-64 gains a
third with batches of 128 and a fifth with 64; with 32 and 20 one alone is as fast."""

_MOST = 2
"""Shares at most, if nobody asks for more: with more than two cores nothing was measured."""


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


def sensible_shares(architecture: Architecture, rows: int) -> int:
    """Into how many shares a step is cut: one where the work is small or there is one core, else two.

    Args:
        architecture: Of the network to be trained.
        rows: Images in a batch.
    """
    work = rows * sum(inputs * outputs for inputs, outputs in pairwise(architecture.sizes))
    return min(_MOST, available_threads()) if work >= _LARGE else 1

"""How many threads a product uses: what was asked for, within what there is."""

import os
import subprocess
import sys

import pytest

_SHOW = """
from netcore.nn.architecture import Architecture
from netcore.nn.threads import _blas, available_threads, sensible_shares, use_threads
print(available_threads())
for number in (1, 2, 64):
    use_threads(number)
    print(max(library.num_threads for library in _blas().lib_controllers))
print(sensible_shares(Architecture.parse("relu(16), softmax(10)"), 16))
print(sensible_shares(Architecture.parse("relu(128), softmax(10)"), 128))
print(sensible_shares(Architecture.parse("relu(128), softmax(10)"), 32))
print(sensible_shares(Architecture.parse("relu(32), relu(1024), softmax(10)"), 128))
"""


@pytest.mark.parametrize("available", [1, 2])
def test_threads_are_those_asked_for_within_those_available(available: int) -> None:
    # In a process of its own: how many there are is decided when NumPy is loaded.
    environment = os.environ | {"OPENBLAS_NUM_THREADS": str(available)}
    shown = subprocess.run([sys.executable, "-c", _SHOW], env=environment, capture_output=True, text=True, check=True)
    first, one, two, many, small, large, few, deep = map(int, shown.stdout.split())
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    cores = min(available, ours)
    assert (first, one, two, many) == (cores, 1, min(2, cores), cores)
    assert (small, large) == (1, cores)  # 0.2 million multiplications are not worth the waiting, 13 million are
    assert (few, deep) == (1, cores)  # 3 million, and 9 million of which the first layer has 3

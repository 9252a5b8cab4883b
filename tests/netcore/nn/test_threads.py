"""How many threads a product uses: what was asked for, within what there is."""

import os
import subprocess
import sys

import pytest

_SHOW = """
from netcore.nn.architecture import Architecture
from netcore.nn.threads import _blas, available_threads, sensible_threads, use_threads
print(available_threads())
for number in (1, 2, 64):
    use_threads(number)
    print(max(library.num_threads for library in _blas().lib_controllers))
print(sensible_threads(Architecture.parse("relu(128), softmax(10)"), 128))
print(sensible_threads(Architecture.parse("relu(128), softmax(10)"), 1024))
"""


@pytest.mark.parametrize("available", [1, 2])
def test_threads_are_those_asked_for_within_those_available(available: int) -> None:
    # In a process of its own: how many there are is decided when NumPy is loaded.
    environment = os.environ | {"OPENBLAS_NUM_THREADS": str(available)}
    shown = subprocess.run([sys.executable, "-c", _SHOW], env=environment, capture_output=True, text=True, check=True)
    first, one, two, many, small, large = map(int, shown.stdout.split())
    cores = min(available, os.cpu_count() or 1)
    assert (first, one, two, many) == (cores, 1, min(2, cores), cores)
    assert small == 1  # 13 million multiplications are not worth the waiting
    # For 103 million, which of the two depends on what else the machine is doing.
    assert large in {1, cores}

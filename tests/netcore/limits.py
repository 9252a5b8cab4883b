"""A disk that is full and a memory that is small, as far as this process can tell."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """The operating system refuses to write more."""
    with _limited(resource.RLIMIT_FSIZE, size):
        yield


@contextmanager
def no_more_memory_than(size: int) -> Iterator[None]:
    """The operating system gives no more than so many bytes beside what is taken already."""
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    with _limited(resource.RLIMIT_AS, taken + size):
        yield


@contextmanager
def _limited(what: int, most: int) -> Iterator[None]:
    before = resource.getrlimit(what)
    resource.setrlimit(what, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(what, before)

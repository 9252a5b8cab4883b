"""Arrays in memory that several processes can have, or this one alone."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from numpy.typing import NDArray

from netcore.training.memory import Layout, Memory, private

LAYOUT: Layout = {"bytes": ("u1", (3,)), "none": ("f4", (0, 7)), "table": ("f8", (5, 9)), "count": ("i8", (1,))}


def shared(layout: Layout) -> Mapping[str, NDArray[Any]]:
    return Memory(layout).arrays


@pytest.mark.parametrize("make", [private, shared])
def test_arrays_are_zeros_and_begin_where_a_cache_line_does(
    make: Callable[[Layout], Mapping[str, NDArray[Any]]],
) -> None:
    arrays = make(LAYOUT)
    assert {name: (array.dtype.str[1:], array.shape) for name, array in arrays.items()} == LAYOUT
    for number, array in enumerate(arrays.values(), start=1):
        assert array.ctypes.data % 64 == 0
        assert not array.any()
        array[...] = number
    # None lies in another's place.
    assert all((array == number).all() for number, array in enumerate(arrays.values(), start=1))


@pytest.mark.parametrize("make", [private, shared])
def test_of_no_numbers_at_all(make: Callable[[Layout], Mapping[str, NDArray[Any]]]) -> None:
    assert make({"none": ("f4", (0,))})["none"].shape == (0,)


@pytest.mark.parametrize("make", [private, Memory])
def test_too_little_memory_is_told_as_such(make: Callable[[Layout], object]) -> None:
    with pytest.raises(MemoryError):
        make({"much": ("u1", (2**60,))})


def test_who_finds_the_block_by_its_descriptor_sees_the_same_numbers() -> None:
    made = Memory(LAYOUT)
    found = Memory(LAYOUT, os.dup(made.file))
    made.arrays["table"][2, 3] = 7
    found.arrays["count"][0] = 9
    assert (found.arrays["table"][2, 3], made.arrays["count"][0]) == (7, 9)


def test_its_descriptor_closes_with_it_and_the_arrays_stay() -> None:
    memory = Memory(LAYOUT)
    file, arrays = memory.file, memory.arrays
    os.fstat(file)
    del memory
    gc.collect()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(file)
    arrays["table"][...] = 1
    assert arrays["table"].sum() == 45


def test_where_there_are_no_files_in_memory_one_on_the_disk_leaves_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "memfd_create", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    memory = Memory(LAYOUT)
    assert list(tmp_path.iterdir()) == []
    memory.arrays["count"][0] = 9
    assert Memory(LAYOUT, os.dup(memory.file)).arrays["count"][0] == 9

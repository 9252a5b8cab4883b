"""The checkpoint's file: all that was in it comes back, and damage of any kind is told from a good file."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from netcore.errors import CheckpointError, DamagedCheckpoint, StorageError
from netcore.training.checkpoint import TrainingState, load_checkpoint, save_checkpoint
from tests.netcore.limits import no_file_longer_than

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture
def state() -> TrainingState:
    rng = np.random.default_rng(1)
    rng.random(3)
    return TrainingState(
        parameters=rng.normal(size=20).astype(np.float32),
        optimizer={"mean": rng.normal(size=20).astype(np.float32), "square": np.full(1, 7, np.float32)},
        generator=rng.bit_generator.state,
        order=rng.permutation(11),
        key=2**63 - 1,
        epoch=3,
        batch=2,
        loss=0.1 + 0.2,
        correct=9,
        learning_rate=1 / 3,
        seconds=12.345678901234567,
        epoch_seconds=1e-9,
        made_with={"settings": {"epochs": 3}, "images": 60, "labels": 2**32 - 1, "pixels": 0},
    )


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def assert_same(ours: TrainingState, theirs: TrainingState) -> None:
    for name in TrainingState.__dataclass_fields__:
        mine, other = getattr(ours, name), getattr(theirs, name)
        if name == "optimizer":
            assert mine.keys() == other.keys()
            assert all((mine[key] == other[key]).all() for key in other)
        else:
            assert np.array_equal(mine, other), name
            assert getattr(mine, "dtype", None) == getattr(other, "dtype", None)


def test_there_and_back(tmp_path: Path, state: TrainingState):
    path = tmp_path / "deep" / "checkpoint.npz"
    save_checkpoint(path, state)
    loaded = load_checkpoint(path)
    assert_same(loaded, state)
    drawn = []
    for saved in (loaded.generator, state.generator):
        generator = np.random.default_rng()
        generator.bit_generator.state = saved
        drawn.append(generator.random())
    assert drawn[0] == drawn[1]
    assert names_in(path.parent) == ["checkpoint.npz"]


def test_a_later_one_takes_its_place(tmp_path: Path, state: TrainingState):
    path = tmp_path / "checkpoint.npz"
    save_checkpoint(path, state)
    save_checkpoint(path, replace(state, epoch=4))
    assert load_checkpoint(path).epoch == 4


def test_cut_short_at_any_length(tmp_path: Path, state: TrainingState):
    path = tmp_path / "checkpoint.npz"
    save_checkpoint(path, state)
    whole = path.read_bytes()
    for length in (*range(0, len(whole), 17), *range(len(whole) - 24, len(whole))):
        path.write_bytes(whole[:length])
        with pytest.raises(CheckpointError, match="damaged or cut short"):
            load_checkpoint(path)


def test_one_wrong_byte_is_found_or_does_no_harm(tmp_path: Path, state: TrainingState):
    path = tmp_path / "checkpoint.npz"
    save_checkpoint(path, state)
    whole = path.read_bytes()
    found, places = 0, range(0, len(whole), 7)
    for place in places:
        broken = bytearray(whole)
        broken[place] ^= 0x55
        path.write_bytes(broken)
        try:
            loaded = load_checkpoint(path)
        except CheckpointError:
            found += 1
        else:  # a byte that nobody reads, such as the time in an entry's head
            assert_same(loaded, state)
    assert found > 0.8 * len(places)


@pytest.mark.parametrize("content", [b"", b"not a checkpoint", b"\x93NUMPY", b"PK\x03\x04", b"PK\x05\x06" + bytes(18)])
def test_something_else_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "checkpoint.npz"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"checkpoint\.npz: damaged"):
        load_checkpoint(path)


def test_other_arrays_are_refused(tmp_path: Path):
    path = tmp_path / "checkpoint.npz"
    for arrays in ({"W0": np.zeros(3)}, {"position": np.array("[]")}, {"position": np.array("{}")}):
        np.savez(path, **arrays)
        with pytest.raises(CheckpointError, match="damaged"):
            load_checkpoint(path)
    with path.open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(CheckpointError, match="damaged"):
        load_checkpoint(path)


def test_python_objects_are_never_loaded(tmp_path: Path, state: TrainingState):
    path, trap = tmp_path / "checkpoint.npz", tmp_path / "sprung"

    class Trap:
        def __reduce__(self):
            return (Path.touch, (trap,))

    save_checkpoint(path, state)
    with np.load(path) as arrays:
        content = dict(arrays)
    np.savez(path, **(content | {"parameters": np.array([Trap()], object)}))
    with pytest.raises(CheckpointError):
        load_checkpoint(path)
    assert not trap.exists()


@pytest.mark.parametrize("number", [2, 99])
def test_another_format_says_which(tmp_path: Path, state: TrainingState, number: int):
    path = tmp_path / "checkpoint.npz"
    save_checkpoint(path, state)
    with np.load(path) as arrays:
        content = dict(arrays)
    position = json.loads(str(content["position"])) | {"format": number}
    np.savez(path, **(content | {"position": np.array(json.dumps(position))}))
    with pytest.raises(CheckpointError, match=rf"format {number}.*reads 3"):
        load_checkpoint(path)


def test_none_yet(tmp_path: Path):
    with pytest.raises(CheckpointError, match="no checkpoint yet"):
        load_checkpoint(tmp_path / "checkpoint.npz")


def test_one_that_may_not_be_read_is_not_taken_for_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refused(*_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "open", refused)  # root may read everything
    with pytest.raises(CheckpointError, match="make it readable") as caught:
        load_checkpoint(tmp_path / "checkpoint.npz")
    assert not isinstance(caught.value, DamagedCheckpoint)


@pytest.mark.parametrize("room", [0, 100, 1500])
def test_where_there_is_no_room_the_old_one_stays(tmp_path: Path, state: TrainingState, room: int):
    path = tmp_path / "checkpoint.npz"
    save_checkpoint(path, state)
    assert path.stat().st_size > room
    with no_file_longer_than(room), pytest.raises(StorageError, match=r"checkpoint\.npz: "):
        save_checkpoint(path, replace(state, epoch=4))
    assert_same(load_checkpoint(path), state)
    assert names_in(tmp_path) == ["checkpoint.npz"]


def test_a_disk_that_is_full_when_synced(tmp_path: Path, state: TrainingState, monkeypatch: pytest.MonkeyPatch):
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "checkpoint.npz"
    save_checkpoint(path, state)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match=r"the disk is full; free some space"):
        save_checkpoint(path, replace(state, epoch=4))
    assert_same(load_checkpoint(path), state)
    assert names_in(tmp_path) == ["checkpoint.npz"]

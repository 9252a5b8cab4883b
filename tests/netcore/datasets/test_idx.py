"""IDX: what is written comes back, agrees with the format as written by hand, and damage is named."""

import gzip
import hashlib
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from netcore.datasets.idx import read_idx, write_idx
from netcore.errors import DamagedFile


def by_hand(array):
    """IDX as the format's page describes it."""
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


@given(array=hnp.arrays(np.uint8, hnp.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=7)))
def test_an_array_comes_back_and_is_the_format_by_hand(tmp_path_factory, array):
    path = tmp_path_factory.mktemp("idx") / "a.gz"
    digest = write_idx(path, array)
    assert gzip.decompress(path.read_bytes()) == by_hand(array)
    assert digest == hashlib.sha256(by_hand(array)).hexdigest()
    back = read_idx(path, digest)
    assert back.shape == array.shape
    assert back.tobytes() == array.tobytes()


@given(array=hnp.arrays(np.uint8, st.tuples(st.integers(0, 5), st.just(28), st.just(28))))
def test_a_file_need_not_be_gzipped_whatever_its_name(tmp_path_factory, array):
    path = tmp_path_factory.mktemp("idx") / "plain.gz"
    path.write_bytes(by_hand(array))
    assert np.array_equal(read_idx(path), array)


def test_a_strided_array_is_written_in_its_own_order(tmp_path):
    array = np.arange(60, dtype=np.uint8).reshape(3, 4, 5)[::2, ::-1].transpose(0, 2, 1)
    write_idx(tmp_path / "a.gz", array)
    assert np.array_equal(read_idx(tmp_path / "a.gz"), array)


def test_the_same_array_gives_the_same_file(tmp_path):
    array = np.arange(28, dtype=np.uint8)
    write_idx(tmp_path / "one.gz", array)
    write_idx(tmp_path / "two.gz", array)
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()
    assert (tmp_path / "one.gz").read_bytes()[4:8] == bytes(4), "the time of writing is in the file"


def test_what_was_read_cannot_be_changed(tmp_path):
    write_idx(tmp_path / "a.gz", np.zeros(3, np.uint8))
    with pytest.raises(ValueError, match="read-only"):
        read_idx(tmp_path / "a.gz")[0] = 1


IMAGES = np.random.default_rng(1).integers(0, 256, (20, 28, 28), np.uint8)


@pytest.mark.parametrize(
    ("damaged", "how"),
    [
        (by_hand(IMAGES)[:-1], "is cut short: 15,679 bytes of the promised 20 x 28 x 28 = 15,680"),
        (by_hand(IMAGES)[:10], "ends within its header"),
        (by_hand(IMAGES) + b"\0", "goes on after the promised 20 x 28 x 28 = 15,680 bytes"),
        (b"", "is not IDX: it begins with nothing"),
        (b"\x89PNG....", "is not IDX: it begins with 89 50 4e 47"),
        (b"\0\0\x0d\3" + by_hand(IMAGES)[4:], "is not IDX: it begins with 00 00 0d 03"),
        (b"\0\0\x08\0x", "is not IDX: it begins with 00 00 08 00"),
        (b"\0\0\x08\3" + b"\xff" * 12, "more than memory holds"),
        (gzip.compress(by_hand(IMAGES))[:-100], "is cut short: its gzip data have no end"),
        (gzip.compress(by_hand(IMAGES))[:-8] + bytes(8), "its gzip data do not unpack"),
        (b"\x1f\x8b\x08" + bytes(7) + b"\xff" * 20, "its gzip data do not unpack"),
        (gzip.compress(by_hand(IMAGES)[:-1]), "is cut short: 15,679 bytes"),
    ],
)
@pytest.mark.parametrize("mapped", [False, True])
def test_damage_is_named(tmp_path, monkeypatch, damaged, how, mapped):
    if mapped:
        monkeypatch.setattr("netcore.datasets.idx._MAPPED", 0)
        how = how.replace("more than memory holds", "is cut short: 0 bytes of the promised 4,294,967,295 x")
    path = tmp_path / "images"
    path.write_bytes(damaged)
    with pytest.raises(DamagedFile) as error:
        read_idx(path)
    assert str(path) in str(error.value)
    assert how in str(error.value)


def test_a_large_file_that_is_not_gzipped_stays_on_the_disk(tmp_path, monkeypatch):
    path = tmp_path / "images"
    path.write_bytes(by_hand(IMAGES))
    assert not isinstance(read_idx(path), np.memmap)
    monkeypatch.setattr("netcore.datasets.idx._MAPPED", path.stat().st_size)
    digest = hashlib.sha256(by_hand(IMAGES)).hexdigest()
    mapped = read_idx(path, digest)
    assert isinstance(mapped, np.memmap)
    assert np.array_equal(mapped, IMAGES)
    assert not mapped.flags.writeable
    path.write_bytes(by_hand(IMAGES)[:-1] + b"!")
    with pytest.raises(DamagedFile, match="was changed"):
        read_idx(path, digest)


@given(data=st.data())
def test_no_flipped_byte_goes_unnoticed(tmp_path_factory, data):
    content = by_hand(IMAGES[:2])
    place = data.draw(st.integers(0, len(content) - 1))
    changed = bytearray(content)
    changed[place] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.mktemp("idx") / "images"
    path.write_bytes(changed)
    with pytest.raises(DamagedFile):
        read_idx(path, hashlib.sha256(content).hexdigest())


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DamagedFile, match="absent is missing"):
        read_idx(tmp_path / "absent")

"""The list of datasets: bundled and the user's own, whole and damaged."""

import gzip
import json
import struct

import pytest

from netcore.datasets.info import find_dataset, list_datasets, read_info
from netcore.errors import DamagedFile, DatasetNotFound


def describe(folder, document):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dataset.json").write_text(document if isinstance(document, str) else json.dumps(document))


def test_the_bundled_ones_come_first_and_say_what_they_are(home):
    describe(home / "datasets" / "aaa", {"classes": ["a", "b"]})
    fashion, mnist, own = list_datasets()
    assert [info.name for info in (fashion, mnist, own)] == ["fashion-mnist", "mnist", "aaa"]
    assert [info.bundled for info in (fashion, mnist, own)] == [True, True, False]
    assert mnist.classes == tuple("0123456789")
    assert mnist.licence == "CC BY-SA 3.0"
    assert "LeCun" in mnist.origin
    assert fashion.classes[6] == "Shirt"
    assert (mnist.framing, fashion.framing) == ("digit", "filled")
    assert mnist.counts == {"train": 60_000, "test": 10_000}


def test_a_description_by_hand_needs_classes_only(home):
    folder = home / "datasets" / "letters"
    describe(folder, {"classes": ["a", "b"], "origin": "my desk"})
    (folder / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(struct.pack(">II", 0x801, 3) + bytes(3)))
    (folder / "t10k-labels-idx1-ubyte").write_bytes(struct.pack(">II", 0x801, 2) + bytes(2))
    info = find_dataset("letters")
    assert (info.title, info.origin, info.licence) == ("letters", "my desk", "")
    assert info.counts == {"train": 3, "test": 2}
    assert info.sha256 == {}


def test_what_is_written_is_read_again(home):
    info = find_dataset("mnist")
    describe(home / "datasets" / "mnist", info.to_json())
    again = read_info(home / "datasets" / "mnist", bundled=False)
    assert again.to_json() == info.to_json()
    assert find_dataset("mnist").bundled, "a user's folder does not take the place of a bundled dataset"


def test_labels_that_do_not_unpack_are_a_problem_of_the_dataset(home):
    folder = home / "datasets" / "odd"
    describe(folder, {"classes": ["a", "b"]})
    packed = bytearray(gzip.compress(struct.pack(">II", 0x801, 3) + bytes(3)))
    packed[10] ^= 0xFF  # the first byte behind the header says how the rest is packed
    (folder / "train-labels-idx1-ubyte.gz").write_bytes(packed)
    assert "invalid" in list_datasets()[-1].problem


@pytest.mark.parametrize(
    ("document", "how"),
    [
        ("{", "Expecting property name"),
        ("[" * 9, "Expecting value"),
        ("[" * 100_000, "recursion"),
        ([1], "does not hold a JSON object"),
        ({}, '"classes" is not a list of names'),
        ({"classes": "0123456789"}, '"classes" is not a list of names'),
        ({"classes": [0, 1]}, '"classes" is not a list of names'),
        ({"classes": ["only"]}, '"classes" has 1 names'),
        ({"classes": [str(i) for i in range(257)]}, '"classes" has 257 names'),
        ({"classes": ["a", "b"], "counts": {"train": "many"}}, '"counts" does not give'),
        ({"classes": ["a", "b"], "counts": {"foo": 3}}, '"counts" does not give'),
        ({"classes": ["a", "b"], "counts": {"train": -1}}, '"counts" does not give'),
        ({"classes": ["a", "b"], "sha256": ["abc"]}, '"sha256" does not give'),
        ({"classes": ["a", "b"], "framing": "round"}, "\"framing\" is 'round'"),
    ],
)
def test_a_damaged_description_is_listed_with_its_problem(home, document, how):
    describe(home / "datasets" / "odd", document)
    odd = list_datasets()[-1]
    assert odd.name == "odd"
    assert str(home / "datasets" / "odd" / "dataset.json") in odd.problem
    assert how in odd.problem
    with pytest.raises(DamagedFile, match="import the dataset again"):
        find_dataset("odd")


def test_images_are_counted_whatever_the_name_says_of_packing(home):
    folder = home / "datasets" / "odd"
    folder.mkdir(parents=True)
    (folder / "dataset.json").write_text('{"classes": ["a", "b"]}')
    header = struct.pack(">II", 2049, 7) + bytes(7)
    (folder / "train-labels-idx1-ubyte").write_bytes(gzip.compress(header, mtime=0))
    (folder / "t10k-labels-idx1-ubyte.gz").write_bytes(header)
    assert list_datasets()[-1].counts == {"train": 7, "test": 7}


def test_an_import_under_way_is_not_listed(home):
    describe(home / "datasets" / ".half.1.tmp", {"classes": ["a", "b"]})
    assert [info.name for info in list_datasets()] == ["fashion-mnist", "mnist"]
    with pytest.raises(DatasetNotFound):
        find_dataset(".half.1.tmp")

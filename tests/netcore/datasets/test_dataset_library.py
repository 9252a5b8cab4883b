"""The bundled datasets, compared with what gzip, struct and hashlib say by themselves; and damage in a user's own."""

import gzip
import hashlib
import json
import shutil
import struct
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from netcore.datasets.info import file_names, find_dataset
from netcore.datasets.library import Part, load_part
from netcore.errors import DamagedFile, DatasetNotFound
from netcore.resources import bundled

BUNDLED = [(name, part) for name in ("mnist", "fashion-mnist") for part in ("train", "test")]


@pytest.mark.parametrize(("name", "part"), BUNDLED)
def test_a_bundled_part_is_what_its_files_say_by_hand(name, part):
    stem = {"train": "train", "test": "t10k"}[part]
    images = gzip.decompress((bundled("data") / name / f"{stem}-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((bundled("data") / name / f"{stem}-labels-idx1-ubyte.gz").read_bytes())
    count = {"train": 60_000, "test": 10_000}[part]
    assert struct.unpack(">4I", images[:16]) == (0x803, count, 28, 28)
    assert struct.unpack(">2I", labels[:8]) == (0x801, count)
    loaded = load_part(name, part)
    assert loaded.images.dtype == loaded.labels.dtype == np.uint8
    assert loaded.images.shape == (count, 28, 28)
    assert loaded.images.tobytes() == images[16:]
    assert loaded.labels.tobytes() == labels[8:]
    assert len(loaded) == count == find_dataset(name).counts[part]


def test_the_first_test_digits_are_the_well_known_ones():
    assert load_part("mnist", "test").labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_digests_are_those_of_the_files_and_of_the_readme(name):
    info = find_dataset(name)
    readme = (info.folder / "README.md").read_text()
    files = sorted(info.folder.glob("*.gz"))
    assert [file.stem for file in files] == sorted(info.sha256)
    for file in files:
        digest = hashlib.sha256(gzip.decompress(file.read_bytes())).hexdigest()
        assert info.sha256[file.stem] == digest
        assert f"| `{file.stem}` | `{digest}` |" in readme
    assert all(name in readme for name in info.classes)


def test_a_part_shares_its_memory_and_cannot_be_changed():
    part = load_part("mnist", "test")
    assert part.pixels.shape == (10_000, 784)
    assert np.shares_memory(part.pixels, part.images)
    for array in (part.images, part.labels, part.pixels):
        assert not array.flags.writeable


def test_a_dataset_takes_60_mb_at_the_most_and_no_more_while_it_is_loaded():
    tracemalloc.start()
    try:
        kept = [load_part("fashion-mnist", part) for part in ("train", "test")]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sum(map(len, kept)) == 70_000
    assert peak <= 60e6


@pytest.mark.parametrize(("parts", "seconds"), [(["test"], 0.3), (["train", "test"], 2.0)])
def test_it_is_fast(parts, seconds):
    """Twice what it must take on a quiet machine; other tests run beside this one."""
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        for part in parts:
            load_part("fashion-mnist", part)
        taken.append(time.perf_counter() - start)
    assert min(taken) <= seconds


@pytest.fixture
def own(home):
    """A small dataset of the user's own, with digests: MNIST's first test images."""
    part = load_part("mnist", "test")
    folder = home / "datasets" / "own"
    folder.mkdir(parents=True)
    sha256 = {}
    for key, cut in (("train", slice(0, 50)), ("test", slice(50, 70))):
        for file, array in zip(file_names(key), (part.images[cut], part.labels[cut]), strict=True):
            content = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()
            (folder / f"{file}.gz").write_bytes(gzip.compress(content))
            sha256[file] = hashlib.sha256(content).hexdigest()
    (folder / "dataset.json").write_text(json.dumps({"classes": list("0123456789"), "sha256": sha256}))
    return folder


def test_a_users_dataset_loads(own):
    assert np.array_equal(load_part("own", "train").images, load_part("mnist", "test").images[:50])


def test_counts_that_are_not_those_of_the_files_are_damage(own):
    described = json.loads((own / "dataset.json").read_text())
    (own / "dataset.json").write_text(json.dumps(described | {"counts": {"train": 50, "test": 999}}))
    assert len(load_part("own", "train")) == 50
    with pytest.raises(DamagedFile, match=r"has 20 labels, and dataset\.json says 999"):
        load_part("own", "test")


def test_a_flipped_bit_is_found_by_the_digest(own):
    file = own / "t10k-images-idx3-ubyte.gz"
    content = bytearray(gzip.decompress(file.read_bytes()))
    content[5000] ^= 1
    file.write_bytes(gzip.compress(content))
    found, expected = hashlib.sha256(content).hexdigest(), find_dataset("own").sha256[file.stem]
    with pytest.raises(DamagedFile) as error:
        load_part("own", "test")
    assert f"{file} was changed: its SHA-256, unpacked, is {found}, and should be {expected}" in str(error.value)
    assert f"remove {own} and import the dataset again" in str(error.value)
    assert len(load_part("own", "train")) == 50, "the other part is whole"


def test_a_damaged_bundled_file_asks_to_install_again(tmp_path, monkeypatch):
    shutil.copytree(bundled("data") / "mnist", tmp_path / "data" / "mnist")
    monkeypatch.setattr("netcore.datasets.info.bundled", lambda kind: tmp_path / kind)
    file = tmp_path / "data" / "mnist" / "t10k-images-idx3-ubyte.gz"
    file.write_bytes(file.read_bytes()[:1_000_000])
    with pytest.raises(DamagedFile, match=r"t10k-images-idx3-ubyte\.gz is cut short.*; install mnist-tui again"):
        load_part("mnist", "test")


@pytest.mark.parametrize(
    ("labels", "how"),
    [
        (np.zeros(19, np.uint8), r"has the shape \(19,\), and there are 20 images"),
        (np.full(20, 10, np.uint8), "has the label 10, and there are 10 classes"),
    ],
)
def test_files_that_do_not_fit_are_refused_without_digests_too(own, labels, how):
    (own / "dataset.json").write_text(json.dumps({"classes": list("0123456789")}))
    content = bytes([0, 0, 8, 1]) + struct.pack(">I", len(labels)) + labels.tobytes()
    (own / "t10k-labels-idx1-ubyte.gz").write_bytes(gzip.compress(content))
    with pytest.raises(DamagedFile, match=how):
        load_part("own", "test")


def test_a_missing_file_is_named(own):
    (own / "train-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DamagedFile, match=r"train-labels-idx1-ubyte\.gz is missing"):
        load_part("own", "train")


def test_an_unknown_name_is_answered_with_the_known_ones(own):
    with pytest.raises(DatasetNotFound, match=r"'nmist'.*fashion-mnist, mnist, own"):
        load_part("nmist", "test")


def test_a_choice_of_images_is_a_part_too():
    whole = load_part("mnist", "test")
    assert len(Part(whole.images[:7], whole.labels[:7])) == 7


def test_the_licence_of_fashion_mnist_travels_with_it():
    readme = Path(bundled("data") / "fashion-mnist" / "README.md").read_text()
    assert "Copyright © 2017 Zalando SE" in readme
    assert "The above copyright notice and this permission notice shall be included" in " ".join(readme.split())

"""What is imported is byte for byte what went in, from every kind of file, as other programs write them."""

import gzip
import os
import struct
import subprocess

import numpy as np
import pandas as pd
import pytest
import scipy.io
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from netcore.datasets.importing import import_dataset
from netcore.datasets.info import find_dataset, list_datasets
from netcore.datasets.library import Part, load_part
from netcore.errors import ImportRefused


def idx(array):
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def table(part, header=True):
    """A CSV as Kaggle's Fashion-MNIST: label, pixel1 to pixel784."""
    columns = ["label", *(f"pixel{number}" for number in range(1, 785))]
    frame = pd.DataFrame(np.column_stack([part.labels, part.pixels]), columns=columns)
    return frame.to_csv(index=False, header=header)


def write_idx_files(folder, parts, pack):
    files = []
    for stem, part in (("train", parts["train"]), ("t10k", parts["test"])):
        for name, array in ((f"{stem}-images-idx3-ubyte", part.images), (f"{stem}-labels-idx1-ubyte", part.labels)):
            files.append(folder / (f"{name}.gz" if pack else name))
            files[-1].write_bytes(gzip.compress(idx(array)) if pack else idx(array))
    return files


def write_csv_files(folder, parts, header):
    (folder / "fashion-mnist_train.csv").write_text(table(parts["train"], header))
    (folder / "fashion-mnist_test.csv").write_text(table(parts["test"], header))
    return [folder / "fashion-mnist_test.csv", folder / "fashion-mnist_train.csv"]


def write_npz(folder, parts, change):
    train, test = parts["train"], parts["test"]
    arrays = {"x_train": change(train.images), "x_test": change(test.images)}
    np.savez(folder / "a.npz", y_train=train.labels.astype(np.int64), y_test=test.labels.astype(np.int64), **arrays)
    return [folder / "a.npz"]


def write_kuzushiji(folder, parts):
    files = []
    for key, part in parts.items():
        for what, array in (("imgs", part.images), ("labels", part.labels)):
            files.append(folder / f"k49-{key}-{what}.npz")
            np.savez_compressed(files[-1], array)
    return files[::-1]


KINDS = {
    "IDX": lambda folder, parts: write_idx_files(folder, parts, pack=False),
    "IDX, gzipped": lambda folder, parts: write_idx_files(folder, parts, pack=True),
    "IDX, any order": lambda folder, parts: write_idx_files(folder, parts, pack=True)[::-1],
    "CSV": lambda folder, parts: write_csv_files(folder, parts, header=True),
    "CSV without names": lambda folder, parts: write_csv_files(folder, parts, header=False),
    "npz": lambda folder, parts: write_npz(folder, parts, lambda images: images),
    "npz, flat floats": lambda folder, parts: write_npz(folder, parts, lambda a: a.reshape(-1, 784).astype(np.float32)),
    "npz, one channel": lambda folder, parts: write_npz(folder, parts, lambda a: a[..., None].astype(np.int64)),
    "npz, Fortran's order": lambda folder, parts: write_npz(folder, parts, np.asfortranarray),
    "npz, one array a file": write_kuzushiji,
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_comes_out_is_what_went_in(tmp_path, home, parts, kind):
    info = import_dataset("own", KINDS[kind](tmp_path, parts))
    assert info == find_dataset("own")
    assert info.counts == {"train": 30, "test": 12}
    for key, part in parts.items():
        loaded = load_part("own", key)
        assert loaded.images.tobytes() == part.images.tobytes()
        assert loaded.labels.tobytes() == part.labels.tobytes()
    written = gzip.decompress((home / "datasets" / "own" / "train-images-idx3-ubyte.gz").read_bytes())
    assert written == idx(parts["train"].images)
    assert not [file for file in (home / "datasets").rglob("*") if file.name.startswith(".")]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    images=hnp.arrays(np.uint8, st.tuples(st.integers(1, 4), st.just(28), st.just(28)), elements=st.integers(0, 255)),
    kind=st.sampled_from(["csv", "npz", "idx"]),
)
def test_any_bytes_survive(tmp_path_factory, monkeypatch, images, kind):
    folder = tmp_path_factory.mktemp("import")
    monkeypatch.setenv("MNIST_TUI_HOME", str(folder / "home"))
    labels = np.arange(len(images), dtype=np.uint8)
    rows = np.column_stack([labels, images.reshape(-1, 784)])
    files = [folder / f"{part}.{kind}" for part in ("train", "test")]
    for file, part in zip(files, ("train", "test"), strict=True):
        if kind == "csv":
            np.savetxt(file, rows, fmt="%d", delimiter=",")
        elif kind == "npz":
            np.savez(file, **{f"x_{part}": images, f"y_{part}": labels})
    if kind == "idx":
        files = [folder / name for name in ("train.images", "train.labels", "test.images", "test.labels")]
        for file in files:
            file.write_bytes(idx(images if file.suffix == ".images" else labels))
    import_dataset("any", files)
    for part in ("train", "test"):
        assert load_part("any", part).images.tobytes() == images.tobytes()
        assert load_part("any", part).labels.tobytes() == labels.tobytes()


def test_mnist_original_is_cut_after_60000(tmp_path):
    """The real digits, sorted by label within each part, as the file of that name has them."""
    sorted_parts = {}
    for key in ("train", "test"):
        part = load_part("mnist", key)
        order = np.argsort(part.labels, kind="stable")
        sorted_parts[key] = part.images[order], part.labels[order]
    images = np.concatenate([sorted_parts["train"][0], sorted_parts["test"][0]])
    labels = np.concatenate([sorted_parts["train"][1], sorted_parts["test"][1]])
    file = tmp_path / "mnist-original.mat"
    scipy.io.savemat(file, {"data": images.reshape(-1, 784).T, "label": labels[None].astype(np.float64)})
    assert import_dataset("original", [file]).counts == {"train": 60_000, "test": 10_000}
    for key, (images, labels) in sorted_parts.items():
        loaded = load_part("original", key)
        assert np.array_equal(loaded.images, images)
        assert np.array_equal(loaded.labels, labels)


@pytest.mark.parametrize("kind", ["mat", "csv", "idx"])
def test_without_a_test_part_every_seventh_image_becomes_one(tmp_path, parts, kind):
    whole = parts["train"]
    files = [tmp_path / f"letters.{kind}"]
    if kind == "mat":
        scipy.io.savemat(files[0], {"data": whole.pixels.T, "label": whole.labels[None]})
    elif kind == "csv":  # as Kaggle's digit recogniser has it
        columns = ["label", *(f"pixel{number}" for number in range(784))]
        frame = pd.DataFrame(np.column_stack([whole.labels, whole.pixels]), columns=columns)
        files = [tmp_path / "train.csv"]
        frame.to_csv(files[0], index=False)
    else:
        files = [tmp_path / "images", tmp_path / "labels"]
        files[0].write_bytes(idx(whole.images))
        files[1].write_bytes(idx(whole.labels))
    info = import_dataset("letters", files)
    assert info.counts == {"train": 26, "test": 4}
    assert "every seventh image is the test part" in info.origin
    test = [6, 13, 20, 27]
    train = [number for number in range(30) if number not in test]
    assert np.array_equal(load_part("letters", "test").images, whole.images[test])
    assert np.array_equal(load_part("letters", "train").images, whole.images[train])
    assert np.array_equal(load_part("letters", "train").labels, whole.labels[train])


def test_names_that_say_nothing_are_taken_in_order(tmp_path, parts):
    (tmp_path / "latest.csv").write_text(table(parts["train"]))  # holds "test", and does not mean it
    (tmp_path / "b.csv").write_text(table(parts["test"]))
    assert import_dataset("own", [tmp_path / "latest.csv", tmp_path / "b.csv"]).counts == {"train": 30, "test": 12}


def test_a_large_csv_is_read_in_pieces_and_in_order(tmp_path):
    whole = load_part("mnist", "test")
    parts = {"train": Part(whole.images[:5000], whole.labels[:5000]), "test": Part(whole.images[:9], whole.labels[:9])}
    (tmp_path / "train.csv").write_text(table(parts["train"]))
    (tmp_path / "test.csv.gz").write_bytes(gzip.compress(table(parts["test"]).encode()))
    import_dataset("large", [tmp_path / "train.csv", tmp_path / "test.csv.gz"])
    for key, part in parts.items():
        assert np.array_equal(load_part("large", key).images, part.images)
        assert np.array_equal(load_part("large", key).labels, part.labels)


LETTERS = [chr(ord("a") + number) for number in range(26)]


@pytest.mark.parametrize(
    ("labels", "classes", "stored", "names"),
    [
        (range(10), None, range(10), list("0123456789")),
        ([0, 1, 2], None, [0, 1, 2], list("0123456789")),
        (range(49), None, range(49), [str(number) for number in range(49)]),
        ([0, 255], None, [0, 255], [str(number) for number in range(256)]),
        (range(26), LETTERS, range(26), LETTERS),
        (range(1, 27), LETTERS, range(26), LETTERS),
        (range(1, 27), None, range(1, 27), [str(number) for number in range(27)]),
        (range(1, 26), LETTERS, range(1, 26), LETTERS),
        (range(10), LETTERS[:10], range(10), LETTERS[:10]),
    ],
)
def test_labels_and_names_of_classes(tmp_path, labels, classes, stored, names):
    labels = np.array(labels, np.uint8)
    images = np.random.default_rng(0).integers(0, 256, (len(labels), 28, 28), np.uint8)
    np.savez(tmp_path / "a.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    info = import_dataset("set", [tmp_path / "a.npz"], classes)
    assert info.classes == tuple(names)
    assert load_part(info, "train").labels.tolist() == list(stored)
    assert load_part(info, "test").labels.tolist() == list(stored)


@pytest.mark.parametrize(("name", "framing"), [("mnist", "digit"), ("fashion-mnist", "filled")])
def test_framing_is_seen_in_the_images(tmp_path, name, framing):
    part = load_part(name, "test")
    np.savez(tmp_path / "a.npz", x_train=part.images, y_train=part.labels)
    assert import_dataset("again", [tmp_path / "a.npz"]).framing == framing == find_dataset(name).framing


def test_what_a_killed_process_had_begun_is_removed(tmp_path, home, parts):
    ended = subprocess.run(["/bin/sh", "-c", "echo $$"], capture_output=True, text=True, check=True).stdout.strip()
    half, another = home / "datasets" / f".own.{ended}.tmp", home / "datasets" / f".own.2.{ended}.tmp"
    under_way = home / "datasets" / f".own.{os.getppid()}.tmp"
    for folder in (half, another, under_way):
        (folder / "part").mkdir(parents=True)
    import_dataset("own", KINDS["npz"](tmp_path, parts))
    assert not half.exists()
    assert another.exists()
    assert under_way.exists()


def test_a_name_that_no_file_system_takes_is_refused(tmp_path, parts):
    with pytest.raises(ImportRefused, match="up to 64"):
        import_dataset(64 * "\U00010300", KINDS["npz"](tmp_path, parts))


def test_it_stands_in_the_list_with_its_origin(tmp_path, parts):
    import_dataset("my-own.set", write_npz(tmp_path, parts, lambda images: images))
    assert [info.name for info in list_datasets()] == ["fashion-mnist", "mnist", "my-own.set"]
    assert find_dataset("my-own.set").origin == "imported from a.npz"

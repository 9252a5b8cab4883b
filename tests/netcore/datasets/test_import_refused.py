"""What cannot be imported is refused with file, finding and expectation, and leaves nothing behind."""

import gzip
import os
import pickle
import signal
import struct
import zipfile

import numpy as np
import pandas as pd
import pytest
import scipy.io

from netcore.datasets import importing
from netcore.datasets.importing import import_dataset
from netcore.errors import ImportRefused, StorageError
from tests.netcore.limits import no_file_longer_than

IMAGES = np.random.default_rng(3).integers(0, 256, (8, 28, 28), np.uint8)
LABELS = np.arange(8, dtype=np.uint8)


def idx(array):
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def packed_oddly(path, name, content):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, content)
    # The method stands eight bytes behind the mark of the entry, and ten behind the one of its line in the directory.
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x03\x04") + 8] = data[data.index(b"PK\x01\x02") + 10] = 99
    path.write_bytes(data)


def rows(change=lambda table: table, header=True):
    table = pd.DataFrame(np.column_stack([LABELS, IMAGES.reshape(-1, 784)]).astype(object))
    table.columns = ["label", *(f"pixel{number}" for number in range(1, 785))]
    return change(table).to_csv(index=False, header=header)


def changed(row, column, value):
    def change(table):
        table.iloc[row, column] = value
        return table

    return change


class Trap:
    """Unpacking this runs a command."""

    def __reduce__(self):
        return os.system, ("touch trapped",)


def npz(path, **arrays):
    with path.open("wb") as file:
        np.savez(file, **arrays)


def mat(path, **arrays):
    scipy.io.savemat(path, arrays)


def mat_of_wrong_type(path):
    """SciPy 1.17 ends with a segmentation fault."""
    mat(path, data=np.ones((784, 70), np.uint8), label=np.arange(70.0)[None] % 10)
    damaged = bytearray(path.read_bytes())
    damaged[177] = 1
    path.write_bytes(damaged)


FLAT = IMAGES.reshape(-1, 784)

REFUSED = {
    "npz of another shape": (
        "a.npz",
        lambda p: npz(p, x_train=np.zeros((8, 32, 32)), y_train=LABELS),
        "shape (8, 32, 32)",
    ),
    "npz in colour": (
        "a.npz",
        lambda p: npz(p, x_train=np.zeros((8, 28, 28, 3)), y_train=LABELS),
        "shape (8, 28, 28, 3)",
    ),
    "npz of fractions": (
        "a.npz",
        lambda p: npz(p, x_train=IMAGES / 255, y_train=LABELS),
        "whole numbers from 0 to 255",
    ),
    "npz with NaN": ("a.npz", lambda p: npz(p, x_train=np.full((8, 28, 28), np.nan), y_train=LABELS), "nan in row 1"),
    "npz below 0": (
        "a.npz",
        lambda p: npz(p, x_train=IMAGES.astype(int) - 256, y_train=LABELS),
        "whole numbers from 0",
    ),
    "npz with a label of 256": (
        "a.npz",
        lambda p: npz(p, x_train=IMAGES, y_train=LABELS.astype(int) + 249),
        "256 in row 8",
    ),
    "npz with a label below 0": (
        "a.npz",
        lambda p: npz(p, x_train=IMAGES, y_train=LABELS.astype(int) - 1),
        "-1 in row 1",
    ),
    "npz of unequal counts": ("a.npz", lambda p: npz(p, x_train=IMAGES, y_train=LABELS[1:]), "8 images, and 7 labels"),
    "npz without labels": ("a.npz", lambda p: npz(p, x_train=IMAGES), "training images without labels"),
    "npz without images": ("a.npz", lambda p: npz(p, y_train=LABELS), "training labels without images"),
    "npz of no images": ("a.npz", lambda p: npz(p, x_train=IMAGES[:0], y_train=LABELS[:0]), "no images"),
    "npz of nothing": ("a.npz", npz, "nothing"),
    "npz of text": ("a.npz", lambda p: npz(p, x_train=IMAGES, y_train=LABELS.astype(str)), "values of type <U3"),
    "npz of a test part": ("a.npz", lambda p: npz(p, x_test=IMAGES, y_test=LABELS), "only a test part"),
    "npz of three parts": (
        "a.npz",
        lambda p: npz(p, x_train=IMAGES, x_test=IMAGES, x_val=IMAGES, y_train=LABELS),
        "more test images",
    ),
    "npz of few images": ("a.npz", lambda p: npz(p, x=IMAGES[:6], y=LABELS[:6]), "6 images and no test part"),
    "npz that runs code": ("a.npz", lambda p: npz(p, x_train=np.array([Trap()]), y_train=LABELS), "allow_pickle=False"),
    "pickle called npz": ("a.npz", lambda p: p.write_bytes(pickle.dumps(Trap())), "no readable arrays"),
    "npy called npz": ("a.npz", lambda p: p.write_bytes(b"\x93NUMPY\x01\x00(((" + bytes(99)), "no readable arrays"),
    "CSV with text": ("a.csv", lambda p: p.write_text(rows(changed(3, 5, "dark"))), "dark"),
    "CSV with a gap": ("a.csv", lambda p: p.write_text(rows(changed(3, 5, None))), "nan in row 4"),
    "CSV with 256": ("a.csv", lambda p: p.write_text(rows(changed(7, 784, 256))), "256.0 in row 8"),
    "CSV with halves": ("a.csv", lambda p: p.write_text(rows(changed(7, 784, 0.5))), "0.5 in row 8"),
    "CSV with a column less": ("a.csv", lambda p: p.write_text(rows(lambda t: t.iloc[:, 1:])), "found 784 columns"),
    "CSV with row numbers": ("a.csv", lambda p: p.write_text(rows(lambda t: t.reset_index())), "found 786 columns"),
    "CSV, rows too long": (
        "a.csv",
        lambda p: p.write_text(rows().replace("\n", ",1\n").replace(",1\n", "\n", 1)),
        "found 786 columns",
    ),
    "CSV, a row too long": ("a.csv", lambda p: p.write_text(rows()[:-1] + ",9\n"), "saw 786"),
    "CSV cut short": ("a.csv", lambda p: p.write_text(rows()[:-300]), "nan in row 8"),
    "CSV of names only": ("a.csv", lambda p: p.write_text(rows(lambda t: t[:0])), "No columns"),
    "CSV of nothing": ("a.csv", lambda p: p.write_text(""), "No columns"),
    "CSV of huge numbers": ("a.csv", lambda p: p.write_text(rows(changed(3, 5, "9" * 401))), "too large"),
    "CSV, packed oddly": (
        "a.csv.zip",
        lambda p: packed_oddly(p, "a.csv", rows()),
        "method is not supported",
    ),
    "CSV, a letter in the first row": (
        "a.csv",
        lambda p: p.write_text(rows(changed(0, 5, "1O2"), header=False)),
        "1O2",
    ),
    "CSV, an endless label in the first row": (
        "a.csv",
        lambda p: p.write_text(rows(changed(0, 0, "inf"), header=False)),
        "inf",
    ),
    "CSV of bytes": ("a.csv", lambda p: p.write_bytes(IMAGES.tobytes()), "785 columns of numbers"),
    "MATLAB, transposed": ("a.mat", lambda p: mat(p, data=FLAT, label=LABELS), "data (8, 784)"),
    "MATLAB, unequal": ("a.mat", lambda p: mat(p, data=FLAT.T, label=LABELS[1:]), "label (1, 7)"),
    "MATLAB, other names": ("a.mat", lambda p: mat(p, X=FLAT.T, label=LABELS), "found no data"),
    "MATLAB of cells": ("a.mat", lambda p: mat(p, data=FLAT.T.astype(object), label=LABELS), "values of type object"),
    "MATLAB of fractions": ("a.mat", lambda p: mat(p, data=FLAT.T / 2, label=LABELS), "whole numbers from 0 to 255"),
    "MATLAB that takes the reader down": ("a.mat", mat_of_wrong_type, "no readable MATLAB data"),
    "MATLAB 7.3": (
        "a.mat",
        lambda p: p.write_bytes(b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM" + bytes(999)),
        "MATLAB 7.3",
    ),
    "pickle called mat": ("a.mat", lambda p: p.write_bytes(pickle.dumps(Trap())), "no readable MATLAB data"),
    "IDX cut short": ("images", lambda p: p.write_bytes(idx(IMAGES)[:-5]), "is cut short"),
    "IDX gzipped and cut short": ("images", lambda p: p.write_bytes(gzip.compress(idx(IMAGES))[:-50]), "is cut short"),
    "IDX of another shape": ("images", lambda p: p.write_bytes(idx(IMAGES[:, 1:])), "shape (8, 27, 28)"),
    "IDX images alone": ("images", lambda p: p.write_bytes(idx(IMAGES)), "training images without labels"),
    "a picture": ("a.png", lambda p: p.write_bytes(b"\x89PNG\r\n"), "IDX (gzipped or not), .csv, .mat or .npz"),
    "a folder": ("a.csv", lambda p: p.mkdir(), "Is a directory"),
    "no file": ("a.npz", lambda p: None, "No such file"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_is_refused_and_nothing_stays(tmp_path, home, monkeypatch, case):
    monkeypatch.chdir(tmp_path)
    name, make, found = REFUSED[case]
    make(tmp_path / name)
    with pytest.raises(ImportRefused) as error:
        import_dataset("own", [tmp_path / name])
    message = str(error.value)
    assert found in message
    assert "; expected " in message
    assert "\n" not in message
    assert str(tmp_path / name) in message or message.startswith("files: ")
    assert not home.exists()
    assert not (tmp_path / "trapped").exists()


@pytest.mark.parametrize("kind", ["npz", "mat"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused(tmp_path, home, kind, share):
    path = tmp_path / f"a.{kind}"
    if kind == "npz":
        npz(path, x_train=IMAGES, y_train=LABELS)
    else:
        mat(path, data=FLAT.T, label=LABELS)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(ImportRefused, match=str(path)):
        import_dataset("own", [path])
    assert not home.exists()


@pytest.mark.parametrize(
    "name", ["", "../x", "a/b", ".hidden", "-x", "a b", "x" * 65, "new\nline", "mnist", "Fashion-MNIST"]
)
def test_a_name_that_cannot_be_used_is_refused(tmp_path, home, name):
    npz(tmp_path / "a.npz", x=IMAGES, y=LABELS)
    with pytest.raises(ImportRefused, match="name of the dataset: found"):
        import_dataset(name, [tmp_path / "a.npz"])
    assert not home.exists()


def test_a_name_that_is_taken_is_refused(tmp_path, home):
    npz(tmp_path / "a.npz", x=IMAGES, y=LABELS)
    import_dataset("own", [tmp_path / "a.npz"])
    before = {file: file.stat().st_mtime_ns for file in home.rglob("*")}
    with pytest.raises(ImportRefused, match=f"taken by {home / 'datasets' / 'own'}"):
        import_dataset("own", [tmp_path / "a.npz"])
    assert {file: file.stat().st_mtime_ns for file in home.rglob("*")} == before


@pytest.mark.parametrize(
    ("classes", "found"),
    [
        (list("abcdefg"), "0 to 7; expected 0 to 6 or 1 to 7, for 7 classes"),
        (list("aabcdefgh"), "different names"),
        (["a"], "2 to 256 different names"),
        ([], "found none"),
        ([*"abcdefg", " "], "different names"),
        ([*"abcdefg", "h\n"], "different names"),
    ],
)
def test_classes_that_do_not_fit_are_refused(tmp_path, home, classes, found):
    npz(tmp_path / "a.npz", x=IMAGES, y=LABELS)
    with pytest.raises(ImportRefused, match=found):
        import_dataset("own", [tmp_path / "a.npz"], classes)
    assert not home.exists()


def test_two_training_parts_are_refused(tmp_path):
    for name in ("one_train.npz", "two_train.npz"):
        npz(tmp_path / name, x=IMAGES, y=LABELS)
    with pytest.raises(ImportRefused, match=r"two_train\.npz, x: found more training images, after .*one_train"):
        import_dataset("own", [tmp_path / "one_train.npz", tmp_path / "two_train.npz"])


def test_no_files_are_refused():
    with pytest.raises(ImportRefused, match="files: found nothing"):
        import_dataset("own", [])


def test_a_disk_that_takes_no_more_leaves_nothing(tmp_path, home, monkeypatch):
    images = np.random.default_rng(0).integers(0, 256, (160, 28, 28), np.uint8)
    npz(tmp_path / "a.npz", x=images, y=np.tile(LABELS, 20))
    with (
        no_file_longer_than(10_000),
        pytest.raises(StorageError, match=r"train-images-idx3-ubyte\.gz: File too large"),
    ):
        import_dataset("own", [tmp_path / "a.npz"])
    assert not any((home / "datasets").iterdir())


def test_ctrl_c_leaves_nothing(tmp_path, home, monkeypatch):
    npz(tmp_path / "a.npz", x=IMAGES, y=LABELS)
    write_idx = importing.write_idx

    def interrupted(path, array):
        digest = write_idx(path, array)
        if path.name.startswith("t10k"):
            signal.raise_signal(signal.SIGINT)
        return digest

    monkeypatch.setattr(importing, "write_idx", interrupted)
    with pytest.raises(KeyboardInterrupt):
        import_dataset("own", [tmp_path / "a.npz"])
    assert not any((home / "datasets").iterdir())

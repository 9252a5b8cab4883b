"""What a name says, what an array holds, and the one line that refuses either."""

import numpy as np
import pytest

from netcore.datasets.pieces import as_bytes, part_in_name, refused, unreadable
from netcore.errors import ImportRefused


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("fashion-mnist_train.csv", "train"),
        ("training.images", "train"),
        ("TRAIN.CSV", "train"),
        ("x_test", "test"),
        ("testing.images", "test"),
        ("t10k-labels-idx1-ubyte", "test"),
        ("Test.csv", "test"),
        ("train_test.npz", None),
        ("retrain.csv", None),
        ("trained.csv", None),
        ("latest.csv", None),
        ("tester.csv", None),
        ("images", None),
    ],
)
def test_the_part_that_a_name_speaks_of(name, part):
    assert part_in_name(name) == part


def test_what_a_reader_says_in_several_lines_is_told_in_one():
    assert str(refused("a", "one\n two", "three")) == "a: found one two; expected three"
    assert str(unreadable("a", "one\n two", "three")) == "a: cannot be read: one two; expected three"


def test_the_row_is_counted_from_the_first_of_the_piece():
    with pytest.raises(ImportRefused, match=r"^a: found 300 in row 2,001; expected whole numbers"):
        as_bytes(np.array([[1, 2], [3, 300]]), "a", first=2000)


def test_truth_is_no_number():
    with pytest.raises(ImportRefused, match="values of type bool"):
        as_bytes(np.ones(3, bool), "a")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", [np.nan, np.inf, -1e30])
def test_what_no_byte_holds_is_refused_without_a_warning(value):
    with pytest.raises(ImportRefused, match="in row 1"):
        as_bytes(np.array([value]), "a")

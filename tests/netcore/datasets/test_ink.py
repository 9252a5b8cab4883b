"""Ink told from paper, on small pages made by hand."""

import numpy as np
import pytest

from netcore.datasets.ink import ink_of
from netcore.errors import PictureError

BOX = np.s_[8:12, 6:10]


def page(paper, size=(30, 20)):
    return np.full(size, paper, np.float32)


def test_light_that_differs_from_corner_to_corner_is_taken_off():
    down, across = np.linspace(0, 1, 30)[:, None], np.linspace(0, 1, 20)
    grey = (100 + 40 * across + 80 * down - 20 * down * across).astype(np.float32)
    grey[BOX] -= 60
    expected = np.zeros((30, 20), np.uint8)
    expected[BOX] = 60
    assert np.array_equal(ink_of(grey), expected)


@pytest.mark.parametrize("lossy", [False, True])
def test_what_is_faint_beside_the_ink_counts_where_nothing_was_lost(lossy):
    grey = page(200)
    grey[BOX], grey[20, 10] = 100, 185
    ink = ink_of(grey, lossy=lossy)
    assert (ink[BOX] == 100).all()
    assert ink[20, 10] == (0 if lossy else 15)


def test_ink_is_what_differs_most_and_not_what_there_is_most_of():
    grey = page(128)
    grey[2:-2, 2:-2], grey[BOX] = 108, 228
    expected = np.zeros((30, 20), np.uint8)
    expected[BOX] = 100
    assert np.array_equal(ink_of(grey), expected)


def test_a_difference_of_eight_shows_and_one_of_seven_does_not():
    grey = page(128)
    grey[BOX] = 120
    assert ink_of(grey).max() == 8
    grey[BOX] = 121
    with pytest.raises(PictureError, match="nothing that stands out"):
        ink_of(grey)


def test_what_differs_little_more_than_the_grain_is_grain():
    grey = page(128, (40, 40)) + 3 * (-1) ** np.indices((40, 40)).sum(axis=0).astype(np.float32)
    grey[20, 20] -= 20
    with pytest.raises(PictureError, match="nothing that stands out"):
        ink_of(grey)
    grey[BOX] -= 60
    ink = ink_of(grey)
    assert (ink[BOX] > 50).all()
    assert np.count_nonzero(ink) == 16

"""Images put upright and made as wide as all others: what that is, and that it is the same wherever they are seen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcore.datasets.library import load_part
from netcore.nn.architecture import Architecture
from netcore.nn.network import Network, as_inputs
from netcore.nn.normalization import normalized

DIGITS = load_part("mnist", "train").images[:300]
"""Images as there are."""

BOTH = Architecture.parse("deslant, width(12), softmax(10)")
DESLANT = Architecture.parse("deslant, softmax(10)")


def wide(columns: int) -> Architecture:
    return Architecture.parse(f"width({columns}), softmax(10)")


def slants(images: np.ndarray) -> np.ndarray:
    """Columns a row by which each image leans, by least squares over its ink."""
    found = []
    for image in images.astype(np.float64):
        rows, columns = np.nonzero(image)
        weights = np.sqrt(image[rows, columns])
        found.append(np.polyfit(rows, columns, 1, w=weights)[0])
    return np.array(found)


def test_as_they_are_they_are_not_even_copied():
    assert normalized(DIGITS, Architecture.parse("softmax(10)")) is DIGITS


def test_put_upright_nothing_leans():
    assert np.abs(slants(DIGITS)).max() > 0.4
    assert np.abs(slants(normalized(DIGITS, DESLANT))).max() < 0.03


def test_putting_upright_keeps_the_ink_of_each_row():
    upright = normalized(DIGITS, DESLANT)
    inside = upright[:, :, [0, -1]].max(axis=(1, 2)) == 0  # what leans far may lose a corner at the side
    assert inside.mean() > 0.98
    rows, kept = (images[inside].sum(axis=2, dtype=np.int64) for images in (DIGITS, upright))
    assert np.abs(rows - kept).max() <= 14  # each pixel is rounded


@given(st.integers(4, 28))
def test_all_are_as_wide(columns: int):
    black_and_white = np.where(DIGITS > 127, 255, 0).astype(np.uint8)
    ink = normalized(black_and_white, wide(columns)).max(axis=1) > 0
    beside = (28 - columns) // 2
    assert (ink.argmax(axis=1) == beside).all()
    assert (ink[:, ::-1].argmax(axis=1) == beside).all()


def test_a_bar_is_stretched_exactly():
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 5:20, 3:7] = 200
    expected = np.zeros((1, 28, 28), np.uint8)
    expected[0, 5:20, 10:18] = 200
    assert np.array_equal(normalized(image, wide(8)), expected)
    expected[0, 5:20, 10:18], expected[0, 5:20, 13:15] = 0, 200
    assert np.array_equal(normalized(image, wide(2)), expected)


def test_pixels_move_as_independent_code_moves_them():
    ndimage = pytest.importorskip("scipy.ndimage")
    image = DIGITS[0].astype(np.float64)
    total, (row, column) = image.sum(), ndimage.center_of_mass(image)
    rows, columns = np.mgrid[:28, :28]
    slope = ((rows - row) * (columns - column) * image).sum() / total
    slope /= ((rows - row) ** 2 * image).sum() / total
    shear = np.array([[1, 0], [slope, 1]])
    moved = ndimage.affine_transform(image, shear, (0, -slope * row), order=1)
    assert np.abs(normalized(DIGITS[:1], DESLANT)[0] - moved).max() <= 0.51


@given(st.integers(0, 299), st.integers(1, 150))
def test_an_image_comes_out_the_same_alone_and_among_others(number: int, others: int):
    among = normalized(DIGITS[number : number + others], BOTH)
    assert np.array_equal(among[0], normalized(DIGITS[number], BOTH))


def test_an_image_without_ink_stays_empty():
    for architecture in (DESLANT, wide(10), BOTH):
        assert not normalized(np.zeros((2, 784), np.uint8), architecture).any()
        assert not normalized(np.zeros((0, 28, 28), np.uint8), architecture).size


def test_floats_become_what_bytes_become_but_for_rounding():
    floats = (DIGITS / np.float32(255)).reshape(-1, 784)
    seen = normalized(floats, BOTH)
    assert seen.dtype == np.float32
    assert seen.shape == floats.shape
    assert np.abs(seen * 255 - normalized(DIGITS, BOTH).reshape(-1, 784)).max() < 0.51


def test_a_network_sees_them_so():
    architecture = Architecture.parse("deslant, width(12), relu(9), softmax(10)")
    plain = Architecture.parse("relu(9), softmax(10)")
    network = Network.initialised(architecture, np.random.default_rng(0))
    seen = Network(plain, network.parameters).log_probabilities(normalized(DIGITS, architecture))
    assert np.array_equal(network.log_probabilities(DIGITS), seen)
    assert np.array_equal(network.inputs(DIGITS), as_inputs(normalized(DIGITS, architecture)))

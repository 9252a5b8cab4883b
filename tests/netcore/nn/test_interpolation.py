"""Reading between pixels: as SciPy's interpolation does, whatever was read before or is prepared at the same time."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from netcore.errors import SettingError
from netcore.nn.activations import Array
from netcore.nn.interpolation import GROUP, Interpolation

SIDE = 28


def _images(n: int, seed: int = 3) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (n, SIDE * SIDE), np.uint8)


def _places(n: int, seed: int, side: int = SIDE) -> Array:
    """Up to four pixels from where they are, many of them outside of the image."""
    grid = np.indices((side, side)).reshape(2, -1) - (side - 1) / 2
    moved = np.random.default_rng(seed).uniform(-4, 4, (-(-n // GROUP), 2, side * side))
    return (grid + moved).astype(np.float32)


def _read(interpolation: Interpolation, images: NDArray[np.uint8], seed: int) -> Array:
    out = np.full(images.shape, np.nan, np.float32)
    (reading,) = interpolation.prepare(_places(len(images), seed)[None])
    interpolation.read(images, out, reading)
    return out


@pytest.mark.parametrize("n", [1, GROUP, 40])
def test_an_image_is_read_between_pixels_as_scipy_does(n: int) -> None:
    images, places = _images(n), _places(n, 5) + (SIDE - 1) / 2
    expected = [
        map_coordinates(image.reshape(SIDE, SIDE) / 255, places[i // GROUP], order=1, mode="grid-constant")
        for i, image in enumerate(images)
    ]
    np.testing.assert_allclose(_read(Interpolation(48), images, 5), expected, atol=2e-5)


def test_what_was_read_before_changes_nothing() -> None:
    """Fewer images than there is room for, again and again: as the last batch of each epoch."""
    used = Interpolation(8 * GROUP)
    for seed, n in enumerate((8 * GROUP, 20, 50, 0, 20, 8 * GROUP, 50, 20)):
        images = _images(n, seed)
        np.testing.assert_array_equal(_read(used, images, seed), _read(Interpolation(8 * GROUP), images, seed))


def test_what_is_left_of_an_earlier_batch_is_never_seen() -> None:
    interpolation = Interpolation(2 * GROUP)
    _read(interpolation, np.full((2 * GROUP, SIDE * SIDE), 255, np.uint8), 6)
    np.testing.assert_array_equal(_read(interpolation, np.zeros((GROUP + 3, SIDE * SIDE), np.uint8), 7), 0)


def test_readings_prepared_at_once_are_those_prepared_alone_to_the_bit() -> None:
    """A run that is resumed prepares other ones together."""
    interpolation, places = Interpolation(40), np.stack([_places(40, seed) for seed in range(5)])
    for together, alone in zip(interpolation.prepare(places), places, strict=True):
        (expected,) = interpolation.prepare(alone[None])
        np.testing.assert_array_equal(together.indices, expected.indices)
        np.testing.assert_array_equal(together.weights, expected.weights)


def test_a_reading_is_kept_while_others_are_prepared_and_used() -> None:
    interpolation, images = Interpolation(40), _images(40)
    expected = _read(interpolation, images, 1)
    (kept,) = interpolation.prepare(_places(40, 1)[None])
    _read(interpolation, _images(40, 8), 2)
    out = np.empty(images.shape, np.float32)
    interpolation.read(images, out, kept)
    np.testing.assert_array_equal(out, expected)


def test_where_scipy_cannot_be_loaded_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.sparse", None)
    with pytest.raises(SettingError, match=r"augment.*SciPy, which cannot be loaded.*use none"):
        Interpolation(20)


def test_images_of_another_side_are_read_as_well() -> None:
    images, out = _images(20)[:, :100], np.empty((20, 100), np.float32)
    grid = np.indices((10, 10), np.float32).reshape(2, -1) - np.float32(4.5)
    interpolation = Interpolation(20, side=10)
    interpolation.read(images, out, *interpolation.prepare(np.stack([grid, grid])[None]))
    np.testing.assert_allclose(out, images / 255, atol=2e-5)

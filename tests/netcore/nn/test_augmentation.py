"""Augmentation against SciPy's interpolation, and against moves that can be done by hand."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from netcore.nn.augmentation import GROUP, Augmentation

SIDE = 28


def _images(n: int) -> NDArray[np.uint8]:
    return np.random.default_rng(3).integers(0, 256, (n, SIDE * SIDE), np.uint8)


def _apply(augmentation: Augmentation, images: NDArray[np.uint8], seed: int) -> NDArray[np.float32]:
    out = np.full(images.shape, np.nan, np.float32)
    (places,) = augmentation.draw(len(images), [np.random.default_rng(seed)])
    augmentation.apply(images, out, places)
    return out.reshape(-1, SIDE, SIDE)


@pytest.mark.parametrize("n", [1, GROUP, 40])
def test_a_warp_reads_between_pixels_as_scipy_does(n: int) -> None:
    images, augmentation = _images(n), Augmentation("warp-flip", 48)
    # The same generator draws the same places; what is done with them is checked.
    (places,) = augmentation.draw(n, [np.random.default_rng(5)])
    places += (SIDE - 1) / 2
    expected = [
        map_coordinates(image.reshape(SIDE, SIDE) / 255, places[i // GROUP], order=1, mode="grid-constant")
        for i, image in enumerate(images)
    ]
    changed = _apply(augmentation, images, 5).reshape(n, -1)
    np.testing.assert_allclose(changed, expected, atol=2e-5)


@pytest.mark.parametrize("name", ["shift", "warp", "flip"])
def test_what_was_changed_before_changes_nothing(name: Literal["shift", "warp", "flip"]) -> None:
    """Fewer images than there is room for, again and again: as the last batch of each epoch."""
    used = Augmentation(name, 8 * GROUP)
    for seed, n in enumerate((8 * GROUP, 20, 50, 0, 20, 8 * GROUP, 50, 20)):
        images = np.random.default_rng(seed).integers(0, 256, (n, SIDE * SIDE), np.uint8)
        expected = _apply(Augmentation(name, 8 * GROUP), images, seed)
        np.testing.assert_array_equal(_apply(used, images, seed), expected)


def test_a_warp_of_no_strength_changes_nothing() -> None:
    images = _images(20)
    changed = _apply(Augmentation("warp", 20, strength=0), images, 1)
    np.testing.assert_allclose(changed.reshape(20, -1), images / 255, atol=2e-5)


def test_a_nudge_is_a_fifth_of_a_warp() -> None:
    nudge, warp = Augmentation("nudge-flip", 20), Augmentation("warp-flip", 20, strength=0.2)
    np.testing.assert_array_equal(_apply(nudge, _images(20), 1), _apply(warp, _images(20), 1))


def test_a_shift_moves_whole_pixels_and_fills_with_zeros() -> None:
    images = _images(10 * GROUP)
    square = np.pad(images.reshape(-1, SIDE, SIDE) / 255, ((0, 0), (2, 2), (2, 2)))
    changed, moves = _apply(Augmentation("shift", len(images)), images, 2), set()
    for group in range(10):
        chosen = slice(group * GROUP, (group + 1) * GROUP)
        found = [
            (down, right)
            for down in range(5)
            for right in range(5)
            if np.allclose(changed[chosen], square[chosen, down : down + SIDE, right : right + SIDE], atol=1e-6)
        ]
        assert len(found) == 1
        moves.update(found)
    assert len(moves) > 3  # groups move differently


def test_a_flip_mirrors_about_half_of_the_groups() -> None:
    images = _images(40 * GROUP)
    square = images.reshape(-1, SIDE, SIDE) / 255
    changed = _apply(Augmentation("flip", len(images)), images, 4)
    mirrored = [np.allclose(changed[i], square[i, :, ::-1], atol=1e-6) for i in range(0, len(images), GROUP)]
    same = [np.allclose(changed[i], square[i], atol=1e-6) for i in range(0, len(images), GROUP)]
    assert all(a != b for a, b in zip(mirrored, same, strict=True))
    assert 10 < sum(mirrored) < 30


def test_what_is_left_of_an_earlier_batch_is_never_seen() -> None:
    augmentation = Augmentation("warp", 2 * GROUP)
    _apply(augmentation, np.full((2 * GROUP, SIDE * SIDE), 255, np.uint8), 6)
    np.testing.assert_array_equal(_apply(augmentation, np.zeros((GROUP + 3, SIDE * SIDE), np.uint8), 7), 0)

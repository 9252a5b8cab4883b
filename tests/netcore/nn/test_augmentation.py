"""Augmentation against SciPy's interpolation, and against moves that can be done by hand."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from netcore.nn.augmentation import GROUP, Augmentation
from netcore.nn.choices import AugmentationName

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


@pytest.mark.parametrize("name", ["warp", "nudge"])
def test_a_warp_of_no_strength_changes_nothing(name: Literal["warp", "nudge"]) -> None:
    images = _images(20)
    changed = _apply(Augmentation(name, 20, strength=0), images, 1)
    np.testing.assert_allclose(changed.reshape(20, -1), images / 255, atol=2e-5)


def test_images_of_another_side_are_changed_as_well() -> None:
    images = _images(20)[:, :100]
    out, augmentation = np.empty(images.shape, np.float32), Augmentation("warp", 20, strength=0, side=10)
    augmentation.apply(images, out, *augmentation.draw(20, [np.random.default_rng(1)]))
    np.testing.assert_allclose(out, images / 255, atol=2e-5)


@pytest.mark.parametrize("name", ["shift-flip", "warp-flip", "nudge"])
def test_each_of_several_generators_draws_what_it_draws_alone(name: AugmentationName) -> None:
    augmentation = Augmentation(name, 3 * GROUP)
    together = augmentation.draw(3 * GROUP, [np.random.default_rng(seed) for seed in range(4)])
    alone = [augmentation.draw(3 * GROUP, [np.random.default_rng(seed)])[0] for seed in range(4)]
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_a_turn_a_shear_and_a_stretch_by_hand() -> None:
    def matrix(*amounts: float) -> NDArray[np.float32]:
        return Augmentation("warp", GROUP)._affine(np.array(amounts)[:, None])[0]

    cosine, sine = np.cos(np.deg2rad(12)), np.sin(np.deg2rad(12))
    np.testing.assert_allclose(matrix(1, 0, 0, 0), [[cosine, -sine], [sine, cosine]], atol=1e-6)
    np.testing.assert_allclose(matrix(0, -1, 0, 0), [[1, -0.12], [0, 1]], atol=1e-6)
    np.testing.assert_allclose(matrix(0, 0, 1, -1), [[1.12, 0], [0, 0.88]], atol=1e-6)
    stretched = np.array([[1.12, -0.12], [0, 0.88]])
    turned = np.array([[cosine, -sine], [sine, cosine]])
    np.testing.assert_allclose(matrix(1, -1, 1, -1), turned @ stretched, atol=1e-6)


def test_bending_moves_a_pixel_by_about_one_and_its_neighbours_alike() -> None:
    noise = np.random.default_rng(0).standard_normal((1000, 2, 8, 8), np.float32)
    bend = Augmentation("warp", GROUP)._bend(noise).reshape(2000, SIDE, SIDE)
    np.testing.assert_allclose(bend.std(axis=0), 1.1, rtol=0.1)
    # Gaussians of standard deviation 5, ten pixels apart: exp(-10**2 / (4 * 5**2)).
    assert np.mean(bend[:, 9, 14] * bend[:, 19, 14]) / 1.1**2 == pytest.approx(np.exp(-1), abs=0.1)


def test_a_warp_moves_too() -> None:
    (places,) = Augmentation("warp", 1000 * GROUP).draw(1000 * GROUP, [np.random.default_rng(0)])
    assert places.mean(axis=2).std(axis=0) == pytest.approx([1.25, 1.25], abs=0.1)


def test_a_warp_bends_too() -> None:
    (places,) = Augmentation("warp", 100 * GROUP).draw(100 * GROUP, [np.random.default_rng(0)])
    grid = np.indices((SIDE, SIDE)).reshape(2, -1) - (SIDE - 1) / 2
    straight = np.vstack([grid, np.ones(SIDE * SIDE)]).T
    fitted = straight @ np.linalg.lstsq(straight, places.reshape(200, -1).T, rcond=None)[0]
    assert 0.3 < np.std(places.reshape(200, -1).T - fitted) < 1.1  # what no turn, stretch or move explains


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


def test_a_shift_goes_as_far_each_way() -> None:
    (places,) = Augmentation("shift", 200 * GROUP).draw(200 * GROUP, [np.random.default_rng(0)])
    moves = places[:, :, 0] + (SIDE - 1) / 2
    assert [sorted(set(column)) for column in moves.T] == [[-2, -1, 0, 1, 2]] * 2


def test_a_flip_mirrors_about_half_of_the_groups() -> None:
    images = _images(40 * GROUP)
    square = images.reshape(-1, SIDE, SIDE) / 255
    changed = _apply(Augmentation("flip", len(images)), images, 4)
    mirrored = [np.allclose(changed[i], square[i, :, ::-1], atol=1e-6) for i in range(0, len(images), GROUP)]
    same = [np.allclose(changed[i], square[i], atol=1e-6) for i in range(0, len(images), GROUP)]
    assert all(a != b for a, b in zip(mirrored, same, strict=True))
    assert 10 < sum(mirrored) < 30


@pytest.mark.parametrize("name", ["shift", "warp", "nudge"])
def test_with_flip_half_of_the_groups_are_mirrored_too(name: Literal["shift", "warp", "nudge"]) -> None:
    plain, flipped = (
        Augmentation(kind, 40 * GROUP).draw(40 * GROUP, [np.random.default_rng(0)])[0]
        for kind in (name, f"{name}-flip")
    )
    np.testing.assert_array_equal(flipped[:, 0], plain[:, 0])
    np.testing.assert_array_equal(abs(flipped[:, 1]), abs(plain[:, 1]))
    assert 10 < (flipped[:, 1] != plain[:, 1]).any(axis=1).sum() < 30


def test_what_is_left_of_an_earlier_batch_is_never_seen() -> None:
    augmentation = Augmentation("warp", 2 * GROUP)
    _apply(augmentation, np.full((2 * GROUP, SIDE * SIDE), 255, np.uint8), 6)
    np.testing.assert_array_equal(_apply(augmentation, np.zeros((GROUP + 3, SIDE * SIDE), np.uint8), 7), 0)

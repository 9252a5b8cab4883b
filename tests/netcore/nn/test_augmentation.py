"""Augmentation: against moves that can be done by hand, and in how far they differ."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from netcore.nn.augmentation import Augmentation
from netcore.nn.choices import AugmentationName
from netcore.nn.interpolation import GROUP, Interpolation

SIDE = 28


def _images(n: int) -> NDArray[np.uint8]:
    return np.random.default_rng(3).integers(0, 256, (n, SIDE * SIDE), np.uint8)


def _apply(augmentation: Augmentation, images: NDArray[np.uint8], seed: int) -> NDArray[np.float32]:
    out = np.empty(images.shape, np.float32)
    interpolation = Interpolation(len(images))
    (reading,) = interpolation.prepare(augmentation.draw(len(images), [np.random.default_rng(seed)]))
    interpolation.read(images, out, reading)
    return out.reshape(-1, SIDE, SIDE)


@pytest.mark.parametrize("name", ["warp", "nudge"])
def test_a_warp_of_no_strength_changes_nothing(name: Literal["warp", "nudge"]) -> None:
    images = _images(20)
    changed = _apply(Augmentation(name, strength=0), images, 1)
    np.testing.assert_allclose(changed.reshape(20, -1), images / 255, atol=2e-5)


@pytest.mark.parametrize("name", ["shift-flip", "warp-flip", "nudge"])
def test_each_of_several_generators_draws_what_it_draws_alone(name: AugmentationName) -> None:
    augmentation = Augmentation(name)
    together = augmentation.draw(3 * GROUP, [np.random.default_rng(seed) for seed in range(4)])
    alone = [augmentation.draw(3 * GROUP, [np.random.default_rng(seed)])[0] for seed in range(4)]
    np.testing.assert_array_equal(together, alone)  # to the bit: a run that is resumed draws other ones together


def test_a_turn_a_shear_and_a_stretch_by_hand() -> None:
    def matrix(*amounts: float) -> NDArray[np.float32]:
        return Augmentation("warp")._affine(np.array(amounts)[:, None])[0]

    cosine, sine = np.cos(np.deg2rad(12)), np.sin(np.deg2rad(12))
    np.testing.assert_allclose(matrix(1, 0, 0, 0), [[cosine, -sine], [sine, cosine]], atol=1e-6)
    np.testing.assert_allclose(matrix(0, -1, 0, 0), [[1, -0.12], [0, 1]], atol=1e-6)
    np.testing.assert_allclose(matrix(0, 0, 1, -1), [[1.12, 0], [0, 0.88]], atol=1e-6)
    stretched = np.array([[1.12, -0.12], [0, 0.88]])
    turned = np.array([[cosine, -sine], [sine, cosine]])
    np.testing.assert_allclose(matrix(1, -1, 1, -1), turned @ stretched, atol=1e-6)


def test_bending_moves_a_pixel_by_about_one_and_its_neighbours_alike() -> None:
    noise = np.random.default_rng(0).standard_normal((1000, 2, 8, 8), np.float32)
    bend = Augmentation("warp")._bend(noise).reshape(2000, SIDE, SIDE)
    np.testing.assert_allclose(bend.std(axis=0), 1.1, rtol=0.1)
    # Gaussians of standard deviation 5, ten pixels apart: exp(-10**2 / (4 * 5**2)).
    assert np.mean(bend[:, 9, 14] * bend[:, 19, 14]) / 1.1**2 == pytest.approx(np.exp(-1), abs=0.1)


def test_a_warp_moves_too() -> None:
    (places,) = Augmentation("warp").draw(1000 * GROUP, [np.random.default_rng(0)])
    assert places.mean(axis=2).std(axis=0) == pytest.approx([1.25, 1.25], abs=0.1)


def test_a_warp_bends_too() -> None:
    (places,) = Augmentation("warp").draw(100 * GROUP, [np.random.default_rng(0)])
    grid = np.indices((SIDE, SIDE)).reshape(2, -1) - (SIDE - 1) / 2
    straight = np.vstack([grid, np.ones(SIDE * SIDE)]).T
    fitted = straight @ np.linalg.lstsq(straight, places.reshape(200, -1).T, rcond=None)[0]
    assert 0.3 < np.std(places.reshape(200, -1).T - fitted) < 1.1  # what no turn, stretch or move explains


def test_a_nudge_is_a_fifth_of_a_warp() -> None:
    nudge, warp = Augmentation("nudge-flip"), Augmentation("warp-flip", strength=0.2)
    np.testing.assert_array_equal(_apply(nudge, _images(20), 1), _apply(warp, _images(20), 1))


def test_a_shift_moves_whole_pixels_and_fills_with_zeros() -> None:
    images = _images(10 * GROUP)
    square = np.pad(images.reshape(-1, SIDE, SIDE) / 255, ((0, 0), (2, 2), (2, 2)))
    changed, moves = _apply(Augmentation("shift"), images, 2), set()
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
    (places,) = Augmentation("shift").draw(200 * GROUP, [np.random.default_rng(0)])
    moves = places[:, :, 0] + (SIDE - 1) / 2
    assert [sorted(set(column)) for column in moves.T] == [[-2, -1, 0, 1, 2]] * 2


def test_a_flip_mirrors_about_half_of_the_groups() -> None:
    images = _images(40 * GROUP)
    square = images.reshape(-1, SIDE, SIDE) / 255
    changed = _apply(Augmentation("flip"), images, 4)
    mirrored = [np.allclose(changed[i], square[i, :, ::-1], atol=1e-6) for i in range(0, len(images), GROUP)]
    same = [np.allclose(changed[i], square[i], atol=1e-6) for i in range(0, len(images), GROUP)]
    assert all(a != b for a, b in zip(mirrored, same, strict=True))
    assert 10 < sum(mirrored) < 30


@pytest.mark.parametrize("name", ["shift", "warp", "nudge"])
def test_with_flip_half_of_the_groups_are_mirrored_too(name: Literal["shift", "warp", "nudge"]) -> None:
    plain, flipped = (
        Augmentation(kind).draw(40 * GROUP, [np.random.default_rng(0)])[0] for kind in (name, f"{name}-flip")
    )
    np.testing.assert_array_equal(flipped[:, 0], plain[:, 0])
    np.testing.assert_array_equal(abs(flipped[:, 1]), abs(plain[:, 1]))
    assert 10 < (flipped[:, 1] != plain[:, 1]).any(axis=1).sum() < 30

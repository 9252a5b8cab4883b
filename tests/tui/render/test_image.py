"""Images as characters: small ones worked out by hand, and the greys that reach a 256-colour terminal."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from textual.color import Color

from tui.render.edge import TierFilter
from tui.render.image import image_strips, largest_scale, thumbnail_strips
from tui.render.tier import Tier

TIERS = get_args(Tier)
PALETTE = {16: 0, 231: 255} | {232 + step: 8 + 10 * step for step in range(24)}


def cells(strip):
    """(character, upper, lower) of each cell, as the eye sees it."""
    seen = []
    for text, style, _ in strip:
        for character in text:
            lower = style.bgcolor.triplet[0]
            upper = style.color.triplet[0] if character == "▀" else lower
            seen.append((upper, lower))
    return seen


def test_two_pixels_stand_in_a_cell():
    image = np.array([[0, 100, 7], [255, 100, 8]], np.uint8)
    (strip,) = image_strips(image, "truecolor")
    assert cells(strip) == [(0, 255), (100, 100), (7, 8)]


def test_an_odd_last_row_stands_on_black():
    (strip,) = image_strips(np.array([[9]], np.uint8), "truecolor")
    assert cells(strip) == [(9, 0)]


def test_neighbours_that_differ_in_one_half_only_stay_apart():
    (strip,) = image_strips(np.array([[5, 5, 7], [1, 2, 2]], np.uint8), "truecolor")
    assert cells(strip) == [(5, 1), (5, 2), (7, 2)]


def test_a_scale_repeats_each_pixel_both_ways():
    strips = image_strips(np.array([[1, 2], [3, 4]], np.uint8), "truecolor", scale=2)
    assert [cells(strip) for strip in strips] == [[(1, 1), (1, 1), (2, 2), (2, 2)], [(3, 3), (3, 3), (4, 4), (4, 4)]]


def test_shades_and_letters_are_the_mean_of_two_pixels():
    image = np.array([[0, 255, 255, 128, 0], [0, 255, 0, 64, 60]], np.uint8)
    assert image_strips(image, "16")[0].text == " █▒▒ "
    assert image_strips(image, "mono")[0].text == " █▒▒ "
    assert image_strips(image, "ascii")[0].text == " @+-."


def test_with_16_colours_an_image_is_white_on_black():
    (strip,) = image_strips(np.zeros((2, 3), np.uint8), "16")
    (segment,) = strip
    assert (segment.style.color.triplet, segment.style.bgcolor.triplet) == ((255, 255, 255), (0, 0, 0))


def test_all_steps_of_the_ramps_are_used_in_order():
    ramp = np.repeat(np.linspace(0, 255, 40).astype(np.uint8)[None], 2, axis=0)
    assert "".join(dict.fromkeys(image_strips(ramp, "mono")[0].text)) == " ░▒▓█"
    assert "".join(dict.fromkeys(image_strips(ramp, "ascii")[0].text)) == " .:-=+*#%@"


def test_a_thumbnail_averages_four_pixels():
    upper = [[0, 100, 10, 10, 10, 11], [100, 200, 10, 11, 11, 11]]
    lower = [[0, 0, 255, 255, 0, 0], [0, 1, 255, 255, 0, 0]]
    (strip,) = thumbnail_strips(np.array(upper + lower, np.uint8), "truecolor")
    assert cells(strip) == [(100, 0), (10, 255), (11, 0)]


@pytest.mark.parametrize(
    ("width", "height", "scale"), [(28, 14, 1), (27, 14, 0), (28, 13, 0), (56, 28, 2), (200, 28, 2), (60, 100, 2)]
)
def test_the_largest_scale_that_fits(width, height, scale):
    assert largest_scale(width, height) == scale


def test_a_256_colour_terminal_gets_the_nearest_grey_of_its_palette():
    """Through the edge of the app, as the numbers that the terminal is sent."""
    edge = TierFilter("256", dark=True)
    for value in range(256):
        (strip,) = image_strips(np.array([[value]], np.uint8), "256")
        (segment,) = strip.apply_filter(edge, Color(18, 18, 18))
        number = (segment.style.color or segment.style.bgcolor).number
        assert abs(PALETTE[number] - value) == min(abs(grey - value) for grey in PALETTE.values()), value


@given(arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12))), st.sampled_from(TIERS), st.integers(1, 3))
def test_every_strip_is_as_wide_as_the_image(image, tier, scale):
    strips = image_strips(image, tier, scale)
    assert len(strips) == (image.shape[0] * scale + 1) // 2
    for strip in strips:
        assert sum(segment.cell_length for segment in strip) == strip.cell_length == image.shape[1] * scale


def test_a_digit_is_few_segments():
    """Equal neighbours share their escape codes: over a thin connection bytes count."""
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 12:16] = 255
    assert sum(len(strip) for strip in image_strips(image, "truecolor")) <= 14 * 3

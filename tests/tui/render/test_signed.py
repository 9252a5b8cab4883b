"""Positive and negative numbers told apart in every tier: by colour where there is some, else by character."""

from __future__ import annotations

import numpy as np
import pytest

from tests.tui.render.conftest import TIERS
from tui.render.palette import among_256
from tui.render.signed import halved, signed_cell, signed_scale, signed_strips
from tui.themes import DARK, LIGHT


def colours(strip, column: int):
    """Fore- and background of a cell."""
    for segment in strip:
        if column < len(segment.text):
            return segment.style.color, segment.style.bgcolor
        column -= len(segment.text)
    raise IndexError(column)


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("tier", ["truecolor", "256"])
def test_two_numbers_a_cell_blue_below_zero_and_orange_above(inks, tier, theme):
    values = np.array([[0.5, -1.0, 0.0], [-0.5, 1.0, 0.0]])
    (strip,) = signed_strips(values, 1.0, inks=inks(tier, theme), tier=tier)
    assert strip.text == "▀▀▀"
    for column in (0, 1):
        for number, colour in zip(values[:, column], colours(strip, column), strict=True):
            red, _, blue = colour.get_truecolor()
            assert (red > blue) == (number > 0)
    above, below = colours(strip, 2)
    assert above == below
    red, _, blue = above.get_truecolor()
    assert red == blue


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_with_256_colours_each_strength_is_its_own_colour_on_the_terminal(inks, theme):
    values = np.linspace(-1, 1, 13)
    cells = [signed_cell(value, 1.0, inks("256", theme), "256")[1].bgcolor for value in values]
    assert len({among_256(tuple(cell.get_truecolor())) for cell in cells}) == 13


@pytest.mark.parametrize(("tier", "text"), [("16", "≡·  ░█"), ("mono", "≡·  ░█"), ("ascii", "%-  +#")])
def test_without_colour_the_character_tells_the_sign(inks, tier, text):
    values = np.array([[-1.0, -0.3, -0.05, 0.05, 0.3, 1.0]]).repeat(2, axis=0)
    (strip,) = signed_strips(values, 1.0, inks=inks(tier), tier=tier)
    assert strip.text == text


def test_of_two_numbers_in_a_character_the_stronger_is_shown(inks):
    values = np.array([[1.0, -0.2], [-0.9, -1.0]])
    (strip,) = signed_strips(values, 1.0, inks=inks("mono"), tier="mono")
    assert strip.text == "█≡"


@pytest.mark.parametrize("tier", TIERS)
def test_the_cursor_is_seen_on_the_upper_and_on_the_lower_number(inks, tier):
    values = np.zeros((4, 3))
    looks = {
        tuple(tuple(strip) for strip in signed_strips(values, 1.0, inks=inks(tier), tier=tier, cursor=cursor))
        for cursor in (None, (0, 1), (1, 1), (2, 1), (0, 2))
    }
    assert len(looks) == 5


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("scale", [1, 2, 3])
def test_every_size_is_exact(inks, tier, scale):
    values = np.random.default_rng(0).normal(size=(28, 28))
    strips = signed_strips(values, 2.0, inks=inks(tier), tier=tier, scale=scale, cursor=(3, 3))
    assert (len(strips), {strip.cell_length for strip in strips}) == (14 * scale, {28 * scale})


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("limit", [0.0, np.nan, np.inf])
def test_numbers_without_a_strongest_are_blank(inks, tier, limit):
    blank = signed_strips(np.zeros((2, 2)), 1.0, inks=inks(tier), tier=tier)
    assert signed_strips(np.full((2, 2), np.nan), limit, inks=inks(tier), tier=tier) == blank


def test_half_the_size_is_the_mean_of_four():
    values = np.arange(16.0).reshape(4, 4)
    np.testing.assert_array_equal(halved(values), [[2.5, 4.5], [10.5, 12.5]])


@pytest.mark.parametrize("tier", TIERS)
def test_the_key_goes_from_the_most_negative_to_the_most_positive(inks, tier):
    key = signed_scale(9, inks(tier), tier)
    assert key[0] == signed_cell(-3.0, 3.0, inks(tier), tier)
    assert key[4] == signed_cell(0.0, 3.0, inks(tier), tier)
    assert key[8] == signed_cell(3.0, 3.0, inks(tier), tier)

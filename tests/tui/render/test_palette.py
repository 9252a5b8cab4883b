"""Colours by number: against the terminal's palette as Rich has it, and the app's own colours among sixteen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich._palettes import EIGHT_BIT_PALETTE
from textual.color import Color

from tui.render.palette import among_16, among_256
from tui.themes import DARK, LIGHT

PALETTE = {number: tuple(EIGHT_BIT_PALETTE[number]) for number in range(16, 256)}
channel = st.integers(0, 255)
colours = st.tuples(channel, channel, channel)


def distance(one, other):
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


@given(colours)
def test_among_256_it_is_the_nearest_of_all(colour):
    found = among_256(colour)
    if max(colour) - min(colour) > 8:
        assert distance(PALETTE[found], colour) == min(distance(other, colour) for other in PALETTE.values())
    else:
        assert found in (16, *range(231, 256))


@pytest.mark.parametrize("grey", range(256))
def test_greys_come_from_the_ramp(grey):
    """Also where the cube has that very grey: 59, 102, 145 and 188 belong to none of the steps beside them."""
    lightness = {number: PALETTE[number][0] for number in (16, *range(231, 256))}
    found = among_256((grey, grey, grey))
    assert abs(lightness[found] - grey) == min(abs(light - grey) for light in lightness.values())


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_the_colours_of_the_themes_are_among_the_256(theme):
    named = [theme.primary, theme.success, theme.warning, theme.error, *theme.variables.values()]
    for colour in (Color.parse(name).rgb for name in named if name.startswith("#")):
        assert distance(PALETTE[among_256(colour)], colour) <= 3 * 4**2  # greys: to the middle between two of the ramp
        assert PALETTE[among_256(colour)] == colour or len({*colour}) == 1


@given(colours, st.none() | colours)
def test_among_16_a_character_is_never_the_colour_of_what_is_behind_it(front, behind):
    number, back = among_16(front, behind)
    assert number in range(16)
    assert number != back
    assert (back is None) == (behind is None)
    assert back is None or back in (*range(8), 15)


@pytest.mark.parametrize(
    ("colour", "number"),
    [
        ("#5fafd7", 14),
        ("#d7af5f", 11),
        ("#87d787", 10),
        ("#ff8787", 9),
        ("#ff5fff", 13),
        ("#005faf", 4),
        ("#875f00", 5),
        ("#008700", 2),
        ("#af0000", 1),
        ("#ffffff", 15),
        ("#d0d0d0", 7),
        ("#4b4b4b", 8),
        ("#121212", 0),
    ],
)
def test_among_16_a_hue_stays_what_it_is(colour, number):
    """Bright colours become the bright ones; a dark yellow, which cannot be read on white, becomes magenta."""
    assert among_16(Color.parse(colour).rgb, None) == (number, None)


def test_nothing_is_both_absent_and_drawn():
    assert among_16(None, (255, 255, 255)) == (None, 15)
    assert among_16(None, None) == (None, None)

"""Inks come from the theme, and none where there are no colours."""

from __future__ import annotations

import pytest
from textual.color import Color

from tui.render.palette import among_16
from tui.themes import DARK, LIGHT


def test_inks_are_the_colours_of_the_theme(inks):
    dark, light = inks("truecolor", DARK), inks("truecolor", LIGHT)
    assert dark.text.color.name == DARK.foreground
    assert light.text.color.name == LIGHT.foreground
    assert len({style.color for style in dark.series}) == len(dark.series)


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("tier", ["mono", "ascii"])
def test_without_colours_no_ink_has_one(inks, tier, theme):
    made = inks(tier, theme)
    styles = [
        made.text,
        made.strong,
        made.muted,
        made.faint,
        *made.series,
        made.good,
        made.bad,
        made.mark,
        made.selected,
    ]
    assert all(style.color is None and style.bgcolor is None for style in styles)
    assert made.heat(0.5, right=True).bgcolor is None


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_sixteen_colours_stay_apart_and_can_be_read(inks, theme):
    """The nearest of sixteen to a soft colour is grey: right, wrong, train and validation must not all become that."""
    made = inks("16", theme)
    behind = Color.parse(theme.background).rgb
    styles = (made.text, made.series[0], made.series[1], made.good, made.bad)
    numbers = [among_16(tuple(style.color.triplet), behind)[0] for style in styles]
    assert len(set(numbers)) == len(numbers)
    # On black all that is bright, on white all that is dark but for yellow (3) and cyan (6).
    assert set(numbers) <= ({*range(7, 16)} if theme.dark else {0, 1, 2, 4, 5, 8})
    assert made.heat(1, right=True).bgcolor is None


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_heat_is_made_of_the_256_colours_where_there_are_no_others(inks, theme):
    made = inks("256", theme)
    for right in (False, True):
        steps = [made.heat(share, right).bgcolor.triplet for share in (0.01, 0.1, 0.4, 1.0)]
        assert len(set(steps)) == 4
        assert all({*step} <= {0, 95, 135, 175, 215, 255} or len({*step}) == 1 for step in steps)


def test_more_heat_is_further_from_the_background(inks):
    made = inks("truecolor")
    reds = [made.heat(share, right=False).bgcolor.triplet[0] for share in (0.01, 0.1, 0.5, 1.0)]
    assert reds == sorted(set(reds))
    assert made.heat(0, right=False).bgcolor is None

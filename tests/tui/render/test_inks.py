"""Inks come from the theme, and none where there are no colours."""

from __future__ import annotations

import pytest
from rich.color import ColorSystem


def test_inks_are_the_colours_of_the_theme(inks):
    dark, light = inks("truecolor", "textual-dark"), inks("truecolor", "textual-light")
    assert dark.text.color.name == "#e0e0e0"
    assert light.text.color.name == "#1f1f1f"
    assert len({style.color for style in dark.series}) == len(dark.series)


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "ansi-dark", "ansi-light", "nord"])
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


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "nord", "gruvbox"])
def test_sixteen_colours_stay_apart(inks, theme):
    """The nearest of sixteen to a soft colour is grey: right, wrong, train and validation must not all become that."""
    made = inks("16", theme)
    numbers = [
        style.color.downgrade(ColorSystem.STANDARD).number
        for style in (made.text, made.series[0], made.series[1], made.good, made.bad)
    ]
    assert len(set(numbers)) == len(numbers)


def test_the_terminals_own_colours_are_left_as_they_are(inks):
    made = inks("16", "ansi-dark")
    assert made.good.color.name == "color(2)"
    assert made.heat(1, right=True).bgcolor is None


def test_more_heat_is_further_from_the_background(inks):
    made = inks("truecolor")
    reds = [made.heat(share, right=False).bgcolor.triplet[0] for share in (0.01, 0.1, 0.5, 1.0)]
    assert reds == sorted(set(reds))
    assert made.heat(0, right=False).bgcolor is None

"""The edge: whatever is drawn, only the tier's colours and characters get through."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as Background

from tui.render.edge import TierFilter

BEHIND = Background(18, 18, 18)
channel = st.integers(0, 255)
colours = st.none() | st.builds(Color.from_rgb, channel, channel, channel) | st.builds(Color.from_ansi, channel)
flags = st.none() | st.booleans()
styles = st.builds(Style, color=colours, bgcolor=colours, bold=flags, dim=flags, reverse=flags, underline=flags)


def through(style, tier, text="x", dark=True):
    (segment,) = TierFilter(tier, dark).apply([Segment(text, style)], BEHIND)
    return segment


def numbers(style):
    return [color.number for color in (style.color, style.bgcolor) if color is not None]


@given(styles, st.booleans())
def test_without_colours_there_are_none(style, dark):
    for tier in ("mono", "ascii"):
        found = through(style, tier, dark=dark).style
        assert found.color is found.bgcolor is None
        assert (found.bold, found.underline) == (style.bold, style.underline)
        assert found.reverse or not style.reverse


@given(st.builds(Style, color=colours, bgcolor=colours, dim=flags))
def test_few_colours_go_by_number(style):
    assert all(number is not None for number in numbers(through(style, "256").style))
    assert all(number in range(16) for number in numbers(through(style, "16").style))


@given(styles)
def test_a_second_time_changes_nothing(style):
    """Lines below a dialog come here twice."""
    for tier in ("truecolor", "256", "16", "mono", "ascii"):
        once = through(style, tier).style
        assert through(once, tier).style == once


def test_all_colours_stay_as_they_are():
    style = Style(color="#123456", bgcolor="#fedcba", bold=True)
    assert through(style, "truecolor").style == style


def test_dim_is_a_colour_where_there_are_some():
    found = through(Style(color="#ffffff", bgcolor="#000000", dim=True), "truecolor").style
    assert not found.dim
    assert 0 < found.color.triplet.red < 255
    assert through(Style(color="#ffffff", dim=True), "mono").style.dim


def test_what_stands_out_by_its_background_is_reversed_where_there_is_no_colour():
    chosen, usual = Style(color="#121212", bgcolor="#d0d0d0"), Style(color="#d0d0d0", bgcolor="#262626")
    assert through(chosen, "mono").style.reverse
    assert not through(usual, "mono").style.reverse
    assert through(usual, "ascii", dark=False).style.reverse
    assert not through(chosen, "ascii", dark=False).style.reverse


def test_what_a_click_does_stays():
    meta = {"@mouse.down": "grab"}
    for tier in ("truecolor", "256", "16", "mono", "ascii"):
        assert through(Style(color="#ffffff", bgcolor="#000000", meta=meta), tier).style.meta == meta


def test_characters_and_lines_without_a_style():
    assert through(None, "ascii", "╭─ … ─╮") == Segment("+- ~ -+", None)
    assert through(Style(bold=True), "mono", "╭✓╮") == Segment("┌√┐", Style(bold=True))

"""Pens, beside what pyte makes of the same sequences."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.tui.link.drawings import Shown, pens
from tui.link.pens import PLAIN, after, blank, change


def looks(text: str) -> tuple[object, ...]:
    shown = Shown()
    shown.feed(text)
    cursor = shown.screen.cursor.attrs
    return tuple(cursor)[1:]


@given(pens, pens)
def test_a_change_leads_from_one_pen_to_the_other(before: str, now: str):
    before, now = after(PLAIN, before), after(PLAIN, now)
    assert looks(f"\x1b[0;{before}m{change(before, now)}") == looks(f"\x1b[0;{now}m")
    assert len(change(before, now)) <= len(f"\x1b[0;{now}m")


@given(pens, pens)
def test_a_sequence_changes_a_pen_as_it_does_a_terminal(before: str, codes: str):
    assert looks(f"\x1b[0;{after(after(PLAIN, before), codes)}m") == looks(f"\x1b[0;{before}m\x1b[{codes or '0'}m")


@given(pens, pens)
def test_pens_are_equal_where_they_look_equal(one: str, other: str):
    pen, reordered = after(PLAIN, f"{one};{other}"), after(after(PLAIN, one), other)
    if one and other:
        assert pen == reordered


@pytest.mark.parametrize(
    ("before", "now", "sequence"),
    [
        ("38;5;250;48;5;233", "38;5;247;48;5;233", "\x1b[38;5;247m"),
        ("1;38;5;250;48;5;233", "38;5;250;48;5;233", "\x1b[22m"),
        ("7", "", "\x1b[m"),
        ("1;38;5;250", "2;38;5;250", "\x1b[22;2m"),
        ("38;5;250", "38;5;250", ""),
        ("38;5;250;48;5;233", "48;5;233", "\x1b[39m"),
    ],
)
def test_the_change_is_short(before: str, now: str, sequence: str):
    assert change(before, now) == sequence


def test_of_a_blank_only_the_background_is_seen_unless_it_is_drawn_through():
    assert blank("1;38;5;250;48;5;233") == "48;5;233"
    assert blank("38;5;250") == PLAIN
    assert blank("7;38;5;250") == "7;38;5;250"

"""Cells, beside pyte's."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.tui.link.drawings import HEIGHT, WIDTH, Shown, drawings
from tui.link.grid import UNKNOWN, Grid


def grid_of(text: str) -> Grid:
    grid = Grid(WIDTH, HEIGHT)
    assert grid.write(text) == ""
    return grid


@given(drawings)
def test_what_is_drawn_can_be_read(drawing: str):
    shown = Shown()
    shown.feed(drawing)
    assert grid_of(drawing).text == shown.text


def test_lines_follow_each_other_and_what_sticks_out_is_lost():
    grid = grid_of(f"\x1b[1;{WIDTH - 1}Habc\nnext\r\x1b[2Cx\x1b[{HEIGHT + 3};1Hlow")
    assert grid.text.split("\n") == [" " * (WIDTH - 2) + "ab", "next"[:2] + "x" + "t", *[""] * (HEIGHT - 2)]
    assert list(grid.touched) == [0, 1]


def test_wide_characters_take_two_cells_and_accents_none():
    grid = grid_of("\x1b[1;1H漢字e\u0301!")
    assert grid.characters[0][:6] == ["漢", "", "字", "", "e\u0301", "!"]
    grid.write("\x1b[1;2Hx")
    assert grid.characters[0][:4] == [" ", "x", "字", ""]
    grid.write("\x1b[1;3Hy")
    assert grid.characters[0][:4] == [" ", "x", "y", " "]


def test_a_wide_character_that_sticks_out_does_not_lengthen_the_row():
    grid = grid_of(f"\x1b[1;{WIDTH}H漢")
    assert len(grid.characters[0]) == len(grid.pens[0]) == WIDTH


def test_nothing_is_known_before_it_is_drawn():
    assert {character for row in grid_of("").characters for character in row} == {UNKNOWN}


@pytest.mark.parametrize(
    "other",
    ["\x1b[?25l", "\x1b[>25u", "\x1b[?2048$p", "\x1b]22;default\x07", "\x1b]2;title\x1b\\", "\x07", "\x1b[6n", "\x1b7"],
)
def test_what_draws_nothing_is_handed_back(other: str):
    grid = Grid(WIDTH, HEIGHT)
    assert grid.write(f"\x1b[2;3Hbe{other}hind") == other
    assert grid.text.split("\n")[1] == "  behind"

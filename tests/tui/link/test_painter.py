"""What is written, beside what a terminal shows that is written everything."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.link.drawings import HEIGHT, WIDTH, Shown, drawings
from tui.link.grid import Grid
from tui.link.painter import Painter


def painted(painter: Painter, grid: Grid) -> str:
    return "".join(painter.row(grid, y) for y in range(HEIGHT))


@given(st.lists(drawings, min_size=1, max_size=6))
def test_the_terminal_shows_what_it_would_if_it_were_written_all(steps: list[str]):
    grid, painter = Grid(WIDTH, HEIGHT), Painter(WIDTH, HEIGHT)
    whole, little = Shown(), Shown()
    for step in steps:
        assert grid.write(step) == ""
        whole.feed(step)
        little.feed(painted(painter, grid))
        assert little.cells == whole.cells
        assert painted(painter, grid) == ""


def test_one_digit_more_is_one_byte_behind_a_move_and_a_pen():
    grid, painter = Grid(WIDTH, HEIGHT), Painter(WIDTH, HEIGHT)
    grid.write("\x1b[2;1H\x1b[38;5;250mepoch 1 of 10\x1b[0m")
    painted(painter, grid)
    grid.write("\x1b[2;1H\x1b[38;5;250mepoch 2 of 10\x1b[0m")
    assert painted(painter, grid) == "\x1b[2;7H2"


def test_a_short_way_is_written_again_and_a_long_one_leapt_over():
    grid, painter = Grid(WIDTH, HEIGHT), Painter(WIDTH, HEIGHT)
    grid.write("\x1b[1;1Ha..b........c")
    painted(painter, grid)
    grid.write("\x1b[1;1HA..B........C")
    assert painted(painter, grid) == "\x1b[HA..B\x1b[8CC"


def test_wide_characters_come_and_go():
    grid, painter, shown = Grid(WIDTH, HEIGHT), Painter(WIDTH, HEIGHT), Shown()
    for step in ("\x1b[1;1Hab漢字ef", "\x1b[1;1Ha漢bc字f", "\x1b[1;1Habcdef  "):
        grid.write(step)
        shown.feed(painted(painter, grid))
        assert shown.text == grid.text


def test_the_pen_is_taken_up_anew_where_nobody_knows_which_it_is():
    grid, painter = Grid(WIDTH, HEIGHT), Painter(WIDTH, HEIGHT)
    grid.write("\x1b[1;1Hplain")
    assert painted(painter, grid) == "\x1b[H\x1b[0mplain"

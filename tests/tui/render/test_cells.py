"""The sheet that everything is written on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from tui.render.cells import Cells, fitted, line


def test_what_is_written_stands_there_and_the_rest_is_blank():
    cells = Cells(8, 2, "truecolor")
    assert cells.write(2, 1, "loss") == 6
    assert [strip.text for strip in cells.strips()] == ["        ", "  loss  "]


def test_what_is_beyond_the_edges_is_cut_off():
    cells = Cells(4, 1, "truecolor")
    cells.write(-2, 0, "abc")
    cells.write(2, 0, "xyz")
    cells.write(0, 5, "nowhere")
    assert cells.strips()[0].text == "c xy"


def test_a_wide_character_takes_two_cells_or_is_cut_off_whole():
    cells = Cells(5, 1, "truecolor")
    cells.write(0, 0, "おきす")
    (strip,) = cells.strips()
    assert strip.text == "おき "
    assert sum(segment.cell_length for segment in strip) == 5


def test_half_of_a_wide_character_is_not_left_behind():
    for column, text in ((0, "x す "), (1, " xす "), (3, "お x ")):
        cells = Cells(5, 1, "truecolor")
        cells.write(0, 0, "おす")
        cells.write(column, 0, "x")
        assert cells.strips()[0].text == text


def test_neighbours_of_one_style_are_one_segment():
    red = Style(color="red")
    strip = line(6, "truecolor", ("ab", red), ("cd", red))
    assert [(segment.text, segment.style) for segment in strip] == [("abcd", red), ("  ", Style())]


def test_cells_are_free_only_on_the_sheet_and_while_blank():
    cells = Cells(5, 1, "truecolor")
    cells.write(3, 0, "x")
    assert cells.is_free(0, 0, 3)
    assert not cells.is_free(2, 0, 2)
    assert not cells.is_free(4, 0, 2)
    assert not cells.is_free(0, 1, 1)


def test_a_text_is_fitted():
    assert fitted("Ankle boot", 12, "truecolor") == "Ankle boot  "
    assert fitted("Ankle boot", 6, "truecolor") == "Ankle…"
    assert fitted("Ankle boot", 6, "ascii") == "Ankl.."
    assert fitted("Ankle boot", 2, "truecolor") == "An"


@given(st.text(max_size=20), st.integers(0, 20), st.sampled_from(["truecolor", "ascii"]))
def test_a_fitted_text_has_exactly_its_width(text, width, tier):
    text = text.replace("\t", " ").replace("\n", " ")
    assert cell_len(fitted(text, width, tier)) == width

"""Characters of consoles and of ASCII: as wide as what they stand for, and something for all that the program draws."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual._border import BORDER_CHARS

from tui.render.glyphs import drawable, writable

SOURCES = [path for path in (Path(__file__).resolve().parents[3] / "tui").rglob("*.py") if path.stem != "glyphs"]
OURS = "".join(sorted({c for path in SOURCES for c in path.read_text("utf-8") if not c.isascii()}))
CODE_PAGE_437 = {*bytes(range(128, 256)).decode("cp437"), *"•◘○◙►◄↕‼¶§▬↨↑↓→←∟↔▲▼∙"}
LATIN = {*"…–×½—’"}
"""Not on that page, but in the fonts of consoles that show the languages of Western Europe."""


def test_what_the_program_draws_has_a_character_of_its_own_kind_in_ascii():
    drawn = drawable(OURS, "ascii")
    assert drawn.isascii()
    assert len(drawn) == len(OURS)
    assert "?" not in drawn


def test_consoles_have_what_the_program_draws():
    drawn = {*drawable(OURS, "16")}
    assert {c for c in drawn - CODE_PAGE_437 - LATIN if not c.isascii()} <= {"≠"}
    assert drawable(OURS, "mono") == drawable(OURS, "16")


@pytest.mark.parametrize("border", ["round", "solid", "heavy", "double", "ascii", "dashed"])
def test_borders_are_closed_in_ascii(border):
    top, sides, bottom = ("".join(row) for row in BORDER_CHARS[border])
    assert drawable(top, "ascii") == drawable(bottom, "ascii") == "+-+"
    assert drawable(sides, "ascii") == "| |"


@given(st.text())
def test_text_stays_as_wide_as_it_is(text):
    for tier in ("truecolor", "256", "16", "mono", "ascii"):
        assert cell_len(drawable(text, tier)) == cell_len(text)
    assert drawable(text, "ascii").isascii()
    assert drawable(text, "truecolor") == drawable(text, "256") == text


def test_letters_keep_what_ascii_has_of_them():
    assert drawable("naïve Ünit · 84 × 3 … お", "ascii") == "naive Unit . 84 x 3 ~ ??"


def test_text_is_spelled_in_ascii_only_where_it_must_be():
    assert writable("lr ½ – naïve ✓", "truecolor") == "lr ½ – naïve ✓"
    assert writable("lr ½ – naïve ✓ お", "ascii") == "lr 1/2 - naive v ??"

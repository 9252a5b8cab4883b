"""Confusion matrices as characters."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.render.confusion import confusion_layout, confusion_strips
from tui.render.tier import Tier

TIERS = get_args(Tier)
NAMES = ["cat", "dog", "emu"]
MATRIX = [[90, 10, 0], [5, 1135, 0], [0, 0, 0]]


def drawn(matrix, names, width, height, inks, tier="truecolor", selected=None):
    strips = confusion_strips(matrix, names, width, height, inks=inks(tier), tier=tier, selected=selected)
    return [strip.text.rstrip() for strip in strips]


def test_a_small_matrix(inks):
    assert drawn(MATRIX, NAMES, 29, 7, inks) == [
        "     predicted",
        "true  cat  dog  emu     right",
        "cat ╲  90   10    ·   90.00 %",
        "dog     5╲1135    ·   99.56 %",
        "emu     ·    ·╲   ·         –",
        "",
        "",
    ]


def test_the_chosen_cell_stands_in_brackets_and_in_words(inks):
    rows = drawn(MATRIX, NAMES, 50, 7, inks, selected=(0, 1))
    assert "10]" in rows[2]
    assert rows[2].count("[") == 1
    assert rows[6] == "cat taken for dog: 10 images (10.00 % of them)"
    assert drawn(MATRIX, NAMES, 50, 7, inks, selected=(1, 1))[6] == "dog recognised: 1,135 images (99.56 % of them)"
    assert drawn(MATRIX, NAMES, 50, 7, inks, selected=(2, 0))[6] == "emu taken for cat: 0 images"
    once = [[9, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert drawn(once, NAMES, 50, 7, inks, selected=(0, 1))[6] == "cat taken for dog: 1 image (10.00 % of them)"


def test_the_row_of_the_chosen_cell_has_its_name_in_bold(inks):
    strips = confusion_strips(MATRIX, NAMES, 50, 7, inks=inks("mono"), tier="mono", selected=(0, 1))
    bold = [[segment.text.strip() for segment in strip if segment.style.bold] for strip in strips]
    assert "cat" in bold[2]
    assert "dog" not in bold[3]


def test_the_chosen_cell_is_reversed_whole(inks):
    strips = confusion_strips(MATRIX, NAMES, 50, 7, inks=inks("mono"), tier="mono", selected=(0, 1))
    reversed_text = "".join(segment.text for segment in strips[2] if segment.style.reverse)
    assert reversed_text.startswith("[")
    assert reversed_text.endswith("10]")


def test_each_cell_is_shaded_by_its_share_of_its_row(inks):
    made = inks("truecolor")
    strips = confusion_strips(MATRIX, NAMES, 29, 7, inks=made, tier="truecolor")
    shades = {segment.text.strip(" ╲"): segment.style.bgcolor for segment in strips[2]}
    assert shades["90"] == made.heat(0.9, True).bgcolor
    assert shades["10"] == made.heat(0.1, False).bgcolor
    assert shades["90"] != shades["10"]


def test_a_count_that_would_fill_its_cell_is_in_thousands(inks):
    rows = drawn([[12345, 1, 0], [0, 9999, 0], [0, 0, 0]], NAMES, 29, 7, inks)
    assert rows[2:4] == ["cat ╲ 12k    1    ·   99.99 %", "dog     ·╲9999    ·  100.00 %"]


def test_ascii_has_no_other_characters(inks):
    rows = drawn(MATRIX, NAMES, 28, 7, inks, "ascii", selected=(0, 0))
    assert all(row.isascii() for row in rows)
    assert "\\1135" in rows[3]


def test_ten_classes_fit_80_columns_and_14_rows(inks):
    names = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
    matrix = [[1000 if row == column else 0 for column in range(10)] for row in range(10)]
    rows = drawn(matrix, names, 80, 14, inks, selected=(9, 9))
    assert rows[1].split() == [
        "true",
        "T-sh",
        "Trou",
        "Pull",
        "Dres",
        "Coat",
        "Sand",
        "Shir",
        "Snea",
        "Bag",
        "Ankl",
        "right",
    ]
    assert [row.split()[-2] for row in rows[2:12]] == ["100.00"] * 10
    assert rows[13].startswith("Ankle boot recognised: 1,000")
    assert max(map(len, rows)) <= 80


def test_of_many_classes_a_window_around_the_chosen_cell_is_shown(inks):
    names = [f"c{index}" for index in range(49)]
    matrix = [[row * 49 + column for column in range(49)] for row in range(49)]
    rows = drawn(matrix, names, 80, 20, inks, selected=(30, 5))
    assert rows[0].strip() == "predicted >"
    assert any(row.startswith("c30 ") for row in rows)
    assert not any(row.startswith("c0 ") for row in rows)
    assert "1475]" in "".join(rows)
    assert confusion_layout(names, 80, 20, (30, 5)).rows == range(22, 38)
    assert drawn(matrix, names, 80, 20, inks, selected=(30, 48))[0].strip() == "< predicted"


@given(st.integers(1, 60), st.integers(0, 59), st.integers(0, 59), st.integers(10, 200), st.integers(5, 60))
def test_the_chosen_cell_is_always_in_the_window(classes, true, predicted, width, height):
    true, predicted = true % classes, predicted % classes
    layout = confusion_layout([f"class {index}" for index in range(classes)], width, height, (true, predicted))
    assert true in layout.rows
    assert predicted in layout.columns


def test_cells_share_the_room_beside_the_labels_and_the_accuracies():
    assert confusion_layout(NAMES, 40, 7, (0, 0)).cell == 8


def test_a_position_on_the_sheet_is_a_cell():
    layout = confusion_layout(NAMES, 28, 7, (0, 0))
    assert layout.at(4, 2) == (0, 0)
    assert layout.at(13, 3) == (1, 1)
    assert layout.at(3, 2) is None
    assert layout.at(4, 1) is None
    assert layout.at(19, 2) is None
    assert layout.at(4, 5) is None


@pytest.mark.parametrize("tier", TIERS)
@given(st.integers(1, 30), st.integers(1, 200), st.integers(1, 50), st.integers(0, 100_000))
def test_a_matrix_fills_any_size_exactly(inks, tier, classes, width, height, count):
    names = [("お" * 4 if index % 2 else "Ankle boot") for index in range(classes)]
    matrix = [[count] * classes for _ in range(classes)]
    strips = confusion_strips(matrix, names, width, height, inks=inks(tier), tier=tier, selected=(classes - 1, 0))
    assert len(strips) == height
    assert all(sum(segment.cell_length for segment in strip) == width for strip in strips)

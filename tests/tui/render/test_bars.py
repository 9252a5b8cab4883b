"""Bars of probabilities, and the line that says how far something is."""

from __future__ import annotations

import math
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.render.bars import probability_strips
from tui.render.progress import progress_strip
from tui.render.tier import Tier

TIERS = get_args(Tier)
CLOTHES = "T-shirt/top Trouser Pullover Dress Coat Sandal Shirt Sneaker Bag Ankle_boot".replace("_", "\u00a0").split(
    " "
)


def bars(values, names, width, height, inks, tier="truecolor", true=None):
    strips = probability_strips(values, names, width, height, inks=inks(tier), tier=tier, true=true)
    return [strip.text.rstrip() for strip in strips]


def test_the_length_of_a_bar_is_the_probability(inks):
    rows = bars([1.0, 0.5, 0.25, 0.0], "abcd", 30, 4, inks)
    lengths = [row.count("█") for row in rows]
    assert lengths == [16, 8, 4, 0]
    assert [row.split()[-2] for row in rows] == ["100.00", "50.00", "25.00", "0.00"]


def test_eighths_of_a_cell_are_drawn(inks):
    rows = bars([0.5 + 3 / 128, 0.5 - 3 / 128], "ab", 30, 2, inks)
    assert "████████▍" in rows[0]
    assert "███████▋" in rows[1]
    assert "████████" not in rows[1]


def test_an_ascii_terminal_gets_ascii(inks):
    rows = bars([0.75, 0.25], "ab", 30, 4, inks, "ascii", true=1)
    assert rows[0] == ">  a ############      75.00 %"
    assert rows[1].startswith(" v b ####")
    assert rows[3] == "> predicted  v true"


def test_predicted_and_true_class_are_marked(inks):
    rows = bars([0.1, 0.7, 0.2], ["cat", "dog", "emu"], 40, 5, inks, true=2)
    assert rows[0].startswith("   cat ")
    assert rows[1].startswith("▸  dog ")
    assert rows[2].startswith(" ✓ emu ")
    assert rows[4] == "▸ predicted  ✓ true"
    assert bars([0.1, 0.7, 0.2], ["cat", "dog", "emu"], 40, 5, inks, true=1)[1].startswith("▸✓ dog ")


def test_names_and_percentages_fit_24_columns(inks):
    rows = bars([0.03] * 9 + [0.73], CLOTHES, 24, 10, inks, true=0)
    assert rows[0].startswith(" ✓ T-shirt/top ")
    assert rows[9].endswith(" 73 %")
    assert all(len(row) <= 24 for row in rows)


def test_of_many_classes_the_likeliest_are_shown_with_the_true_one(inks):
    values = [0.01] * 26
    values[3], values[7] = 0.5, 0.2
    rows = bars(values, [chr(97 + index) for index in range(26)], 40, 6, inks, true=25)
    assert [row[3] for row in rows[:5]] == ["d", "h", "a", "b", "z"]
    assert rows[5] == "  … 21 more, 27.00 % together"


def test_a_probability_that_is_no_number_is_nothing(inks):
    rows = bars([math.nan, 0.5], "ab", 30, 2, inks)
    assert rows[0].endswith(" 0.00 %")
    assert rows[1].startswith("▸")


@given(
    st.lists(st.floats(0, 1) | st.just(math.nan), max_size=49),
    st.integers(1, 80),
    st.integers(1, 60),
    st.sampled_from(TIERS),
)
def test_bars_of_any_size_fill_it_exactly(inks, values, width, height, tier):
    names = [("お" if index % 3 else "Ankle boot ") + str(index) for index in range(len(values))]
    true = len(values) - 1 if values else None
    strips = probability_strips(values, names, width, height, inks=inks(tier), tier=tier, true=true)
    assert len(strips) == height
    assert all(sum(segment.cell_length for segment in strip) == width for strip in strips)


def meter(label, fraction, text, width, inks, tier="truecolor", **widths):
    return progress_strip(label, fraction, text, width, inks=inks(tier), tier=tier, **widths).text


@pytest.mark.parametrize(
    ("fraction", "bar"),
    [
        (0.0, "──────────"),
        (0.5, "━━━━━─────"),
        (0.55, "━━━━━╸────"),
        (0.999, "━━━━━━━━━╸"),
        (1.0, "━━━━━━━━━━"),
        (7.0, "━━━━━━━━━━"),
        (-1.0, "──────────"),
        (None, "──────────"),
        (math.nan, "──────────"),
    ],
)
def test_a_meter_is_as_full_as_it_says(inks, fraction, bar):
    assert meter("epoch", fraction, "3 / 10", 25, inks) == f"epoch  {bar}  3 / 10"


def test_a_meter_in_ascii(inks):
    assert meter("epoch", 0.5, "½", 20, inks, "ascii") == "epoch  ####....  1/2"


def test_meters_below_each_other_line_up(inks):
    first = meter("epoch", 0.5, "3 / 10   1 min 05 s left", 60, inks, label_width=7, text_width=26)
    second = meter("batch", 0.5, "7 / 9", 60, inks, label_width=7, text_width=26)
    assert first.index("━") == second.index("━") == 9
    assert first.rindex("─") == second.rindex("─")


def test_where_a_bar_would_be_a_stump_the_words_stand_alone(inks):
    assert meter("epoch", 0.5, "3 / 10", 16, inks) == "epoch 3 / 10    "


@given(st.text("ab お½", max_size=12), st.floats(0, 1), st.text("12 /", max_size=30), st.integers(1, 90))
def test_a_meter_has_exactly_its_width(inks, label, fraction, text, width):
    strip = progress_strip(label, fraction, text, width, inks=inks("truecolor"), tier="truecolor")
    assert sum(segment.cell_length for segment in strip) == width

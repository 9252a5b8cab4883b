"""Plots: small ones read off cell by cell, and sizes, tiers and numbers of every kind."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcore.runs.history import Mark
from tui.render.axes import epoch_axis, value_axis
from tui.render.curves import LINE_STYLES, Series, _dashes, reduced
from tui.render.plot import Plot, plot_strips
from tui.render.tier import Tier

TIERS = get_args(Tier)
anything = st.one_of(st.none(), st.floats(width=32, allow_nan=True, allow_infinity=True))


def drawn(plot, width, height, inks, tier="truecolor"):
    return [strip.text for strip in plot_strips(plot, width, height, inks=inks(tier), tier=tier)]


def two(values, others):
    epochs = range(1, len(values) + 1)
    return (Series("train", epochs, values), Series("validation", range(1, len(others) + 1), others))


def test_a_straight_line_goes_from_corner_to_corner(inks):
    rows = drawn(Plot(title="Loss", series=[Series("train", [0, 10], [0, 10])]), 30, 13, inks, "ascii")
    canvas = [row.split("+" if "+" in row else "|", 1)[1] for row in rows[1:-2]]
    columns = [row.find("*") for row in canvas]
    assert columns == sorted(columns, reverse=True)
    assert columns[-1] == 0
    assert canvas[0].rstrip()[-1] == "*"


@pytest.mark.parametrize("tier", ["16", "mono"])
def test_without_braille_a_line_is_made_of_half_blocks(inks, tier):
    rows = drawn(Plot(title="Loss", series=[Series("train", [0, 10], [0, 10])]), 30, 13, inks, tier)
    canvas = [row.split("┤" if "┤" in row else "│", 1)[1] for row in rows[1:-2]]
    halves = ["".join("x" if cell in marks else " " for cell in row) for row in canvas for marks in ("▀█", "▄█")]
    tops = [next(half for half, row in enumerate(halves) if row[column] == "x") for column in range(len(canvas[0]))]
    assert tops == sorted(tops, reverse=True)
    assert {*range(1, 20)} <= {*tops}  # every half of the ten rows, but for the room above the largest value
    assert {*"".join(canvas)} <= {*" ·▀▄█"}


def test_axes_have_round_ticks_and_whole_epochs(inks):
    rows = drawn(Plot(title="Loss", series=two([0.4, 0.2, 0.1, 0.05], [0.35, 0.25, 0.2, 0.2])), 60, 14, inks)
    labels = [row.split("┤")[0].strip() for row in rows if "┤" in row]
    assert labels == ["0.4", "0.3", "0.2", "0.1", "0.0"]
    assert rows[-1].split() == ["1", "2", "3", "4"]
    ticks = [place for place, character in enumerate(rows[-2]) if character == "┬"]
    assert ticks == [place for place, character in enumerate(rows[-1]) if character != " "]


def test_the_legend_tells_the_curves_apart_without_colour_and_gives_last_values(inks):
    rows = drawn(Plot(title="Loss", series=two([0.4, 0.0713], [0.5, None])), 70, 10, inks)
    assert rows[0].startswith("Loss ")
    assert rows[0].endswith("── train 0.0713   ∙•∙ validation 0.5000")
    rows = drawn(Plot(title="Loss", series=two([0.4, 0.0713], [0.5, 0.6])), 70, 10, inks, "ascii")
    assert rows[0].endswith("** train 0.0713   .o. validation 0.6000")


def test_the_legend_gets_shorter_with_less_room(inks):
    plot = Plot(title="Accuracy", series=two([0.5, 0.9827], [0.5, 0.97]), unit="accuracy")
    assert "Accuracy" in drawn(plot, 60, 6, inks)[0]
    assert drawn(plot, 46, 6, inks)[0].strip() == "── train 98.27 %   ∙•∙ validation 97.00 %"
    assert drawn(plot, 34, 6, inks)[0].strip() == "── tra 98.27 %   ∙•∙ val 97.00 %"
    assert drawn(plot, 20, 6, inks)[0].strip() == "── tra   ∙•∙ val"


def test_validation_has_a_marker_at_each_epoch_and_train_has_none(inks):
    rows = drawn(Plot(title="Loss", series=two([0.1] * 5, [0.3, 0.32, 0.31, 0.3, 0.33])), 80, 12, inks)
    assert sum(row.count("•") for row in rows[1:]) == 5


def test_markers_keep_apart_when_there_are_many_epochs(inks):
    rows = drawn(Plot(title="Loss", series=two([0.1] * 200, [0.3] * 200)), 80, 12, inks)
    (row,) = [row for row in rows[1:] if "•" in row]
    places = [place for place, character in enumerate(row) if character == "•"]
    assert places[-1] == 79
    assert min(after - before for before, after in pairwise(places)) >= 3


def test_a_single_epoch_is_visible(inks):
    rows = drawn(Plot(title="Loss", series=two([0.2], [0.4])), 60, 8, inks)
    assert any("▪" in row for row in rows[1:])
    assert any("•" in row for row in rows[1:])


def test_a_word_is_not_cut_by_the_line_of_another_change(inks):
    words = [f"rate 0.0{number} → 0.1" for number in range(1, 9)]
    marks = [Mark(3 + number / 4, word) for number, word in enumerate(words)]
    plot = Plot(title="Loss", series=two([0.4] * 9, [0.3] * 9), marks=marks)
    text = "\n".join(drawn(plot, 60, 20, inks))
    assert not re.search(r"rate┊|┊→|→┊\d", text)
    assert sum(word in text for word in words) > 2


def test_a_change_of_a_setting_is_marked_with_a_word(inks):
    plot = Plot(title="Loss", series=two([0.4, 0.2, 0.1, 0.05], [0.3] * 4), marks=[Mark(3, "lr ½"), Mark(99, "never")])
    rows = drawn(plot, 60, 14, inks)
    text = "\n".join(rows)
    assert "┊lr ½" in text
    assert "never" not in text
    column = next(row.index("┊lr ½") for row in rows if "┊lr ½" in row)
    assert rows[-2][column] == "┬"
    assert rows[-1][column] == "3"
    assert ":lr 1/2" in "\n".join(drawn(plot, 60, 14, inks, "ascii"))


def test_two_changes_in_one_epoch_are_both_readable(inks):
    plot = Plot(title="Loss", series=two([0.4] * 9, [0.3] * 9), marks=[Mark(4, "lr ½"), Mark(4, "lr 0.01")])
    text = "\n".join(drawn(plot, 60, 14, inks))
    assert "lr ½" in text
    assert "lr 0.01" in text


def test_the_read_out_snaps_to_the_nearest_epoch(inks):
    rows = drawn(Plot(title="Loss", series=two([0.4, 0.2, 0.1], [0.3, 0.25, 0.26]), cursor=2.2), 70, 14, inks)
    assert rows[0].startswith("Loss  epoch 2 ")
    assert rows[0].endswith("train 0.2000   ∙•∙ validation 0.2500")
    column = rows[-1].index("2")
    assert sum(row[column] == "│" for row in rows[1:-2]) >= 5


def test_without_an_epoch_there_are_axes_and_a_word(inks):
    for series in ((), two([], []), two([None], [math.nan])):
        rows = drawn(Plot(title="Loss", series=series), 60, 9, inks)
        assert any("no epoch finished yet" in row for row in rows)
        assert rows[-2].lstrip().startswith("└")


def test_a_logarithmic_axis_leaves_out_zero_and_says_what_it_is(inks):
    rows = drawn(Plot(title="Loss", series=two([1, 0.1, 0.0], [0.5, 0.05, 0.01]), log=True), 70, 16, inks)
    assert rows[0].startswith("Loss (log)")
    assert rows[0].endswith("train 0.0000   ∙•∙ validation 0.0100")
    labels = [float(row.split("┤")[0]) for row in rows if "┤" in row]
    assert labels == [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01]


def test_on_a_logarithmic_axis_only_what_is_above_zero_is_a_point():
    assert Series("train", [1, 2, 3], [0.5, 0.0, -1.0]).points(above_zero=True) == [(1, 0.5)]


@pytest.mark.parametrize(("values", "others", "seen"), [([0.1] * 4, [0.4] * 4, 2), ([0.1, 0.4], [0.1, 0.4], 1)])
def test_each_curve_has_its_ink_and_where_they_meet_the_first_is_on_top(inks, values, others, seen):
    plot = Plot(title="Loss", series=two(values, others))
    made = inks("truecolor")
    found = {
        segment.style.color.name
        for strip in plot_strips(plot, 60, 12, inks=made, tier="truecolor")[1:-2]
        for segment in strip
        if segment.style.color and any("⠀" < character <= "⣿" for character in segment.text)
    }
    assert found == {ink.color.name for ink in made.series[:seen]}


@settings(deadline=None, max_examples=60)
@given(
    st.lists(anything, max_size=30),
    st.lists(anything, max_size=30),
    st.integers(1, 200),
    st.integers(1, 50),
    st.sampled_from(TIERS),
    st.booleans(),
    st.sampled_from(["loss", "accuracy"]),
)
def test_any_numbers_on_any_size_fill_it_exactly(inks, values, others, width, height, tier, log, unit):
    marks = [Mark(2, "lr ½"), Mark(3, "batch size 256")]
    plot = Plot(title="Loss", series=two(values, others), unit=unit, log=log, marks=marks, cursor=5)
    strips = plot_strips(plot, width, height, inks=inks(tier), tier=tier)
    assert len(strips) == height
    for strip in strips:
        assert sum(segment.cell_length for segment in strip) == strip.cell_length == width
        assert tier != "ascii" or strip.text.isascii()


def test_a_thousand_noisy_points_keep_their_peaks(inks):
    values = [0.2 + 0.01 * (index % 7) for index in range(1000)]
    values[437] = 0.9
    rows = drawn(Plot(title="Loss", series=[Series("train", range(1000), values)]), 120, 20, inks)
    assert any("⠀" < character <= "⣿" for character in rows[1])


def test_a_column_keeps_its_lowest_and_highest_dot_in_their_order():
    dots = [(0, 5), (0, 9), (1, 1), (1, 4), (2, 3), (3, 2)]
    assert reduced(dots, 2) == [(0, 9), (1, 1), (2, 3), (3, 2)]
    assert reduced([(0, 3), (0, 3), (0, 3)], 2) == [(0, 3)]


def test_dashes_go_on_from_point_to_point():
    drawn = [x for x, _ in _dashes([(x, 0) for x in range(17)], LINE_STYLES[2])]
    assert drawn[1:] == [0, 1, 2, 3, 4, 8, 9, 10, 11, 12, 16]


@pytest.mark.parametrize(
    ("values", "unit", "low", "high"),
    [
        ([0.05, 0.4], "loss", 0.0, 0.4),
        ([2.2, 2.3], "loss", 2.2, 2.3),
        ([0.95, 0.99], "accuracy", 0.95, 0.99),
        ([0.1, 1.0], "accuracy", 0.1, 1.0),
    ],
)
def test_an_axis_holds_its_values_without_much_room_around(values, unit, low, high):
    axis = value_axis(values, unit, log=False, height=17)
    assert axis.low <= low
    assert axis.high >= high
    assert axis.high - axis.low <= 1.2 * (high - low)
    assert unit == "loss" or axis.high <= 1
    assert len(axis.ticks) >= 2


def test_an_axis_is_not_zoomed_into_noise():
    losses = value_axis([0.2, 0.22], "loss", log=True, height=17)
    assert losses.high >= 1.5 * losses.low
    accuracies = value_axis([0.98, 0.9801], "accuracy", log=False, height=17)
    assert accuracies.high - accuracies.low >= 0.0049


def test_a_single_epoch_is_in_the_middle_of_its_axis():
    axis = epoch_axis([3], 40)
    assert (axis.low, axis.high) == (2, 4)


def test_a_value_lies_where_it_should_on_its_axis():
    plain = value_axis([0, 1], "loss", log=False, height=10)
    assert plain.place(plain.low) == 0
    assert plain.place(plain.high) == 1
    assert plain.place((plain.low + plain.high) / 2) == pytest.approx(0.5)
    assert plain.place(1e9) == 1
    logarithmic = value_axis([0.01, 1], "loss", log=True, height=10)
    assert logarithmic.place(0.1) == pytest.approx(0.5)
    epochs = epoch_axis([1, 2.5, 4.2], 40)
    assert (epochs.low, epochs.high, epochs.labels) == (1, 5, ("1", "2", "3", "4", "5"))

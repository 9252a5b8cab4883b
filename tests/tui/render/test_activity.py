"""Where each neuron stands among the strips of layers, and where the arrows lead."""

from __future__ import annotations

import numpy as np
import pytest

from tests.tui.render.conftest import TIERS
from tui.render.activity import LayerActivity, activity_layout, activity_strips


def test_layers_stand_below_each_other_with_room_between():
    layout = activity_layout([25, 10], (0, 0), 10, 20)
    assert [(place.top, place.rows) for place in layout.places] == [(1, 3), (7, 1)]
    assert layout.at(3, 2) == (0, 13)
    assert layout.at(4, 3) == (0, 24)
    assert layout.at(5, 3) is None  # behind the last
    assert layout.at(0, 4) is None
    assert layout.at(9, 7) == (1, 9)


def test_where_room_is_short_the_largest_layer_shows_the_rows_around_the_choice():
    layout = activity_layout([400, 10], (0, 250), 10, 12)
    assert [place.rows for place in layout.places] == [9, 1]
    neurons = {layout.at(x, y) for x in range(10) for y in range(12)}
    assert (0, 250) in neurons
    assert {(1, neuron) for neuron in range(10)} <= neurons


@pytest.mark.parametrize(
    ("at", "right", "down", "there"),
    [
        ((0, 0), 1, 0, (0, 1)),
        ((0, 0), -1, 0, (0, 0)),
        ((0, 24), 1, 0, (0, 24)),
        ((0, 3), 0, 1, (0, 13)),
        ((0, 18), 0, 1, (0, 24)),  # the last row is shorter
        ((0, 23), 0, 1, (1, 3)),
        ((1, 3), 0, -1, (0, 23)),
        ((1, 8), 0, -1, (0, 24)),
        ((0, 3), 0, -1, (0, 3)),
        ((1, 3), 0, 1, (1, 3)),
    ],
)
def test_arrows_walk_along_the_rows_and_into_the_next_layer(at, right, down, there):
    assert activity_layout([25, 10], at, 10, 20).step(*at, right, down) == there


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("size", [(46, 17), (60, 30), (20, 5), (3, 2)])
def test_any_size_is_exact_and_the_choice_is_seen(inks, tier, size):
    rng = np.random.default_rng(0)
    layers = [
        LayerActivity("1 relu", "some", "7 1.0", np.maximum(rng.normal(size=300), 0), rng.random(300) < 0.1),
        LayerActivity("2 softmax", "10 classes", "3", rng.random(10)),
    ]
    one, other = (activity_strips(layers, chosen, *size, inks=inks(tier), tier=tier) for chosen in ((0, 12), (0, 13)))
    assert (len(one), {strip.cell_length for strip in one}) == (size[1], {size[0]})
    if size[1] > 2:
        assert [tuple(strip) for strip in one] != [tuple(strip) for strip in other]


def test_a_dead_neuron_is_a_cross(inks):
    layer = LayerActivity("1 relu", "", "", np.array([1.0, 0.0, 0.0]), np.array([False, False, True]))
    for tier, row in (("mono", "█ ×"), ("ascii", "# x"), ("truecolor", " ·×")):
        strips = activity_strips([layer], (0, 9), 9, 4, inks=inks(tier), tier=tier)
        assert strips[1].text.rstrip() == row

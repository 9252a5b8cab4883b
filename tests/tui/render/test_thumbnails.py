"""Rows of small images with their verdicts."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from tui.render.thumbnails import Thumbnail, thumbnail_row
from tui.render.tier import Tier

BLACK = np.zeros((28, 28), np.uint8)


def test_each_image_has_its_verdict_below_and_the_truth_where_it_is_wrong(inks):
    items = [Thumbnail(BLACK, "7", "7"), Thumbnail(BLACK, "Pullover", "Coat"), Thumbnail(BLACK, "Bag")]
    rows = [strip.text for strip in thumbnail_row(items, 60, inks=inks("truecolor"), tier="truecolor")]
    assert len(rows) == 9
    assert [rows[7][start : start + 14].rstrip() for start in (0, 16, 32)] == ["✓ 7", "✗ Coat", "  Bag"]
    assert [rows[8][start : start + 14].rstrip() for start in (0, 16, 32)] == ["", "is Pullover", ""]


@pytest.mark.parametrize(("width", "shown"), [(13, 0), (14, 1), (29, 1), (30, 2), (80, 5)])
def test_as_many_are_shown_as_fit(inks, width, shown):
    rows = thumbnail_row([Thumbnail(BLACK, "7", "7")] * 9, width, inks=inks("16"), tier="16")
    assert rows[7].text.count("✓") == shown


@pytest.mark.parametrize("tier", get_args(Tier))
@pytest.mark.parametrize("width", [1, 14, 37, 80, 120])
def test_every_row_is_exactly_as_wide_as_asked(inks, tier, width):
    white = np.full((28, 28), 255, np.uint8)
    for strip in thumbnail_row([Thumbnail(white, "お", "Ankle boot")] * 4, width, inks=inks(tier), tier=tier):
        assert sum(segment.cell_length for segment in strip) == width
        assert tier != "ascii" or strip.text.isascii()

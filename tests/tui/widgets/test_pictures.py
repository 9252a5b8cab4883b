"""The widgets that show: each in a small app, asserting on what stands on the screen."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import asynccontextmanager

import numpy as np
import pytest
from textual.app import App, ComposeResult
from textual.widget import Widget

from netcore.runs.history import Mark
from tests.tui.app_home import resize
from tui.render.curves import Series
from tui.render.thumbnails import Thumbnail
from tui.render.tier import Tier, detect_tier
from tui.widgets.bars import ProbabilityBars
from tui.widgets.confusion import ConfusionMatrix
from tui.widgets.meter import Meter
from tui.widgets.picture import Picture
from tui.widgets.plot import LinePlot
from tui.widgets.strips import tier_of
from tui.widgets.thumbnails import Thumbnails

IMAGE = np.zeros((28, 28), np.uint8)
IMAGE[4:24, 12:16] = 255


class Stage(App[None]):
    """An app that shows one widget and has decided on a tier."""

    def __init__(self, widget: Widget, tier: Tier = "truecolor") -> None:
        super().__init__()
        self.widget, self.tier = widget, tier
        self.chosen: list[tuple[int, int]] = []

    def compose(self) -> ComposeResult:
        yield self.widget

    def on_confusion_matrix_cell_chosen(self, message: ConfusionMatrix.CellChosen) -> None:
        self.chosen.append((message.true, message.predicted))


@asynccontextmanager
async def shown(widget: Widget, tier: Tier = "truecolor", size: tuple[int, int] = (80, 24)) -> Iterator:
    async with Stage(widget, tier).run_test(size=size) as pilot:
        yield pilot


async def test_a_picture_grows_with_its_room():
    picture = Picture()
    picture.styles.width = picture.styles.height = "100%"
    async with shown(picture, "mono", (60, 30)) as pilot:
        assert picture.text.strip() == ""
        picture.show(IMAGE)
        assert picture.image is IMAGE
        rows = picture.text.split("\n")
        assert (rows[1 + 4].index("█"), rows[1 + 4].rindex("█")) == (2 + 24, 2 + 31)
        await resize(pilot, 40, 20)
        rows = picture.text.split("\n")
        assert (rows[3 + 2].index("█"), rows[3 + 2].rindex("█")) == (6 + 12, 6 + 15)
        await resize(pilot, 16, 8)
        assert "█" * 2 in picture.text


async def test_thumbnails_say_what_the_network_says():
    thumbnails = Thumbnails()
    async with shown(thumbnails):
        thumbnails.show([Thumbnail(IMAGE, "1", "1"), Thumbnail(IMAGE, "1", "7")])
        rows = thumbnails.text.split("\n")
        assert rows[7] == "✓ 1             ✗ 7"
        assert rows[8].strip() == "is 1"
        assert len(thumbnails.items) == 2


async def test_bars_show_names_percentages_and_marks():
    bars = ProbabilityBars()
    async with shown(bars):
        bars.show([0.1, 0.9], ["cat", "dog"], true=0)
        rows = bars.text.split("\n")
        assert rows[0].startswith(" ✓ cat")
        assert rows[1].startswith("▸  dog")
        assert rows[1].endswith("90.00 %")
        bars.show([], [])
        assert bars.text.strip() == ""


async def test_a_meter_shows_how_far_something_is():
    meter = Meter("epoch", label_width=6, text_width=8)
    async with shown(meter, size=(40, 5)):
        meter.show(0.5, "3 / 6")
        assert meter.text == f"epoch   {'━' * 11}{'─' * 11}  3 / 6"
        assert meter.fraction == 0.5


async def test_a_plot_shows_curves_log_scale_and_read_out():
    plot = LinePlot("Loss")
    async with shown(plot, size=(90, 20)):
        assert "no epoch finished yet" in plot.text
        plot.set_data([Series("train", (1, 2, 3), (0.5, 0.2, 0.1))], [Mark(2, "lr ½")])
        assert "── train 0.1000" in plot.text
        assert "┊lr ½" in plot.text
        assert len(plot.series) == 1
        plot.logarithmic = True
        assert plot.text.startswith("Loss (log)")
        plot.cursor = 2
        assert "epoch 2" in plot.text
        assert "train 0.2000" in plot.text


async def test_a_picture_is_drawn_once_a_change(monkeypatch):
    plot = LinePlot("Loss")
    drawn = []
    draw = LinePlot.draw
    monkeypatch.setattr(LinePlot, "draw", lambda self, *how: drawn.append(1) or draw(self, *how))
    series = [Series("train", (1, 2), (0.5, 0.2))]
    async with shown(plot) as pilot:
        plot.set_data(series)
        await pilot.pause()
        assert "train 0.2000" in plot.text
        before = len(drawn)
        plot.set_data(list(series))
        plot.refresh()
        await pilot.pause()
        assert "train 0.2000" in plot.text
        assert len(drawn) == before
        plot.set_data([Series("train", (1, 2, 3), (0.5, 0.2, 0.1))])
        assert "train 0.1000" in plot.text
        assert len(drawn) == before + 1


async def test_a_change_of_theme_changes_the_inks():
    bars = ProbabilityBars()
    async with shown(bars) as pilot:
        bars.show([0.1, 0.9], ["cat", "dog"])
        dark = {segment.style.color.name for segment in bars.render_line(0) if segment.style.color}
        pilot.app.theme = "textual-light"
        await pilot.pause()
        light = {segment.style.color.name for segment in bars.render_line(0) if segment.style.color}
        assert dark.isdisjoint(light)
        backgrounds = {segment.style.bgcolor.name for segment in bars.render_line(0)}
        assert backgrounds == {pilot.app.screen.styles.background.rich_color.name}


@pytest.mark.parametrize("widget", [Picture, Thumbnails, ProbabilityBars, Meter, ConfusionMatrix])
async def test_every_row_is_as_wide_as_the_widget_before_anything_is_shown(widget):
    made = widget()
    async with shown(made):
        width, height = made.size
        assert height > 0
        assert {made.render_line(y).cell_length for y in range(height)} == {width}


MATRIX = [[90, 10, 0], [5, 95, 0], [1, 2, 97]]


async def test_the_largest_mistake_is_chosen_first():
    matrix = ConfusionMatrix()
    async with shown(matrix):
        matrix.show(MATRIX, ["cat", "dog", "emu"])
        assert matrix.selected == (0, 1)
        assert "cat taken for dog: 10 images" in matrix.text


async def test_arrows_move_the_choice_within_the_matrix_and_enter_opens_it():
    matrix = ConfusionMatrix()
    async with shown(matrix) as pilot:
        matrix.show(MATRIX, ["cat", "dog", "emu"])
        matrix.focus()
        await pilot.press("down", "down", "down", "left", "left", "left", "right", "enter", "up", "enter")
        assert pilot.app.chosen == [(2, 1), (1, 1)]
        assert "dog recognised: 95 images" in matrix.text


async def test_a_click_chooses_and_a_second_one_opens():
    matrix = ConfusionMatrix()
    async with shown(matrix) as pilot:
        matrix.show(MATRIX, ["cat", "dog", "emu"])
        row = next(y for y, text in enumerate(matrix.text.split("\n")) if text.startswith("emu"))
        column = matrix.text.split("\n")[row].index("2")
        await pilot.click(matrix, offset=(column, row))
        assert matrix.selected == (2, 1)
        assert pilot.app.chosen == []
        await pilot.click(matrix, offset=(column, row))
        assert pilot.app.chosen == [(2, 1)]
        await pilot.click(matrix, offset=(0, 0))
        assert pilot.app.chosen == [(2, 1)]


async def test_the_tier_is_the_apps_or_else_the_terminals(monkeypatch):
    class Plain(App[None]):
        def compose(self) -> ComposeResult:
            yield Meter()

    async with shown(Meter(), "ascii") as pilot:
        assert tier_of(pilot.app.widget) == "ascii"
    monkeypatch.setenv("MNIST_TUI_DISPLAY", "16")
    async with Plain().run_test() as pilot:
        assert tier_of(pilot.app.query_one(Meter)) == detect_tier({"MNIST_TUI_DISPLAY": "16"}, "utf-8") == "16"


def test_the_first_screen_pays_neither_for_numpy_nor_for_plotext():
    modules = ["bars", "confusion", "meter", "picture", "plot", "strips", "thumbnails"]
    script = "import sys; " + "; ".join(f"import tui.widgets.{module}" for module in modules)
    script += "; print([name for name in ('numpy', 'plotext', 'scipy', 'pandas') if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"

"""What the app does for its connection that needs no terminal; the rest is tested in one."""

from __future__ import annotations

import pytest
from textual.widgets import Input, LoadingIndicator

from tests.tui.app_home import press, screen_text, until
from tui.app import MnistTuiApp
from tui.linked import Wishes
from tui.screens.tempo import NORMAL, THRIFTY
from tui.widgets.mode_bar import ModeBar

pytestmark = pytest.mark.usefixtures("little_home")


async def test_no_cursor_blinks_and_nothing_is_redrawn_unseen():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        for key in ("n", "ctrl+p"):
            await press(pilot, key)
            await until(pilot, lambda: isinstance(app.focused, Input))
            await until(pilot, lambda: not app.focused.cursor_blink)
            assert [widget for widget in app.screen.query(LoadingIndicator) if widget.auto_refresh] == []
            await press(pilot, "escape")
            await until(pilot, lambda: len(app.screen_stack) == 1)


def test_low_bandwidth_is_slower_in_everything():
    assert MnistTuiApp("256").session.tempo == NORMAL
    assert MnistTuiApp("256", wishes=Wishes(low_bandwidth=True)).session.tempo == THRIFTY
    assert THRIFTY.numbers > NORMAL.numbers
    assert THRIFTY.plots > NORMAL.plots
    assert THRIFTY.images > NORMAL.images
    assert THRIFTY.title > NORMAL.title


@pytest.mark.parametrize(("width", "cost", "run"), [(120, True, True), (80, True, False), (72, False, True)])
async def test_the_cost_stands_beside_the_run_or_in_its_place(width: int, cost: bool, run: bool):
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(width, 24)) as pilot:
        bar = app.screen.query_one(ModeBar)
        bar.status, bar.cost = "training epoch 3 of 10", "1.9 kB/s, redraws 3/s, CPU 4 %"
        await until(pilot, lambda: ("1.9 kB/s" in screen_text(pilot).splitlines()[0]) == cost)
        assert ("training epoch 3 of 10" in screen_text(pilot).splitlines()[0]) == run
        bar.cost = ""
        await until(pilot, lambda: screen_text(pilot).splitlines()[0].endswith("training epoch 3 of 10"))


async def test_the_palette_offers_the_cost_and_a_redraw():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)):
        assert {command.title for command in app.get_system_commands(app.screen)} >= {"Cost", "Redraw"}

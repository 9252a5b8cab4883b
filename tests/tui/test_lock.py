"""Whose turn it is with Python's lock."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator

import pytest

from tests.tui.app_home import press_at_once
from tui import lock
from tui.app import MnistTuiApp
from tui.lock import LockTurns


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = sys.getswitchinterval()
    yield
    sys.setswitchinterval(before)


def interval() -> float:
    return round(sys.getswitchinterval(), 6)


async def test_whoever_waits_for_an_answer_comes_first_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_PATIENCE", 0.05)
    turns = LockTurns()
    turns.begin()
    assert interval() == 0.0005
    turns.answer()
    await asyncio.sleep(0.03)
    turns.answer()
    await asyncio.sleep(0.03)
    assert interval() == 0.005  # since the second
    while interval() != 0.0005:
        await asyncio.sleep(0.01)


async def test_an_app_that_does_not_own_its_process_leaves_it_alone() -> None:
    before = interval()
    LockTurns().answer()
    assert interval() == before


@pytest.mark.usefixtures("little_home")
async def test_a_key_is_such_an_answer() -> None:
    app = MnistTuiApp("truecolor")
    async with app.run_test() as pilot:
        app.turns.begin()
        press_at_once(pilot, "down")
        while interval() != 0.005:
            await asyncio.sleep(0.001)
        while interval() != 0.0005:
            await asyncio.sleep(0.01)

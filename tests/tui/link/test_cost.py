"""What the screen costs, beside what was written."""

from __future__ import annotations

import asyncio
import os
import pty
import time

import pytest

from tui.link.cost import CostMeter
from tui.link.outlet import Outlet
from tui.link.writer import Writer


async def test_bytes_redraws_and_time_since_the_last_look(monkeypatch: pytest.MonkeyPatch):
    end, terminal = pty.openpty()
    writer = Writer(Outlet(terminal), asyncio.get_running_loop())
    writer.begin()
    meter, begin = CostMeter(writer), time.perf_counter()
    for number in range(10):
        writer.show(f"\x1b[1;1H{number}", 10, 1)
        writer.write()
    busy = time.thread_time() + 0.2
    while time.thread_time() < busy:
        pass
    cost, seconds = meter.read(), time.perf_counter() - begin
    assert cost.rate * seconds == pytest.approx(writer.bytes_written, rel=0.2)
    assert cost.redraws * seconds == pytest.approx(10, rel=0.2)
    assert 0.2 / seconds * 0.8 < cost.share <= 1.01
    assert meter.read().rate == 0
    writer.close(0)
    os.close(end)
    os.close(terminal)

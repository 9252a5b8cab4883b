"""Cells that count up: who waits for one of them, and how long."""

from __future__ import annotations

from threading import Thread

import numpy as np

from netcore.training.meeting import Meeting


def meeting() -> Meeting:
    return Meeting(np.zeros(Meeting.numbers(3), np.int64))


def test_who_waits_in_vain_is_told_so() -> None:
    cells, patience = meeting(), 0.001
    cells.tell(0, 5)
    cells.tell(2, 5)
    assert not cells.wait(1, 1, patience)
    cells.tell(1, 3)
    assert not cells.wait(1, 4, patience)
    assert cells.wait(1, 3, patience)
    assert cells.wait(1, 2, patience)
    assert [cells.told(cell) for cell in range(3)] == [5, 3, 5]


def test_who_waits_long_enough_meets_the_other() -> None:
    cells, others = meeting(), []

    def other() -> None:
        for count in range(1, 21):
            others.append(cells.wait(0, count, patience=20))
            cells.tell(1, count)

    thread = Thread(target=other, daemon=True)
    thread.start()
    for count in range(1, 21):
        cells.tell(0, count)
        assert cells.wait(1, count, patience=20)
    thread.join()
    assert others == [True] * 20

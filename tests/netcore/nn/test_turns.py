"""Turns: one at a time, and nobody who waits is passed by."""

from __future__ import annotations

import time
from threading import Event, Thread

from netcore.nn.turns import Turns


def test_one_at_a_time():
    turns, inside, most = Turns(), [], []

    def work() -> None:
        for _ in range(300):
            with turns:
                inside.append(1)
                time.sleep(0)  # lets the others run, who would come in if they could
                most.append(len(inside))
                inside.pop()

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 900
    assert max(most) == 1


def test_who_waits_comes_next_although_the_other_never_pauses():
    turns, had_its_turn = Turns(), Event()
    log: list[str] = []

    def wait_once() -> None:
        with turns:
            log.append("waiter")
        had_its_turn.set()

    waiter = Thread(target=wait_once)
    with turns:
        waiter.start()
        # The gate is locked as soon as the other waits for the turn that is ours.
        end = time.monotonic() + 10
        while not turns._gate.locked():
            assert time.monotonic() < end, "who waits holds no gate"
    while not had_its_turn.is_set():  # a loop that lets go and takes again at once
        with turns:
            log.append("loop")
    waiter.join()
    assert log.index("waiter") == 0  # a plain lock would be taken again by the loop before the other wakes up


def test_an_error_inside_gives_the_turn_back():
    turns = Turns()
    for _ in range(2):
        try:
            with turns:
                raise KeyError
        except KeyError:
            pass
    with turns:
        pass

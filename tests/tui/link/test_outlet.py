"""Writing to a real pseudo-terminal that is read, not read, or gone."""

from __future__ import annotations

import os
import pty
import select
import tty
from collections.abc import Iterator

import pytest

from tui.link.outlet import Outlet


@pytest.fixture
def ends() -> Iterator[list[int]]:
    """The end of whoever reads, and the terminal."""
    ends = list(pty.openpty())
    tty.setraw(ends[1])
    yield ends
    for end in ends:
        os.close(end)


@pytest.fixture
def outlet(ends: list[int]) -> Outlet:
    outlet = Outlet(ends[1])
    outlet.open()
    return outlet


def everything(end: int) -> bytes:
    data = b""
    while select.select([end], [], [], 0.2)[0]:
        data += os.read(end, 65536)
    return data


def test_what_is_not_taken_at_once_comes_later_whole_and_in_order(ends: list[int], outlet: Outlet):
    data = b"".join(b"%06d\n" % number for number in range(10_000))
    outlet.write(data)
    assert outlet.left
    assert 0 < outlet.taken < len(data)
    read = b""
    while outlet.left:
        read += everything(ends[0])
        outlet.write(b"")
    assert read + everything(ends[0]) == data
    assert outlet.taken == len(data)


def test_the_terminal_of_others_still_waits(ends: list[int], outlet: Outlet):
    assert not os.get_blocking(outlet.fileno)
    assert os.get_blocking(ends[1])
    outlet.close(0)
    assert os.get_blocking(ends[1])


def test_at_the_end_it_waits_for_what_is_left_but_not_for_ever(ends: list[int], outlet: Outlet):
    outlet.write(b"x" * 100_000)
    outlet.close(0.05)
    assert len(everything(ends[0])) < 100_000
    outlet.open()
    outlet.write(b"x" * 100_000)
    pid = os.fork()
    if not pid:  # somebody reads
        while True:
            os.read(ends[0], 65536)
    outlet.close(20)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    assert outlet.taken >= 100_000


def test_a_terminal_that_is_gone_takes_everything_and_nothing():
    end, terminal = pty.openpty()
    outlet = Outlet(terminal)
    outlet.open()
    os.close(end)
    outlet.write(b"lost")
    assert outlet.gone
    assert not outlet.left
    assert outlet.taken == 0
    outlet.write(b"lost too")
    outlet.close(1)
    os.close(terminal)


def test_what_is_no_terminal_by_name_is_written_to_without_waiting_until_it_is_closed():
    reading, writing = os.pipe()
    outlet = Outlet(writing)
    outlet.open()
    if outlet._was_blocking is None:
        pytest.fail("these tests run in a terminal, which was taken instead")
    assert not os.get_blocking(writing)
    outlet.write(b"x")
    outlet.close(0)
    assert os.get_blocking(writing)
    os.close(reading)
    os.close(writing)

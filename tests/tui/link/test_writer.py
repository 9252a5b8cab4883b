"""A writer on a real pseudo-terminal: what is written, when, and how it ends."""

from __future__ import annotations

import asyncio
import os
import pty
import select
import tty
from collections.abc import Callable, Iterator
from threading import Thread

import pytest

from tests.tui.link.drawings import Shown
from tui.link.outlet import Outlet
from tui.link.writer import Writer

WIDTH, HEIGHT = 40, 10


class Reader:
    """Whoever looks at the terminal: reads when told to, and answers where it is told to."""

    def __init__(self) -> None:
        self.end, self.terminal = pty.openpty()
        tty.setraw(self.terminal)
        self.shown = Shown(WIDTH, HEIGHT)
        self.read = b""
        self.answer: Callable[[int, int], None] | None = None
        self.shown.screen.write_process_input = self._answer  # type: ignore[method-assign]

    def _answer(self, report: str) -> None:
        if self.answer is not None:
            row, column = report.removeprefix("\x1b[").removesuffix("R").split(";")
            self.answer(int(column) - 1, int(row) - 1)

    def look(self) -> str:
        """Read all there is; what can be seen then."""
        while select.select([self.end], [], [], 0)[0]:
            data = os.read(self.end, 65536)
            self.read += data
            self.shown.feed(data.decode())
        return self.shown.text

    async def until(self, seen: Callable[[str], bool]) -> None:
        for _ in range(1000):
            if seen(self.look()):
                return
            await asyncio.sleep(0.01)
        raise AssertionError(self.look())


@pytest.fixture
def reader() -> Iterator[Reader]:
    reader = Reader()
    yield reader
    os.close(reader.end)
    os.close(reader.terminal)


@pytest.fixture
async def writer(reader: Reader) -> Writer:
    writer = Writer(Outlet(reader.terminal), asyncio.get_running_loop())
    writer.begin()
    return writer


def show(writer: Writer, text: str, row: int = 1) -> None:
    writer.show(f"\x1b[{row};1H{text}\x1b[1;1H", WIDTH, HEIGHT)
    writer.write()


async def test_the_same_again_costs_nothing_and_something_else_its_difference(reader: Reader, writer: Writer):
    show(writer, "epoch 1 of 10")
    assert reader.look().startswith("epoch 1 of 10")
    before = writer.bytes_written
    show(writer, "epoch 1 of 10")
    assert writer.bytes_written == before
    show(writer, "epoch 2 of 10")
    assert reader.look().startswith("epoch 2 of 10")
    assert writer.bytes_written - before < 25
    assert len(reader.read) == writer.bytes_written
    assert writer.redraws == 2


async def test_nobody_reads_for_a_while_and_then_sees_the_newest_at_once(reader: Reader, writer: Writer):
    lines = [f"{number:06d} ".ljust(WIDTH, "x") for number in range(5000)]
    for number, line in enumerate(lines):
        for row in range(1, HEIGHT + 1):
            show(writer, line[::-1] if number % 2 else line, row)
    backlog = len(lines[0]) * HEIGHT * len(lines)
    await reader.until(lambda text: text.split("\n") == [lines[-1][::-1]] * HEIGHT)
    assert len(reader.read) < backlog / 50


async def test_a_terminal_that_answers_is_not_sent_more_while_it_does_not(reader: Reader, writer: Writer):
    reader.answer = writer.answered
    show(writer, "first")
    await reader.until(lambda text: "first" in text)
    before = writer.bytes_written
    loop, waited = asyncio.get_running_loop(), 0
    begin = loop.time()
    while loop.time() < begin + 2.5:  # nothing is read: no answer comes
        show(writer, f"number {waited} " + "x" * (waited % 20))
        waited += 1
        await asyncio.sleep(0.02)
    held = writer.bytes_written
    for _ in range(20):
        show(writer, f"number {waited} " + "x" * (waited % 20))
        waited += 1
    assert writer.bytes_written - held < 50  # no more than a question
    assert held - before < 5000
    await reader.until(lambda text: text.startswith(f"number {waited - 1} "))


async def test_wishes_come_true_once_all_is_shown(reader: Reader, writer: Writer):
    shown: list[str] = []
    show(writer, "what matters")
    writer.when_shown(lambda: shown.append(reader.look()))
    await reader.until(lambda _: bool(shown))
    assert shown[0].startswith("what matters")


async def test_the_title_is_kept_set_when_it_changes_and_given_back(reader: Reader, writer: Writer):
    show(writer, "")
    reader.look()
    for title in ("1 %", "1 %", "2\x1b %\x07"):
        writer.set_title(title)
        writer.write()
    writer.end(0)
    writer.close(1)
    reader.look()
    assert reader.read.count(b"\x1b]2;") == 3
    told = [
        reader.read.index(part) for part in (b"\x1b[22;2t\x1b]2;1 %\x07", b"\x1b]2;2 %\x07", b"\x1b]2;\x07\x1b[23;2t")
    ]
    assert told == sorted(told)


async def test_a_terminal_without_commands_is_sent_none(reader: Reader):
    writer = Writer(Outlet(reader.terminal), asyncio.get_running_loop(), obeys_commands=False)
    writer.begin()
    writer.set_title("34 %")
    writer.send("\x1b]9;ended\x07\x07")
    show(writer, "\x1b]22;default\x07seen")
    assert reader.look().startswith("seen")
    assert b"\x1b]" not in reader.read
    assert b"\x07" in reader.read


async def test_everything_is_drawn_again_where_something_else_wrote(reader: Reader, writer: Writer):
    show(writer, "ours      ", row=3)
    reader.look()
    reader.shown.feed("\x1b[3;1Htheirs")
    show(writer, "ours      ", row=3)
    assert "theirs" in reader.look()
    writer.repaint()
    writer.write()
    assert reader.look().strip() == "ours"


async def test_another_size_is_drawn_from_nothing(reader: Reader, writer: Writer):
    show(writer, "narrow")
    reader.look()
    reader.shown.feed("\x1b[2J")
    writer.show("\x1b[1;1Hwide\x1b[1;1H", WIDTH - 1, HEIGHT)
    writer.write()
    assert reader.look().strip() == "wide"


async def test_nothing_is_drawn_after_the_end_and_what_is_sent_still_arrives(reader: Reader, writer: Writer):
    show(writer, "last")
    writer.end(0)
    writer.repaint()
    writer.send("\x1b[?1049l")
    writer.close(1)
    reader.look()
    assert reader.read.endswith(b"\x1b[m\x1b[?1049l")
    assert reader.read.count(b"last") == 1


async def test_the_end_waits_for_answers_on_their_way_but_not_for_ever(reader: Reader, writer: Writer):
    """The shell would take them for something typed."""
    reader.answer = writer.answered
    show(writer, "first")
    reader.look()
    show(writer, "last")
    late = Thread(target=reader.look)  # answers from another thread, as the one does that reads the terminal
    loop = asyncio.get_running_loop()
    begin = loop.time()
    writer.end(0.2)
    assert loop.time() - begin > 0.19
    late.start()
    writer.end(20)
    late.join()
    assert loop.time() - begin < 10
    assert not writer._flow.unanswered

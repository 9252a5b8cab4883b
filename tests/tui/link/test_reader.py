"""Reading a real pseudo-terminal, in a thread as the app does."""

from __future__ import annotations

import os
import pty
import tty
from collections.abc import Iterator
from queue import Queue
from threading import Thread

import pytest
from textual import events
from textual.message import Message

from tui.link.reader import read


class Reading:
    """A terminal, whoever types at it, and what was read."""

    def __init__(self) -> None:
        self.typing, self.terminal = pty.openpty()
        tty.setraw(self.terminal)
        self.end, self.tell = os.pipe()
        self.read: Queue[Message] = Queue()
        self.thread = Thread(target=read, args=[self.terminal, self.end, self.read.put], daemon=True)
        self.thread.start()

    def type(self, keys: bytes) -> None:
        os.write(self.typing, keys)

    def next_key(self) -> str:
        message = self.read.get(timeout=20)
        assert isinstance(message, events.Key)
        return message.key


@pytest.fixture
def reading() -> Iterator[Reading]:
    reading = Reading()
    yield reading
    os.write(reading.tell, b"\0")
    reading.thread.join(20)
    assert not reading.thread.is_alive()
    assert reading.read.empty()


def test_keys_and_answers_are_read_in_their_order(reading: Reading):
    reading.type(b"a\x1b[A\x1b[7;3Rb")
    assert [reading.next_key(), reading.next_key()] == ["a", "up"]
    answer = reading.read.get(timeout=20)
    assert isinstance(answer, events.CursorPosition)
    assert (answer.x, answer.y) == (2, 6)
    assert reading.next_key() == "b"


def test_escape_alone_is_the_key(reading: Reading):
    reading.type(b"\x1b")
    assert reading.next_key() == "escape"
    reading.type(b"x")
    assert reading.next_key() == "x"


@pytest.mark.parametrize("key", ["w", "1", "=", "é", "?", "space", "enter"])
def test_a_key_right_behind_escape_is_another_one(reading: Reading, key: str):
    character = {"space": " ", "enter": "\r"}.get(key, key)
    reading.type(b"\x1b" + character.encode() + b"x")
    assert reading.next_key() == "escape"
    message = reading.read.get(timeout=20)
    assert isinstance(message, events.Key)
    assert (message.key == key) or (message.character == character)
    assert reading.next_key() == "x"


@pytest.mark.parametrize(
    ("following", "keys"),
    [(b"w", ["escape", "w"]), (b"[A", ["up"]), (b"\x1b[B", ["escape", "down"]), (b"b", ["ctrl+left"])],
)
def test_escape_at_the_end_of_what_was_read_waits_for_what_follows(reading: Reading, following: bytes, keys: list[str]):
    reading.type(b"a\x1b")
    assert reading.next_key() == "a"
    reading.type(following)
    assert [reading.next_key() for _ in keys] == keys


def test_a_character_may_come_in_two_parts(reading: Reading):
    first, second = "é".encode()[:1], "é".encode()[1:]
    reading.type(b"a" + first)
    assert reading.next_key() == "a"
    reading.type(second + b"b")
    assert [reading.next_key(), reading.next_key()] == ["é", "b"]


def test_a_terminal_that_is_gone_is_read_no_more():
    reading = Reading()
    os.close(reading.typing)
    reading.thread.join(20)
    assert not reading.thread.is_alive()

"""A terminal for whole-program tests: the program gets a real pseudo-terminal, the test reads its screen.

The program under test runs as it does for a person who logged in over SSH: its own session, a controlling terminal of a
given size, keys as bytes, SIGWINCH on a resize. Behind the terminal sits pyte, which turns the bytes the program writes
into a screen of characters and colours. Nothing here sleeps: a wait ends with the byte that fulfils it, or fails at its
deadline with the screen in the message.

    with Terminal(["mnist-tui"], columns=80, lines=24) as terminal:
        terminal.wait_for("Models")
        terminal.press("enter")
        terminal.wait_for("predicted")
        terminal.press("q")
        assert terminal.wait_exit() == 0
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pyte
from pyte.screens import Char

__all__ = ["Terminal"]

DEADLINE = 30.0
"""Seconds that a wait may take: far more than any of them needs, because the machine may be busy."""

KEYS = {
    "enter": b"\r",
    "escape": b"\x1b",
    "tab": b"\t",
    "space": b" ",
    "backspace": b"\x7f",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "home": b"\x1b[H",
    "end": b"\x1b[F",
    "pageup": b"\x1b[5~",
    "pagedown": b"\x1b[6~",
    "f1": b"\x1bOP",
}

# Settings of the terminal in which the tests themselves run, which must not reach the program under test.
INHERITED = ("COLORTERM", "COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR", "PYTHONPATH", "TERM_PROGRAM", "TEXTUAL")

ALTERNATE_SCREEN = 1049


class Terminal:
    """A program in a terminal of its own.

    Attributes:
        output: All bytes that the program wrote so far.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        columns: int = 80,
        lines: int = 24,
        term: str = "xterm-256color",
        environment: Mapping[str, str] | None = None,
        cwd: str | Path = "/",
    ) -> None:
        """Start the program.

        Args:
            command: The program and its arguments.
            columns: Width of the terminal.
            lines: Height of the terminal.
            term: Value of ``TERM``, from which the program tells how many colours there are.
            environment: Variables besides those of the tests, e.g. ``{"NO_COLOR": "1"}``.
            cwd: Folder in which the program starts.
        """
        self.output = bytearray()
        self._silent = False  # whether nobody is left who could write
        self._master, slave = pty.openpty()
        self._screen = _Screen(columns, lines, answer=self._send)
        self._stream = pyte.ByteStream(self._screen)
        self._set_size(columns, lines)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(INHERITED)}
        # A session leader without a terminal gets the first one that it opens; the shell does that and then becomes
        # the program. (A function run between fork and exec would do too, but is unsafe where there are threads.)
        becomes_leader = ["/bin/sh", "-c", 'exec "$@" <>"$0"', os.ttyname(slave)]
        self._process = subprocess.Popen(
            [*becomes_leader, *map(str, command)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env=inherited | {"TERM": term, "LC_ALL": "C.UTF-8"} | dict(environment or {}),
            cwd=cwd,
        )
        os.close(slave)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # What a person sees

    @property
    def lines(self) -> list[str]:
        """The screen's lines from top to bottom, without the blanks at their ends."""
        return [line.rstrip() for line in self._screen.display]

    @property
    def text(self) -> str:
        """The screen as one text, without the empty lines at its end."""
        return "\n".join(self.lines).rstrip()

    @property
    def alternate(self) -> bool:
        """Whether the program has put its own screen over what was there."""
        return self._screen.underneath is not None

    @property
    def cursor_shown(self) -> bool:
        """Whether the cursor is visible."""
        return not self._screen.cursor.hidden

    def cell(self, column: int, line: int) -> Char:
        """The character at a place, with its colours ("default", a name such as "red", or six hex digits)."""
        return self._screen.buffer[line][column]

    @property
    def colours(self) -> set[str]:
        """All colours on the screen, of characters and of what is behind them."""
        width, height = self._screen.columns, self._screen.lines
        cells = [self.cell(column, line) for line in range(height) for column in range(width)]
        return {cell.fg for cell in cells} | {cell.bg for cell in cells}

    # What a person does

    def press(self, *keys: str) -> None:
        """Press keys: names such as "enter", "left", "ctrl+p", or single characters."""
        for key in keys:
            if key.startswith("ctrl+"):
                self._send(bytes([ord(key[-1]) & 0x1F]))
            else:
                self._send(KEYS.get(key) or key.encode())

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size, which the program hears of by SIGWINCH."""
        self._screen.resize(lines, columns)
        self._set_size(columns, lines)

    def hang_up(self) -> None:
        """Drop the connection: the program gets SIGHUP and can write no more."""
        if self._master >= 0:
            os.close(self._master)
            self._master, self._silent = -1, True

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        self._process.send_signal(number)

    # What a test waits for

    def wait_until_stopped(self) -> None:
        """Wait, as a shell does, until the program is stopped: a SIGCONT that comes before is lost."""
        os.waitid(os.P_PID, self._process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)

    def wait_for(self, *texts: str, deadline: float = DEADLINE) -> None:
        """Wait until all the texts are on the screen at once.

        Raises:
            AssertionError: They are not by the deadline, or the program ended.
        """
        self.wait_until(lambda terminal: all(text in terminal.text for text in texts), f"{texts}", deadline=deadline)

    def wait_until(self, seen: Callable[[Terminal], bool], what: str, *, deadline: float = DEADLINE) -> None:
        """Wait until the screen is as wished.

        Args:
            seen: Looks at this terminal and says whether what is wished for is there.
            what: Names it, for the message.
            deadline: Seconds from now.

        Raises:
            AssertionError: It is not there by the deadline, or the program ended.
        """
        end = time.monotonic() + deadline
        while not seen(self):
            if not self._read(end):
                why = "the program ended" if self._silent else f"{deadline:g} s passed"
                raise AssertionError(f"{why} before this was on the screen: {what}\n{self.text}")

    def wait_exit(self, *, deadline: float = DEADLINE) -> int:
        """Wait until the program has ended, reading what it still writes; its exit code (minus the signal, if killed).

        Raises:
            AssertionError: It still runs at the deadline.
        """
        end = time.monotonic() + deadline
        while self._read(end):
            pass
        try:
            return self._process.wait(max(0.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the program still runs after {deadline:g} s\n{self.text}") from None

    def close(self) -> None:
        """Kill the program and whatever it started in this terminal, if they still run."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.hang_up()

    # How it works

    def _read(self, end: float) -> bool:
        """Wait until ``end`` for bytes and take them all to the screen; False if none came or will ever come."""
        if self._silent:
            return False
        wait, got = max(0.0, end - time.monotonic()), False
        while select.select([self._master], [], [], wait)[0]:
            try:
                data = os.read(self._master, 65536)
            except OSError:  # Linux's way to say that nobody holds the other end any more
                data = b""
            if not data:
                self._silent = True
                break
            self.output += data
            self._stream.feed(data)
            got = True
            if time.monotonic() > end:  # a program that never stops writing must not hold us past the deadline
                break
            wait = 0.0
        return got

    def _send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._master, data) :]

    def _set_size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


class _Screen(pyte.Screen):
    """pyte's screen, and the alternate screen that full-screen programs use, which pyte does not know.

    Attributes:
        underneath: While the alternate screen is shown, the cells that were there before and come back after it.
    """

    def __init__(self, columns: int, lines: int, answer: Callable[[bytes], None]) -> None:
        self.underneath: Any = None
        self._answer = answer
        super().__init__(columns, lines)

    def set_mode(self, *modes: int, **how: Any) -> None:
        super().set_mode(*modes, **how)
        if how.get("private") and ALTERNATE_SCREEN in modes and self.underneath is None:
            self.save_cursor()
            self.underneath, self.buffer = self.buffer, pyte.Screen(self.columns, self.lines).buffer

    def reset_mode(self, *modes: int, **how: Any) -> None:
        super().reset_mode(*modes, **how)
        if how.get("private") and ALTERNATE_SCREEN in modes and self.underneath is not None:
            self.buffer, self.underneath = self.underneath, None
            self.restore_cursor()

    def write_process_input(self, data: str) -> None:
        """Answer a question of the program, such as where the cursor is."""
        self._answer(data.encode())

"""A program in a pseudo-terminal that is read, as a person's terminal or an SSH connection reads it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from contextlib import suppress
from time import perf_counter
from types import TracebackType

from netcore.errors import NetcoreError

__all__ = ["PseudoTerminal"]


class PseudoTerminal:
    """Starts a program; what it writes is read whenever something is waited for.

    Attributes:
        output: What it wrote since the last key.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], columns: int, lines: int) -> None:
        self.output = b""
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._process = subprocess.Popen(  # noqa: S603  # ourselves
            command, stdin=slave, stdout=slave, stderr=slave, env=dict(environment), start_new_session=True
        )
        os.close(slave)

    def __enter__(self) -> PseudoTerminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the program, if it still runs."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._master)

    def press(self, keys: bytes) -> None:
        """Send keys, as the bytes that a terminal sends for them."""
        self.output = b""
        os.write(self._master, keys)

    def wait_for(self, text: bytes, seconds: float = 60.0) -> float:
        """Read until it has written this since the last key; return after how long (seconds).

        Raises:
            NetcoreError: It has not within these seconds, or it has ended.
        """
        begin = perf_counter()
        while text not in self.output:
            if not self.read(begin + seconds - perf_counter()):
                raise NetcoreError(f"the app did not show {text.decode()!r} within {seconds:g} s; is the machine busy?")
        return perf_counter() - begin

    def drain(self, seconds: float) -> None:
        """Read for so long."""
        end = perf_counter() + seconds
        while (left := end - perf_counter()) > 0 and (self.read(left) or perf_counter() < end):
            pass

    def read(self, seconds: float) -> bool:
        """Wait for something to read, for so long at the most, and read it; return whether there was anything."""
        if not select.select([self._master], [], [], max(seconds, 0.0))[0]:
            return False
        with suppress(OSError):  # Linux's way to say that nobody holds the other end any more
            new = os.read(self._master, 65536)
            self.output += new
            return bool(new)
        return False

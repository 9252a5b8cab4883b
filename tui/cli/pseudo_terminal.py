"""A program in a pseudo-terminal behind a connection: what it writes becomes a screen, and its questions are answered.

The connection may be slow and far away. It takes so many bytes a second, and each byte, key and answer is on its way
for a while; what it has not taken yet waits in the kernel, as it would for sshd.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from pathlib import Path
from time import perf_counter
from types import TracebackType

from netcore.errors import NetcoreError
from tui.link.grid import Grid

__all__ = ["DIRECT", "Connection", "PseudoTerminal"]

_MOST = 65536
_UNFINISHED = re.compile(r"\x1b(\[[\d;?<=>!]*|\][^\x07]*)?\Z")
_QUESTION = re.compile(r"\x1b\[(\d*);?(\d*)H\x1b\[6n")


@dataclass(frozen=True, slots=True)
class Connection:
    """Between a program and whoever looks at it.

    Attributes:
        rate: Bytes a second that it takes from the program.
        delay: Seconds that everything is on its way, in each direction.
    """

    rate: float = inf
    delay: float = 0.0


DIRECT = Connection()


class PseudoTerminal:
    """Starts a program; what it writes is read whenever something is waited for, and not otherwise.

    Attributes:
        screen: What can be seen.
        received: Bytes that have arrived.
        connection: How it is reached; may be changed at any time.
        pid: Of the program.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        columns: int,
        lines: int,
        connection: Connection = DIRECT,
    ) -> None:
        self.screen, self.received = Grid(columns, lines), 0
        self.connection = connection
        self._coming: deque[tuple[float, bytes]] = deque()
        self._going: deque[tuple[float, bytes]] = deque()
        self._free_at = 0.0  # when the connection can take more
        self._ended = False
        self._decoder, self._unfinished = getincrementaldecoder("utf-8")("replace"), ""
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._process = subprocess.Popen(  # noqa: S603  # ourselves
            command, stdin=slave, stdout=slave, stderr=slave, env=dict(environment), start_new_session=True
        )
        self.pid = self._process.pid
        os.close(slave)

    def __enter__(self) -> PseudoTerminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the program, if it still runs."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._master)

    def press(self, keys: bytes) -> None:
        """Send keys, as the bytes that a terminal sends for them."""
        self._going.append((perf_counter() + self.connection.delay, keys))
        self._send()

    def wait_for(self, text: str, seconds: float = 60.0) -> float:
        """Read until this can be seen; return after how long (seconds).

        Raises:
            NetcoreError: It cannot within these seconds, or the program has ended.
        """
        return self.wait_until(lambda screen: text in screen.text, repr(text), seconds)

    def wait_until(self, seen: Callable[[Grid], bool], what: str, seconds: float = 60.0) -> float:
        """Read until the screen is as wished; return after how long (seconds).

        Raises:
            NetcoreError: It is not within these seconds, or the program has ended.
        """
        begin = perf_counter()
        while not seen(self.screen):
            if self._ended or not self.read(begin + seconds - perf_counter()):
                raise NetcoreError(f"the app did not show {what} within {seconds:g} s; is the machine busy?")
        return perf_counter() - begin

    def processor_seconds(self) -> float | None:
        """Time that the program's threads have spent on processors; None where the system does not tell (not Linux)."""
        tasks = [path.read_text() for path in Path(f"/proc/{self.pid}/task").glob("*/schedstat")]
        return sum(int(task.split()[0]) for task in tasks) / 1e9 if tasks else None

    def drain(self, seconds: float) -> None:
        """Read for so long."""
        end = perf_counter() + seconds
        while not self._ended and (left := end - perf_counter()) > 0:
            self.read(left)

    def read(self, seconds: float) -> bool:
        """Wait until something arrives, for so long at the most; return whether anything did."""
        end = perf_counter() + max(seconds, 0.0)
        while True:
            now = perf_counter()
            self._send()
            if self._coming and self._coming[0][0] <= now:
                self._arrives(self._coming.popleft()[1])
                return True
            if now >= end or (self._ended and not self._coming):
                return False
            self._take(min([end, *(queue[0][0] for queue in (self._coming, self._going) if queue)]) - now)

    def _send(self) -> None:
        """Give the program what has been on its way for long enough."""
        while self._going and self._going[0][0] <= perf_counter():
            os.write(self._master, self._going.popleft()[1])

    def _take(self, seconds: float) -> None:
        """Let the connection take something from the program, if it can within so many seconds."""
        now, rate = perf_counter(), self.connection.rate
        if self._free_at > now + seconds or self._ended:
            select.select([], [], [], seconds)
            return
        if self._free_at > now:
            select.select([], [], [], self._free_at - now)
            return
        if not select.select([self._master], [], [], seconds)[0]:
            return
        try:
            data = os.read(self._master, _MOST if rate == inf else max(int(rate / 50), 1))
        except OSError:  # Linux's way to say that nobody holds the other end any more
            data = b""
        self._ended = not data
        self._free_at = perf_counter() + len(data) / rate
        self._coming.append((self._free_at + self.connection.delay, data))

    def _arrives(self, data: bytes) -> None:
        self.received += len(data)
        text = self._unfinished + self._decoder.decode(data)
        if unfinished := _UNFINISHED.search(text):
            text, self._unfinished = text[: unfinished.start()], unfinished[0]
        else:
            self._unfinished = ""
        self.screen.write(text)
        for row, column in _QUESTION.findall(text):
            self.press(f"\x1b[{row or 1};{column or 1}R".encode())

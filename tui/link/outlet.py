"""The end of the terminal that is written to, without ever waiting for it."""

from __future__ import annotations

import os
import select
from contextlib import suppress
from time import monotonic

__all__ = ["Outlet"]


class Outlet:
    """Takes bytes; keeps those that the terminal does not take yet, so that no escape sequence is torn.

    Attributes:
        fileno: Of the terminal, to be waited for where something is left.
        gone: Whether the terminal is: what is written then is lost.
        taken: Bytes that the terminal took so far.
    """

    def __init__(self, terminal: int) -> None:
        """Have nothing open yet.

        Args:
            terminal: A descriptor of the terminal.
        """
        self.taken = 0
        self.gone = False
        self.fileno = -1
        self._terminal = terminal
        self._left = b""
        self._was_blocking: bool | None = None

    def open(self) -> None:
        """Open the terminal anew.

        Whether writing waits is a property of what was opened, and that is shared with the shell and whoever else
        inherited it: theirs must not change. Where the terminal cannot be opened by its name (after `su`, in some
        containers), the one that controls this process is the same; where there is none either, theirs does change,
        until this is closed.
        """
        for name in (os.ttyname, lambda _: "/dev/tty"):
            with suppress(OSError):
                self.fileno = os.open(name(self._terminal), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
                return
        self._was_blocking = os.get_blocking(self._terminal)
        self.fileno = os.dup(self._terminal)
        os.set_blocking(self.fileno, False)

    @property
    def left(self) -> bool:
        """Whether something is left that the terminal has not taken yet."""
        return bool(self._left)

    def write(self, data: bytes) -> None:
        """Give the terminal what it takes of what is left and of this."""
        self._left += data
        while self._left and not self.gone:
            try:
                count = os.write(self.fileno, self._left)
            except BlockingIOError:
                return
            except OSError:
                self.gone = True
            else:
                self.taken += count
                self._left = self._left[count:]
        self._left = b""

    def close(self, seconds: float) -> None:
        """Give the terminal so long for what is left, then let go of it."""
        end = monotonic() + seconds
        while self._left and (rest := end - monotonic()) > 0:
            select.select([], [self.fileno], [], rest)
            self.write(b"")
        self._left = b""
        if self._was_blocking is not None:
            os.set_blocking(self.fileno, self._was_blocking)
            self._was_blocking = None
        os.close(self.fileno)
        self.fileno = -1

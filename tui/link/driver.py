"""Textual's side of the link: a driver that draws through a `Writer` and reads without polling.

Textual's own sends whole regions, changed or not, through a queue of 30 pieces to a thread that waits for the terminal:
where a connection stalls the queue fills, the app waits, and what was queued is shown when it moves again.
"""

from __future__ import annotations

import os
import signal
import threading
from typing import Any

from textual import events
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

from tui.link.outlet import Outlet
from tui.link.reader import read
from tui.link.writer import Writer

__all__ = ["LinkDriver"]

SETTLING = 0.2
"""Seconds after which a terminal that has another size is drawn again, unless Textual draws before."""

LAST_ANSWERS, FAREWELL = 1.0, 2.0
"""Seconds at the most that leaving takes where the connection is slow: for answers, and for the last bytes."""

_WITHOUT_COMMANDS = ("linux", "vt", "dumb", "ansi", "cons", "unknown")
"""How the names of terminals begin that know no operating system commands."""


class LinkDriver(LinuxDriver):
    """Draws on a terminal and reads its keys."""

    def __init__(self, app: App[Any], **options: Any) -> None:  # noqa: ANN401  # passed on as they are
        super().__init__(app, **options)
        self._main = threading.get_ident()
        self._end_of_input: list[int] = []  # the two ends of a pipe
        obeys_commands = not os.environ.get("TERM", "unknown").startswith(_WITHOUT_COMMANDS)
        self.writer = Writer(Outlet(self.fileno), self._loop, obeys_commands=obeys_commands)

    # Drawing

    def write(self, data: str) -> None:
        """Have something drawn or sent."""
        if threading.get_ident() != self._main:  # the thread that reads answers a report of the terminal
            self._loop.call_soon_threadsafe(self.write, data)
            return
        self.writer.show(data, *self._app.size)
        self.writer.write_soon()

    def flush(self) -> None:
        """Write what there is room for, now."""
        self.writer.write()

    def repaint(self, settling: float = 0.0) -> None:
        """Draw everything again."""
        self.writer.repaint()
        self.writer.write_soon(settling)

    def _tell_size(self) -> None:
        """Tell the app how large the terminal is now, unless that reports it by itself."""
        if not self._in_band_window_resize:
            size = Size(*self._get_terminal_size())
            self._app.post_message(events.Resize(size, size))
        # One that comes back at once is no change for Textual, but the terminal has forgotten what was cut off.
        self.repaint(SETTLING)

    def _enable_mouse_support(self) -> None:
        """Have clicks and drags reported. Every move, as Textual wants it, would be a packet, and often a redraw."""
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1002h\x1b[?1015h\x1b[?1006h")

    def _disable_mouse_support(self) -> None:
        if self._mouse:
            self.write("\x1b[?1000l\x1b[?1002l\x1b[?1015l\x1b[?1006l")

    def _request_terminal_sync_mode_support(self) -> None:
        """Not asked for: a cell goes from what it shows to what it is to show, and nothing flickers between."""

    # Reading

    def run_input_thread(self) -> None:
        """Read until told to end."""
        read(self.fileno, self._end_of_input[0], self.process_message, debug=self._debug)

    def process_message(self, message: Message) -> None:
        """Pass on what the terminal reports, but for answers to our own questions."""
        if isinstance(message, events.CursorPosition):
            self.writer.answered(message.x, message.y)
        else:
            super().process_message(message)
            if isinstance(message, events.Resize):
                self._loop.call_soon_threadsafe(self.repaint, SETTLING)

    # Beginning and end

    def start_application_mode(self) -> None:
        """Take the terminal over, at the beginning or after a pause."""
        self._end_of_input = list(os.pipe())
        self.writer.begin()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # of Textual
        if self._writer_thread is not None:
            self._writer_thread.stop()  # Textual's, which is given nothing to write
            self._writer_thread = None
        # Textual reads the size while it handles the signal, where the next one can come in between: its newer size is
        # then told first, and the app goes on with the older. Read by the event loop, the last one is the newest.
        signal.signal(signal.SIGWINCH, lambda number, frame: self._loop.call_soon_threadsafe(self._tell_size))

    def disable_input(self) -> None:
        """Read no more."""
        if self._key_thread is not None and self._key_thread.is_alive():
            os.write(self._end_of_input[1], b"\0")
        super().disable_input()

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        self.writer.end(LAST_ANSWERS)
        super().stop_application_mode()

    def close(self) -> None:
        """See to it that the terminal gets what it takes to be whole."""
        super().close()
        self.writer.close(FAREWELL)
        while self._end_of_input:
            os.close(self._end_of_input.pop())

"""Writes to the terminal what it does not show yet, whenever there is room for it.

Nothing is queued. The newest state is kept as cells, what the terminal shows is known, and whenever the connection
takes bytes the difference between the two is written. One that stalled for a minute is then sent what is shown now.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from threading import Condition
from time import monotonic

from tui.link.flow import Flow
from tui.link.outlet import Outlet
from tui.link.surface import Surface

__all__ = ["Writer"]

PIECE = 4096
"""About so many bytes are written at once: what can be left half written when a connection stalls."""

_COMMAND = re.compile(r"\x1b\].*?(?:\x07|\x1b\\)", re.DOTALL)


class Writer:
    """Draws on one terminal. All but `answered` belongs to the thread of the event loop.

    Attributes:
        redraws: How often something was drawn.
    """

    def __init__(self, outlet: Outlet, loop: asyncio.AbstractEventLoop, *, obeys_commands: bool = True) -> None:
        """Write to a terminal.

        Args:
            outlet: The terminal.
            loop: The event loop of the thread that draws.
            obeys_commands: Whether the terminal knows operating system commands, such as one that sets its title;
                one that does not would show them.
        """
        self.redraws = 0
        self._outlet, self._loop, self._obeys_commands = outlet, loop, obeys_commands
        self._surface = Surface()
        self._aside = b""  # what is sent besides drawing: modes, the bell, the clipboard
        self._waiting: list[Callable[[], object]] = []
        self._flow, self._answer = Flow(), Condition()
        self._place = 0  # of the last question
        self._timer: asyncio.TimerHandle | None = None
        self._draws = False

    @property
    def bytes_written(self) -> int:
        """What the terminal has been sent so far."""
        return self._outlet.taken

    # What is to be shown

    def show(self, text: str, width: int, height: int) -> None:
        """Take in what a program writes to a terminal of so many cells."""
        self.send(self._surface.draw(text, width, height) if self._draws else text)

    def send(self, text: str) -> None:
        """Have something sent that draws nothing, whatever else waits."""
        self._aside += (text if self._obeys_commands else _COMMAND.sub("", text)).encode(errors="replace")

    def set_title(self, title: str) -> None:
        """Have this in the terminal's title."""
        if self._obeys_commands:
            self._surface.title = title

    def when_shown(self, call: Callable[[], object]) -> None:
        """Call this once all has been written that is to be shown by now."""
        self._waiting.append(call)
        self.write_soon()

    def repaint(self) -> None:
        """Draw everything again: something else has written to the terminal, or it has another size."""
        if self._draws:
            self._surface.repaint()
            with self._answer:
                self._flow.forget()

    # How it comes to be shown

    def write_soon(self, seconds: float = 0.0) -> None:
        """Write what there is room for, in so many seconds or before."""
        when = self._loop.time() + seconds
        if self._timer is None or when < self._timer.when():
            self._stop_timer()
            self._timer = self._loop.call_at(when, self.write)

    def write(self) -> None:
        """Write what there is room for, now; the rest when there is room again."""
        self._stop_timer()
        drawn = False
        while not self._outlet.left:
            with self._answer:
                room, wait = self._flow.room(monotonic()), self._flow.wait(monotonic())
            changes = self._surface.changes(min(room, PIECE))
            drawn = drawn or bool(changes)
            lost = self._surface.owed and not room and not wait  # perhaps: an answer, in a stall
            if changes or lost:
                changes += self._question(len(changes))
            elif self._surface.owed:
                self.write_soon(wait)
            data, self._aside = self._aside + changes, b""
            if not data:
                break
            self._outlet.write(data)
        else:
            self._loop.add_writer(self._outlet.fileno, self._go_on)
        self.redraws += drawn
        if not self._surface.owed and not self._outlet.left:
            waiting, self._waiting = self._waiting, []
            for call in waiting:
                self._loop.call_soon(call)

    def _go_on(self) -> None:
        """The terminal takes bytes again."""
        self._outlet.write(b"")
        if not self._outlet.left:
            self._loop.remove_writer(self._outlet.fileno)
            self.write()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _question(self, count: int) -> bytes:
        """What follows so many bytes, to hear when they have arrived."""
        self._place = self._surface.next_place(self._place)
        question = self._surface.question(self._place)
        with self._answer:
            self._flow.wrote(count + len(question), self._place, monotonic())
        return question

    def answered(self, column: int, row: int) -> None:
        """The terminal says that its cursor is there; any thread may pass this on."""
        with self._answer:
            self._flow.answered(self._surface.place(column, row), monotonic())
            self._answer.notify()
        self._loop.call_soon_threadsafe(self.write)

    # How it begins and ends

    def begin(self) -> None:
        """Take the terminal over; what was shown before, if anything was, is drawn again."""
        self._outlet.open()
        self._draws = True
        self.repaint()

    def end(self, seconds: float) -> None:
        """Draw no more.

        Waits so long at the most for answers that are on their way: whoever reads the terminal next would take them
        for something typed.
        """
        self._draws = False
        self._aside += self._surface.farewell()
        self.write()
        with self._answer:
            if not self._outlet.gone and self._flow.round_trip is not None and not self._flow.stalls(monotonic()):
                self._answer.wait_for(lambda: not self._flow.unanswered, seconds)

    def close(self, seconds: float) -> None:
        """Give the terminal so long for what is left, then let go of it; nothing happens where it was never taken."""
        if self._outlet.fileno >= 0:
            self._stop_timer()
            self._loop.remove_writer(self._outlet.fileno)
            self._outlet.write(self._aside)
            self._aside = b""
            self._outlet.close(seconds)

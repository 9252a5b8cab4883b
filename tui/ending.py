"""How the app ends: by its keys, by a signal, or with its terminal. A run that it trains is never lost.

Keys and Ctrl-C ask what is to become of the run. A signal, or a terminal that is gone, cannot: the run goes on in a
process of its own, or is stopped and kept, as ``on_hangup`` says.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import sys
import termios
from collections.abc import Iterator
from functools import partial
from threading import Event as Flag
from threading import Lock, Thread
from typing import TYPE_CHECKING, Literal

from tui.screens.session import Session

if TYPE_CHECKING:
    from textual.app import App

    from tui.screens.shown_run import Fate
    from tui.screens.stop_dialog import StopChoice

__all__ = ["Ending", "OnHangup"]

OnHangup = Literal["detach", "stop"]
"""What becomes of a run where nobody can be asked."""

PATIENCE = 5.0
"""Seconds that a terminal may take to be put in order, once the run is safe; one may take nothing any more."""


class Ending:
    """The ways in which an app is left."""

    def __init__(self, app: App[None], session: Session, on_hangup: OnHangup) -> None:
        """Of this app and its session; ``on_hangup`` says what becomes of the run where nobody can be asked."""
        self._app = app
        self._session = session
        self._otherwise: Fate = "detach" if on_hangup == "detach" else "keep"
        self._events: asyncio.AbstractEventLoop | None = None
        self._begun, self._closed = Flag(), Flag()
        self._once = Lock()  # for the first that ends the app from outside
        self._left_a_run = False

    # By keys

    async def ask(self, code: int = 0) -> None:
        """Leave with this exit code; ask first what is to become of a run that is trained here."""
        own = self._session.own
        if own is None or own.done or own.controls.ending:
            self._leave(code)
            return
        from tui.screens.stop_dialog import StopDialog  # noqa: PLC0415  # not needed for the first screen

        before = self._app.current_mode

        def answer(choice: StopChoice | None) -> None:
            if choice == "go on":
                self._app.switch_mode(before)
                return
            self._left_a_run = True
            self._leave(code)
            if choice is not None:  # else it has ended by itself meanwhile
                self._session.end(choice)

        await self._app.switch_mode("train")  # whose plots keep moving under the question
        self._app.push_screen(StopDialog(self._session, leaving=True), answer)

    async def interrupt(self) -> None:
        """Ctrl-C: likewise; and where that is being asked, stop and keep."""
        from tui.screens.stop_dialog import StopDialog  # noqa: PLC0415  # not needed for the first screen

        if isinstance(self._app.screen, StopDialog):
            self._app.screen.dismiss("keep")
        else:
            await self.ask(128 + signal.SIGINT)

    def _leave(self, code: int) -> None:
        """Close the screen at once; who runs the app then waits until the run is in safety."""
        self._left_a_run = self._left_a_run or self._session.training
        self._app.exit(return_code=code)

    # From outside

    def begun(self) -> None:
        """From now on there is a screen to close; called on its thread."""
        self._events = asyncio.get_running_loop()
        self._begun.set()

    @contextlib.contextmanager
    def watched_for(self) -> Iterator[None]:
        """Run the app in this context. Whatever ends it, a run is brought into safety, and a line says where it is."""
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) is not signal.SIG_IGN:  # what is ignored stays so: SIGHUP under nohup
                signal.signal(number, self._hear)
        Thread(target=self._watch_terminal, name="terminal", daemon=True).start()
        try:
            yield
        finally:
            self._closed.set()
            if self._left_a_run or self._session.training:
                self._session.settle(self._otherwise)
                self._session.take_new_records()
                sys.stdout.write(f"{self._session.outcome}\n")

    def _hear(self, number: int, _frame: object) -> None:
        """A signal to end. It may come twice: a shell passes SIGHUP on."""
        if number != signal.SIGINT:
            Thread(target=self._end, args=[128 + number], name="end", daemon=True).start()
        elif self._events is None:
            raise KeyboardInterrupt
        elif not self._events.is_closed():
            self._events.call_soon_threadsafe(partial(self._app.call_later, self.interrupt))

    def _watch_terminal(self) -> None:
        """Wait for the terminal to go. Under nohup no signal tells of it."""
        watch = select.poll()
        watch.register(sys.stdin.fileno(), 0)  # for nothing but the end of it
        if any(event & (select.POLLHUP | select.POLLERR) for _, event in watch.poll()):
            self._end(128 + signal.SIGHUP)

    def _end(self, code: int) -> None:
        """Bring the run into safety and end; in a thread, because the screen's may wait for the terminal for ever."""
        if not self._once.acquire(blocking=False):
            return
        self._left_a_run = self._session.training
        self._session.settle(self._otherwise)
        there = not _terminal_is_lost() and self._begun.wait(PATIENCE)
        if there and self._events is not None and not self._events.is_closed():
            self._events.call_soon_threadsafe(self._leave, code)
            if self._closed.wait(PATIENCE):
                return
        os._exit(code)


def _terminal_is_lost() -> bool:
    try:
        termios.tcgetattr(0)
    except termios.error:
        return True
    return False

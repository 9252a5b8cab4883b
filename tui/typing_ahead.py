"""Keys take effect in the order in which they were typed, however fast they come."""

from __future__ import annotations

from collections import deque
from typing import Any

from textual import events
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget

__all__ = ["TypingAheadApp"]

_ROUNDS = 2
"""Once behind the key itself, and once behind what its widget has told in answer, such as a line that was submitted."""

_LOST = 0.02
"""Seconds between two looks whether the question is still under way: a dialog that closes takes it along."""

_PATIENCE = 50
"""So many looks, a second, and the next key is let through whatever the one before may still do."""


class Answered(Message):
    """A question that is asked behind a key, and comes back to the app as the key did."""

    def __init__(self, asked: int) -> None:
        super().__init__()
        self.asked = asked


class TypingAheadApp(App[None]):
    """An app that lets a key through once all is done that the one before does.

    Textual gives each key to the widget that has the focus, and looks only when it comes back from there what it is
    bound to. Of keys that arrive together, as a slow connection brings them, the second has gone to the old widget by
    then: `3g42` asked Models for image 42, and ended on Train. Here a key that is bound acts at once. Behind one that
    a line of text takes, or that changes who answers keys, the next waits until that is done.
    """

    def __init__(self) -> None:
        super().__init__()
        self._ahead: deque[events.Key | events.Paste] = deque()
        self._asked = self._rounds = self._looks = 0
        self._at: MessagePump | None = None  # who answers a key just now
        self._seen: Screen[Any] | None = None  # where the last one acted, or where the next one will

    def on_mount(self) -> None:
        """Be ready to miss an answer; only while one is waited for."""
        self._watch = self.set_interval(_LOST, self._look, pause=True)

    async def on_event(self, event: events.Event) -> None:
        """Keep what is typed ahead for later; all else goes its way."""
        if isinstance(event, events.Key) and event.key == "ctrl+j":
            event = events.Key("enter", "\r")  # so the terminal wrote it down before it gave its keys to the app
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded or _waits_for_nothing(event):
            await super().on_event(event)
        elif self._at is not None:
            self._ahead.append(event)
        elif self._shown is not None:
            await self._let_through(event)

    async def _let_through(self, event: events.Key | events.Paste) -> None:
        self.app_focus = True  # as Textual does: what had the focus before the terminal lost it has it again
        before, self._seen = self._answering, self._shown
        self._at, self._rounds, self._looks = before, 0, 0
        if not isinstance(event, events.Key) or self._may_take_keys(before) or not await self._is_bound(event.key):
            await super().on_event(event)
        elif self._answering is before and not any(pump.message_queue_size for pump in (before, self._seen) if pump):
            self._at = None  # nobody has anything more to do because of it
            return
        self._ask()

    @property
    def _answering(self) -> MessagePump:
        """Who answers keys now."""
        return (self._shown and self.focused) or self._shown or self

    @property
    def _shown(self) -> Screen[Any] | None:
        """The screen on top; None while the app closes."""
        return self.screen if self.screen_stack else None

    @staticmethod
    def _may_take_keys(widget: MessagePump) -> bool:
        """Whether it looks at keys itself before they are looked up, as a line of text does."""
        return any({"on_key", "_on_key"} & vars(kind).keys() for kind in type(widget).__mro__ if kind is not Widget)

    async def _is_bound(self, key: str) -> bool:
        """Do what a key is bound to; return whether it is."""
        return await self._check_bindings(key, priority=True) or await self._check_bindings(key)

    def _ask(self) -> None:
        """Ask whoever answers keys whether it has done so; the answer comes behind all that it has to do before."""
        self._at = self._answering
        self._asked += 1
        question = Answered(self._asked)
        if self._seen is self._shown:
            self._at.post_message(question)
        else:
            self._seen = self._shown
            self._at.call_after_refresh(self._at.post_message, question)  # keys may ask for what has what room
        self._watch.resume()

    async def on_answered(self, message: Answered) -> None:
        """It has; if others answer keys by now, they are asked too."""
        if message.asked != self._asked:
            return  # a question that seemed lost
        self._rounds += 1
        if self._rounds < _ROUNDS or self._answering is not self._at:
            self._ask()
        else:
            await self._go_on()

    async def _go_on(self) -> None:
        """Let through what was typed ahead, up to a key that takes longer."""
        self._watch.pause()
        self._at = None
        while self._ahead and self._at is None and self._shown is not None:
            await self._let_through(self._ahead.popleft())

    async def _look(self) -> None:
        """Ask again where the question went down with its widget."""
        self._looks += 1
        if self._looks > _PATIENCE:
            self._asked += 1  # whatever comes back now is too late
            await self._go_on()
        elif self._answering is not self._at:
            self._ask()


def _waits_for_nothing(event: events.Event) -> bool:
    return isinstance(event, events.Key) and event.key == "ctrl+c"

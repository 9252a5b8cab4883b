"""One of a few words, chosen with left and right: a line high, and it shows the chosen word at once."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

__all__ = ["Choice"]


class Choice(Widget, can_focus=True):
    """A word between arrows.

    Attributes:
        value: The chosen word.
    """

    DEFAULT_CSS = """
    Choice { height: 1; }
    Choice:focus { background: $block-cursor-blurred-background; text-style: bold; }
    """

    value: reactive[str] = reactive("", init=False)

    class Changed(Message):
        """Another word is chosen.

        Attributes:
            choice: The widget.
        """

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self, words: Sequence[str], value: str, *, id: str | None = None) -> None:  # Textual's word
        super().__init__(id=id)
        self._words = tuple(words)
        self.set_reactive(Choice.value, value)

    def render(self) -> Content:
        """The word between arrows."""
        return Content.assemble(("‹ ", "dim"), self.value, (" ›", "dim"))

    def watch_value(self) -> None:
        """Tell it."""
        self.post_message(self.Changed(self))

    def on_key(self, event: events.Key) -> None:
        """Left and right choose."""
        if event.key in ("left", "right", "space"):
            event.stop()
            self.turn(-1 if event.key == "left" else 1)

    def turn(self, step: int) -> None:
        """Choose the word so many places on; after the last comes the first."""
        place = self._words.index(self.value) if self.value in self._words else -1
        self.value = self._words[(place + step) % len(self._words)]

    def on_click(self, event: events.Click) -> None:
        """A click chooses the next word, on the left arrow the one before."""
        self.turn(-1 if event.x < 2 else 1)

"""How a run stands: its phase as a word, what to know about it, and the numbers of one epoch."""

from __future__ import annotations

import textwrap

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from tui.render.cells import line
from tui.render.inks import Inks
from tui.render.run_text import Reading
from tui.render.tier import Tier
from tui.widgets.strips import StripWidget

__all__ = ["RunStatus"]


class RunStatus(StripWidget):
    """Two lines, or more where an error needs them. The first is reversed while all waits for a person."""

    DEFAULT_CSS = """
    RunStatus { height: auto; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._word, self._text, self._title = "", "", ""
        self._reading = Reading()
        self._loud = False

    def show(self, word: str, text: str, title: str = "", reading: Reading | None = None, loud: bool = False) -> None:
        """Show another state.

        Args:
            word: The phase.
            text: What to know about it.
            title: What is trained; left out where there is no room.
            reading: Numbers below.
            loud: Whether everything waits for a person.
        """
        new = (word, text, title, reading or Reading(), loud)
        if new != (self._word, self._text, self._title, self._reading, self._loud):
            before = self._wrapped(self.size.width)
            self._word, self._text, self._title, self._reading, self._loud = new
            self.redraw()
            if len(before) != len(self._wrapped(self.size.width)):
                self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as the words take."""
        return len(self._wrapped(width)) + 1

    def draw(self, width: int, height: int, inks: Inks, tier: Tier) -> list[Strip]:
        """The lines."""
        first, *more = self._wrapped(width)
        word, rest = f" {self._word} ", first
        chip = inks.selected if self._loud else inks.strong
        room = width - cell_len(word) - cell_len(rest) - 2
        title = self._title if not more and room >= cell_len(self._title) + 3 else ""
        row = [(word, chip), ("  ", Style()), (rest, inks.text), (title.rjust(room), inks.muted)]
        if self._loud:
            row = [(text, inks.selected) for text, _ in row]
        strips = [line(width, tier, *row)]
        strips += [line(width, tier, (f" {text}", inks.text)) for text in more]
        head = f" {self._reading.head} " if self._reading.head else ""
        head_ink = inks.selected if self._reading.chosen else inks.muted
        return [*strips, line(width, tier, (head, head_ink), ("  ", Style()), (self._reading.text, inks.text))]

    def _wrapped(self, width: int) -> list[str]:
        """The text in rows, the first of them behind the phase."""
        indent = len(self._word) + 4
        rows = textwrap.wrap(self._text, max(width - 1, 20), initial_indent="x" * indent) or ["x" * indent]
        return [rows[0][indent:], *rows[1:]]

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
from tui.render.tier import Tier, writable
from tui.widgets.strips import StripWidget, tier_of

__all__ = ["RunStatus"]

_GAP = "   "


class RunStatus(StripWidget):
    """Two lines, or more where words or room need them. The first is reversed while all waits for a person."""

    DEFAULT_CSS = """
    RunStatus { height: auto; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._word, self._text, self._title = "", "", ""
        self._reading = Reading()
        self._loud = False

    def show(self, word: str, text: str, title: str, reading: Reading, *, loud: bool = False) -> None:
        """Show another state; nothing is drawn again if it is the same as before.

        Args:
            word: The phase.
            text: What to know about it.
            title: What is trained; left out where there is no room.
            reading: Numbers below.
            loud: Whether everything waits for a person.
        """
        new = (word, text, title, reading, loud)
        if new != (self._word, self._text, self._title, self._reading, self._loud):
            before = self._rows(self.size.width)
            self._word, self._text, self._title, self._reading, self._loud = new
            self.redraw()
            if self._rows(self.size.width) != before:
                self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as the words and the numbers take."""
        return self._rows(width)

    def _rows(self, width: int) -> int:
        return len(self._wrapped(width)) + len(self._numbers(width))

    def draw(self, width: int, height: int, inks: Inks, tier: Tier) -> list[Strip]:
        """The lines."""
        first, *more = self._wrapped(width)
        word = f" {self._word} "
        room = width - cell_len(word + first) - 3
        title = self._title if not more and room >= cell_len(self._title) + len(_GAP) else ""
        row = [(word, inks.strong), ("  ", Style()), (first, inks.text), (title.rjust(room), inks.muted)]
        if self._loud:
            row = [(part, inks.selected) for part in (*(text for text, _ in row), " ")]
        strips = [line(width, tier, *row), *(line(width, tier, (f" {text}", inks.text)) for text in more)]
        head = f" {self._reading.head} " if self._reading.head else ""
        head_ink = inks.selected if self._reading.chosen else inks.muted
        for numbers in self._numbers(width):
            strips.append(line(width, tier, (head, head_ink), ("  ", Style()), (numbers, inks.text)))
            head, head_ink = " " * cell_len(writable(head, tier)), Style()
        return strips

    def _wrapped(self, width: int) -> list[str]:
        """The text in rows, the first of them behind the phase."""
        indent = len(self._word) + 4
        rows = textwrap.wrap(self._text, max(width - 1, 20), initial_indent="x" * indent) or ["x" * indent]
        return [rows[0][indent:], *rows[1:]]

    def _numbers(self, width: int) -> list[str]:
        """The numbers in one row, or a group in each where that is too narrow."""
        head, together = writable(self._reading.head, tier_of(self)), _GAP.join(self._reading.texts)
        fits = cell_len(head) + 4 + cell_len(together) <= width
        return [together] if fits else list(self._reading.texts)

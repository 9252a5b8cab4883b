"""How a run stands: its phase as a word, what to know about it, and the numbers of one epoch."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from tui.render.cells import line
from tui.render.glyphs import writable
from tui.render.inks import Inks
from tui.render.run_text import Reading
from tui.render.tier import Tier
from tui.widgets.strips import StripWidget, tier_of

__all__ = ["RunStatus"]

_GAP = "   "
_LOW = 18
"""Rows of a terminal below which a text that is not needed whole gets one row."""


@dataclass(frozen=True)
class _Status:
    word: str
    text: str
    title: str
    reading: Reading
    loud: bool
    whole: bool


class RunStatus(StripWidget):
    """Two lines, or more where words or room need them. The first is reversed while all waits for a person."""

    DEFAULT_CSS = """
    RunStatus { height: auto; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._status = _Status("", "", "", Reading(), loud=False, whole=False)

    def show(
        self, word: str, text: str, title: str, reading: Reading, *, loud: bool = False, whole: bool = False
    ) -> None:
        """Show another state; nothing is drawn again if it is the same as before.

        Args:
            word: The phase.
            text: What to know about it.
            title: What is trained; left out where there is no room.
            reading: Numbers below.
            loud: Whether everything waits for a person.
            whole: Whether the text is to be read to its end, however few rows there are.
        """
        new = _Status(word, text, title, reading, loud=loud, whole=whole)
        if new != self._status:
            before = self._rows(self.size.width)
            self._status = new
            self.redraw()
            if self._rows(self.size.width) != before:
                self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as the words and the numbers take."""
        return self._rows(width)

    def _rows(self, width: int) -> int:
        return len(self._wrapped(width)) + len(self._numbers(width)) - 1

    def draw(self, width: int, height: int, inks: Inks, tier: Tier) -> list[Strip]:
        """The lines."""
        first, *more = self._wrapped(width)
        word = f" {self._status.word} "
        room = width - cell_len(word + first) - 3
        title = self._status.title if not more and room >= cell_len(self._status.title) + len(_GAP) else ""
        row = [(word, inks.strong), ("  ", Style()), (first, inks.text), (title.rjust(room), inks.muted)]
        if self._status.loud:
            row = [(part, inks.selected) for part in (*(text for text, _ in row), " ")]
        strips = [line(width, tier, *row), *(line(width, tier, (f" {text}", inks.text)) for text in more)]
        head, *rows = self._numbers(width)
        head_ink = inks.selected if self._status.reading.chosen else inks.muted
        for numbers in rows:
            strips.append(line(width, tier, (head, head_ink), ("  " if head else " ", Style()), (numbers, inks.text)))
            head, head_ink = " " * cell_len(writable(head, tier)), Style()
        return strips

    def _wrapped(self, width: int) -> list[str]:
        """The text in rows, the first of them behind the phase."""
        indent = "x" * (len(self._status.word) + 4)
        room = max(width - 1, len(indent) + 10)  # a hidden widget has no width
        most = 1 if self.app.size.height < _LOW and not self._status.whole else None
        rows = textwrap.wrap(self._status.text, room, initial_indent=indent, max_lines=most, placeholder=" …")
        rows = rows or [indent]
        return [rows[0][len(indent) :], *rows[1:]]

    def _numbers(self, width: int) -> list[str]:
        """Of which epoch they are, then the numbers: in one row, or a group in each where that is too narrow.

        Where even that is, they stand alone: the newest epoch is told elsewhere, a chosen one by its bare number.
        """
        if not self._status.reading.texts:
            return ["", ""]
        tier, together = tier_of(self), _GAP.join(self._status.reading.texts)
        head = f" {self._status.reading.head} "
        room = width - cell_len(writable(head, tier)) - 2
        if cell_len(together) <= room:
            return [head, together]
        if max(map(cell_len, self._status.reading.texts)) > room:
            head = f" {self._status.reading.number} " if self._status.reading.chosen else ""
        return [head, *self._status.reading.texts]

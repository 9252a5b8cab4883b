"""A few lines of words, parts of them bold, dim or coloured, in characters that every terminal has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from tui.render.cells import line
from tui.render.glyphs import writable
from tui.render.inks import Inks
from tui.render.tier import Tier
from tui.widgets.strips import StripWidget

__all__ = ["Tone", "Words"]

Tone = Literal["text", "strong", "muted", "good", "bad", "note", "chip good", "chip bad", "chip"]
"""How a part looks. A chip is a reversed word: the one answer that is read from across the room."""

_BOLD, _CHIP = Style(bold=True), Style(bold=True, reverse=True)


class Words(StripWidget):
    """Lines of text, each a sequence of parts with a tone. A line that is too long ends in an ellipsis."""

    DEFAULT_CSS = """
    Words { height: auto; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._lines: tuple[tuple[tuple[str, Tone], ...], ...] = ()

    def show(self, *lines: Sequence[tuple[str, Tone]]) -> None:
        """Show other lines; nothing is drawn again if they are the same as before."""
        new = tuple(tuple(parts) for parts in lines)
        if new != self._lines:
            taller = len(new) != len(self._lines)
            self._lines = new
            self.redraw()
            if taller:
                self.refresh(layout=True)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """As many rows as lines."""
        return len(self._lines)

    def draw(self, width: int, height: int, inks: Inks, tier: Tier) -> list[Strip]:
        """The lines."""
        styles: dict[Tone, Style] = {
            "text": inks.text,
            "strong": inks.strong,
            "muted": inks.muted,
            "good": inks.good + _BOLD,
            "bad": inks.bad + _BOLD,
            "note": inks.series[1] + _BOLD,
            "chip": inks.strong + _CHIP,
            "chip good": inks.good + _CHIP,
            "chip bad": inks.bad + _CHIP,
        }
        return [self._strip(parts, styles, width, tier) for parts in self._lines[:height]]

    def _strip(self, parts: Sequence[tuple[str, Tone]], styles: dict[Tone, Style], width: int, tier: Tier) -> Strip:
        """One line; where it is cut off, an ellipsis says so."""
        styled = [(writable(text, tier), styles[tone]) for text, tone in parts]
        if sum(cell_len(text) for text, _ in styled) <= width:
            return line(width, tier, *styled)
        more = writable("…", tier)
        cut = line(width - len(more), tier, *styled)
        return Strip.join([cut, line(len(more), tier, (more, styles["muted"]))])

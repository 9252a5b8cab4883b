"""A sheet of terminal cells to write on, turned into Textual strips at the end.

Writing cells and making one strip a row is a tenth of the cost of building a Rich text and laying it out.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.render.glyphs import writable
from tui.render.tier import Tier

__all__ = ["Cells", "fitted", "line"]

_PLAIN = Style()


class Cells:
    """A sheet of ``width`` x ``height`` cells, blank at first. What is written beyond its edges is cut off."""

    def __init__(self, width: int, height: int, tier: Tier) -> None:
        self.width, self.height, self.tier = max(width, 0), max(height, 0), tier
        self.characters = [[" "] * self.width for _ in range(self.height)]
        self.styles = [[_PLAIN] * self.width for _ in range(self.height)]

    def write(self, column: int, row: int, text: str, style: Style = _PLAIN) -> int:
        """Write a text from a cell to the right; returns the column behind it. A wide character takes two cells."""
        text = writable(text, self.tier)
        for character in text:
            size = 1 if text.isascii() else cell_len(character)
            if 0 <= row < self.height and column >= 0 and column + size <= self.width and size:
                self._part(column, row)
                self._part(column + size, row)
                self.characters[row][column : column + size] = [character, ""][:size]
                self.styles[row][column : column + size] = [style] * size
            column += size
        return column

    def _part(self, column: int, row: int) -> None:
        """Blank a wide character that stands across this column's left edge: half of it is about to go."""
        characters = self.characters[row]
        if column < self.width and characters[column] == "":
            characters[column - 1 : column + 1] = [" ", " "]

    def is_free(self, column: int, row: int, length: int) -> bool:
        """Whether these cells are on the sheet and blank."""
        inside = 0 <= row < self.height and column >= 0 and column + length <= self.width
        return inside and all(character == " " for character in self.characters[row][column : column + length])

    def restyle(self, column: int, row: int, length: int, style: Style) -> None:
        """Lay a style over what is already written."""
        if 0 <= row < self.height:
            for place in range(max(column, 0), min(column + length, self.width)):
                self.styles[row][place] += style

    def strips(self) -> list[Strip]:
        """One strip a row, each exactly as wide as the sheet."""
        return [
            Strip(_segments(characters, styles), self.width)
            for characters, styles in zip(self.characters, self.styles, strict=True)
        ]


def _segments(characters: list[str], styles: list[Style]) -> Iterable[Segment]:
    """Neighbours of one style become one segment."""
    start = 0
    for end in range(1, len(styles) + 1):
        if end == len(styles) or styles[end] is not styles[start]:
            yield Segment("".join(characters[start:end]), styles[start])
            start = end


def line(width: int, tier: Tier, *parts: tuple[str, Style]) -> Strip:
    """A strip of texts one behind the other, cut off or filled up to a width."""
    cells = Cells(width, 1, tier)
    column = 0
    for text, style in parts:
        column = cells.write(column, 0, text, style)
    return cells.strips()[0]


def fitted(text: str, width: int, tier: Tier = "truecolor") -> str:
    """The text cut with an ellipsis, or filled with blanks, to exactly so many cells."""
    text = writable(text, tier)
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    ellipsis = writable("…", tier)
    if width <= len(ellipsis) + 1:
        return set_cell_size(text, width)
    return set_cell_size(text, width - len(ellipsis)) + ellipsis

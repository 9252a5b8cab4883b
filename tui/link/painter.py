"""What must be written so that a terminal shows what it should: the cells that differ, with the fewest bytes."""

from __future__ import annotations

from tui.link.grid import UNKNOWN, Grid
from tui.link.pens import blank, change

__all__ = ["Painter"]

_NOT_WRITTEN = ("", UNKNOWN)
"""The second half of a wide character, which is written with the first; and what nobody has drawn yet."""


class Painter:
    """Knows what the terminal shows, where its cursor is and which pen it holds, and brings it up to date row by row.

    The pen is kept from one call to the next: nothing else may draw on the terminal.
    """

    def __init__(self, width: int, height: int) -> None:
        """Nothing is known of what the terminal shows."""
        self._shown = Grid(width, height)
        self._pen: str | None = None
        self._at: tuple[int, int] | None = None

    def row(self, wanted: Grid, y: int) -> str:
        """What makes the terminal's row the wanted one; empty if it is that already. It is taken to be written."""
        characters, pens = wanted.characters[y], wanted.pens[y]
        shown, shown_pens = self._shown.characters[y], self._shown.pens[y]
        if characters == shown and pens == shown_pens:
            return ""
        parts: list[str] = []
        for x, character in enumerate(characters):
            pen = pens[x]
            if (character == shown[x] and pen == shown_pens[x]) or character in _NOT_WRITTEN:
                continue
            if (x, y) != self._at:
                parts.append(self._go(wanted, x, y))
            if pen != self._pen:
                parts.append(self._take(character, pen))
            parts.append(character)
            after = x + 1
            while after < wanted.width and characters[after] == "":
                after += 1
            self._at = (after, y) if after < wanted.width else None  # terminals differ in what the last column does
        shown[:], shown_pens[:] = characters, pens
        return "".join(parts)

    def cursor(self, x: int, y: int) -> str:
        """Moves the terminal's cursor."""
        if self._at == (x, y):
            return ""
        self._at = (x, y)
        return f"\x1b[{y + 1};{x + 1}H" if x or y else "\x1b[H"

    def _go(self, wanted: Grid, x: int, y: int) -> str:
        """To a cell; over a few cells that are right already, by writing them again where that is shorter."""
        if self._at is None or self._at[1] != y or self._at[0] > x:
            return self.cursor(x, y)
        gap = x - self._at[0]
        if not gap:
            return ""
        step = f"\x1b[{gap}C" if gap > 1 else "\x1b[C"
        between = "".join(wanted.characters[y][self._at[0] : x])
        same_pen = all(self._holds(wanted.characters[y][at], wanted.pens[y][at]) for at in range(self._at[0], x))
        known = UNKNOWN not in between
        return between if known and same_pen and len(between.encode()) <= len(step) else step

    def _holds(self, character: str, pen: str) -> bool:
        return self._pen is not None and (pen == self._pen or (character == " " and pen == blank(self._pen)))

    def _take(self, character: str, pen: str) -> str:
        """Change to the pen that a character needs."""
        if self._holds(character, pen):
            return ""
        before, self._pen = self._pen, pen
        return change(before, pen) if before is not None else f"\x1b[{';'.join(filter(None, ('0', pen)))}m"

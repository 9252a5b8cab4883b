"""What the terminal is to show beside what it shows, and the bytes that lead from one to the other."""

from __future__ import annotations

from tui.link.grid import Grid
from tui.link.painter import Painter

__all__ = ["Surface"]

KEEP_TITLE, GIVE_TITLE_BACK = "\x1b[22;2t", "\x1b]2;\x07\x1b[23;2t"
"""A terminal that cannot keep its title is left with none, and the next prompt of the shell sets it."""


class Surface:
    """The cells of one terminal, and its title.

    Attributes:
        title: What it is to be; None leaves it alone.
    """

    def __init__(self) -> None:
        self.title: str | None = None
        self._shown_title: str | None = None
        self._wanted, self._painter = Grid(0, 0), Painter(0, 0)

    # What is to be shown

    def draw(self, text: str, width: int, height: int) -> str:
        """Take in what a program writes to a terminal of so many cells; return what of it draws nothing."""
        if (width, height) != (self._wanted.width, self._wanted.height):
            self._wanted = Grid(width, height)
            self.repaint()
        return self._wanted.write(text)

    def repaint(self) -> None:
        """Know nothing of what the terminal shows: it will be drawn from nothing."""
        self._painter = Painter(self._wanted.width, self._wanted.height)
        self._wanted.touched = dict.fromkeys(range(self._wanted.height))

    # What must be written for it

    @property
    def owed(self) -> bool:
        """Whether the terminal may show something else than it is to."""
        return bool(self._wanted.touched) or self.title != self._shown_title

    def changes(self, least: int) -> bytes:
        """What to write, until it is so many bytes or all; empty where the terminal shows already what it is to.

        What has been owed for longest comes first, so that no row waits for ever on a slow connection.
        """
        changes = self._title_change() if least else b""
        touched = self._wanted.touched
        while touched and len(changes) < least:
            row = next(iter(touched))
            del touched[row]
            changes += self._painter.row(self._wanted, row).encode(errors="replace")
        return changes

    def _title_change(self) -> bytes:
        if self.title == self._shown_title or self.title is None:
            return b""
        keep = KEEP_TITLE if self._shown_title is None else ""
        self._shown_title = self.title
        return f"{keep}\x1b]2;{''.join(filter(str.isprintable, self.title))}\x07".encode(errors="replace")

    def question(self, place: int) -> bytes:
        """Asks the terminal where its cursor is, which is put at a place, a number, that the answer gives back.

        Elsewhere than at home the cursor is then put back, because input methods write beside it.
        """
        row, column = divmod(place, max(self._wanted.width, 1))
        question = f"{self._painter.cursor(column, row)}\x1b[6n"
        if self._wanted.row or self._wanted.column:
            question += self._painter.cursor(self._wanted.column, self._wanted.row)
        return question.encode()

    def place(self, column: int, row: int) -> int:
        """The number of a place."""
        return row * self._wanted.width + column

    def next_place(self, place: int) -> int:
        """The one after it, at the end the first again; none in the first row, where answers could be F3 as well."""
        first, last = (self.place(0, 1) if self._wanted.height > 1 else 0), self.place(-1, self._wanted.height)
        return place + 1 if first <= place < last else first

    def farewell(self) -> bytes:
        """What gives the terminal its pen and its title back; nothing is owed any more."""
        self._wanted.touched.clear()
        kept, self._shown_title, self.title = self._shown_title is not None, None, None
        return ("\x1b[m" + (GIVE_TITLE_BACK if kept else "")).encode()

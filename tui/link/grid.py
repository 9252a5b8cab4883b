"""The cells of a terminal: what stands in each, and with which pen.

What a full-screen program writes becomes cells here. It need not be a whole terminal: Textual moves the cursor, changes
the pen and writes text. Whatever else it sends is handed back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len, get_character_cell_size

from tui.link.pens import PLAIN, after, blank

__all__ = ["UNKNOWN", "Grid"]

UNKNOWN = "\0"
"""In a cell of which nobody knows what it shows."""

_DRAWING = re.compile(r"\[([\d;]*)([mHC])")
_OTHER = re.compile(r"\[[?<=>!]?[\d;]*[ -/]*[@-~]|\].*?(?:\x07|$)|[ -~]", re.DOTALL)
"""Escape sequences without their escape character."""


class Grid:
    """Rows of cells.

    Attributes:
        characters: Of each row; the second cell of a wide character is empty.
        pens: Of each row; a blank cell has a pen that says no more than what is seen of it.
        touched: Rows in which something was written since somebody took them out, those first that were so first.
        column: Of the cursor, from 0.
        row: Of the cursor, from 0.
    """

    def __init__(self, width: int, height: int) -> None:
        """All cells are unknown."""
        self.width, self.height = width, height
        self.characters = [[UNKNOWN] * width for _ in range(height)]
        self.pens = [[PLAIN] * width for _ in range(height)]
        self.touched: dict[int, None] = {}
        self.column = self.row = 0
        self._pen = PLAIN

    @property
    def text(self) -> str:
        """What can be read, line by line."""
        return "\n".join("".join(row).replace(UNKNOWN, " ").rstrip() for row in self.characters)

    def write(self, text: str) -> str:
        """Take in what a program writes, whole sequences at a time; return what of it is no drawing."""
        first, *pieces = text.split("\x1b")
        left = self._put(first)
        for piece in pieces:
            if piece == "[0m":  # half of all pieces, as Textual writes
                self._pen = PLAIN
                continue
            if found := _DRAWING.match(piece):
                codes, kind = found.groups()
                if kind == "m":
                    self._pen = after(self._pen, codes)
                elif kind == "H":
                    row, _, column = codes.partition(";")
                    self.row, self.column = int(row or 1) - 1, int(column or 1) - 1
                else:
                    self.column += int(codes or 1)
            elif found := _OTHER.match(piece):
                left += f"\x1b{found[0]}"
            if found and (rest := piece[found.end() :]):
                left += self._put(rest)
        return left

    def _put(self, text: str) -> str:
        """Write characters where the cursor is; return those that are not seen."""
        if text.isprintable() and (text.isascii() or cell_len(text) == len(text)):
            self._fill(text, len(text))
            return ""
        unseen = ""
        for character in text:
            if character == "\n":
                self.row, self.column = self.row + 1, 0
            elif character == "\r":
                self.column = 0
            elif character < " ":
                unseen += character
            elif width := get_character_cell_size(character):
                self._fill([character, *[""] * (width - 1)], width)
            elif 0 < self.column <= self.width and self.row < self.height:
                self.characters[self.row][self.column - 1] += character  # an accent, on the letter before it
        return unseen

    def _fill(self, characters: Sequence[str], count: int) -> None:
        """Fill the next cells; what lies outside is lost, and half a wide character becomes a blank."""
        begin, end = self.column, self.column + count
        self.column = end
        if end > self.width:
            end = max(self.width, begin)
            characters = characters[: end - begin]
        if begin == end or self.row >= self.height:
            return
        row = self.characters[self.row]
        if row[begin] == "":
            row[begin - 1] = " "
        if end < self.width and row[end] == "":
            row[end] = " "
        row[begin:end] = characters
        pen = self._pen
        if " " in characters:
            unseen = blank(pen)
            self.pens[self.row][begin:end] = [unseen if character == " " else pen for character in characters]
        else:
            self.pens[self.row][begin:end] = [pen] * (end - begin)
        self.touched[self.row] = None

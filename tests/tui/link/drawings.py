"""Drawings as Textual writes them, made at random, and how a terminal shows them."""

from __future__ import annotations

import pyte
from hypothesis import strategies as st

WIDTH, HEIGHT = 24, 5

CHARACTERS = "ab  XY█▀⠁┈·éß"
CODES = ["", "1", "2", "4", "7", "3;9", "31", "92", "38;5;250", "38;2;1;2;3", "41", "48;5;233", "48;2;9;8;7", "104"]

pens = st.lists(st.sampled_from(CODES), max_size=3).map(lambda codes: ";".join(filter(None, codes)))
texts = st.text(CHARACTERS, min_size=1, max_size=WIDTH)


@st.composite
def runs(draw: st.DrawFn) -> str:
    """Text somewhere, in one pen, and the pen put down."""
    x, y = draw(st.integers(1, WIDTH)), draw(st.integers(1, HEIGHT))
    text, pen = draw(texts)[: WIDTH + 1 - x], draw(pens)
    return f"\x1b[{y};{x}H" + (f"\x1b[{pen}m{text}\x1b[0m" if pen else text)


drawings = st.lists(runs(), min_size=1, max_size=8).map("".join)


class Shown:
    """A terminal."""

    def __init__(self, width: int = WIDTH, height: int = HEIGHT) -> None:
        self.screen = pyte.Screen(width, height)
        self.screen.reset_mode(pyte.modes.DECAWM)  # as Textual has it
        self._stream = pyte.Stream(self.screen)

    def feed(self, text: str) -> None:
        self._stream.feed(text)

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    @property
    def cells(self) -> list[tuple[object, ...]]:
        """What is seen in each cell: of a blank, no more than its background and what is drawn through it."""
        seen = []
        for y in range(self.screen.lines):
            for x in range(self.screen.columns):
                cell = self.screen.buffer[y][x]
                always = (cell.bg, cell.reverse, cell.underscore, cell.strikethrough)
                if cell.data != " " or any(always[1:]):
                    always += (cell.fg, cell.bold, cell.italics)
                seen.append((cell.data, *always))
        return seen

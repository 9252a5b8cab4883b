"""The characters that a terminal has, and which of them stand for one that it has not.

Terminals of 16 colours and of none include the console of Linux and PCs in text mode, whose fonts hold 256 or 512
characters: for these there are the box and block characters of code page 437. An ASCII terminal has ASCII.
"""

from __future__ import annotations

import unicodedata

from tui.render.tier import Tier

__all__ = ["drawable", "writable"]

_CONSOLE_FOR = {
    "┌": "╭", "┐": "╮", "└": "╰", "┘": "╯", "═": "━", "─": "╸", "-": "╌", ":": "┊", "·": "┈", "\\": "╲",
    "▌": "▏▎▍▋", "█": "▊▉", "■": "▪", "○": "◦", "•": "●", "►": "▸▶", "║": "‖", "√": "✓", "x": "✗╳", "<": "‹", ">": "›",
}  # fmt: skip
_ASCII_FOR = {
    "~": "…∞≈", "-": "–—", "'": "‘’", '"': "“”", "<": "‹◂◀◄←", ">": "›▸▶►→", "^": "▲↑▀", "v": "▼↓✓√", "x": "✗×╳",
    "*": "•", ".": "∙·┈░", "o": "◦●○", "#": "■▪█▓", "=": "‖≡", "!": "≠", ":": "┊▒", "_": "▄▁", "|": "▌▐",
    "\\": "╲", "/": "╱",
}  # fmt: skip
"""What is drawn for each of these characters."""

_SPELLED = str.maketrans(
    {"…": "..", "½": "1/2", "→": "->", "←": "<-", "↑": "up", "↓": "down", "⏎": "enter", "⌫": "backspace", "≠": "!="}
)
"""What is written for them in words that have the room."""

_CONSOLE, _NEAREST = (
    {ord(character): nearest for nearest, characters in table.items() for character in characters}
    for table in (_CONSOLE_FOR, _ASCII_FOR)
)


class _Ascii(dict[int, str]):
    """Made as characters come up: those of boxes by their names, accented letters by what they are without."""

    def __missing__(self, code: int) -> str:
        from rich.cells import cell_len  # noqa: PLC0415  # not needed by commands that write ASCII only

        character = chr(code)
        if code < 128:
            found = character
        elif code in _NEAREST:
            found = _NEAREST[code]
        elif 0x2500 <= code < 0x2580:
            found = _box(unicodedata.name(character))
        elif 0x2580 <= code < 0x25A0:
            found = "#"
        else:
            bare = [part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part)]
            found = bare[0] if len(bare) == 1 and bare[0].isascii() else "?"
        self[code] = found * cell_len(character)
        return self[code]


def _box(name: str) -> str:
    """``-``, ``|`` or ``+`` for a line or for where lines meet."""
    across = any(word in name for word in ("HORIZONTAL", "LEFT", "RIGHT"))
    down = any(word in name for word in ("VERTICAL", "UP", "DOWN"))
    return "+" if across and down else "-" if across else "|"


_ASCII = _Ascii()


def drawable(text: str, tier: Tier) -> str:
    """The text in characters of this tier, cell for cell."""
    if tier in ("truecolor", "256") or text.isascii():
        return text
    return text.translate(_ASCII if tier == "ascii" else _CONSOLE)


def writable(text: str, tier: Tier) -> str:
    """The text in characters that the tier has, on an ASCII terminal in as many of them as are read best."""
    if tier != "ascii" or text.isascii():
        return text
    return drawable(text.translate(_SPELLED), tier)

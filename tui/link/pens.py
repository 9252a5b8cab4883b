"""How a cell looks, as the codes of one SGR escape sequence, and the shortest way from one look to another.

A pen is a string such as ``1;38;5;250;48;5;233``: attributes, ink, paper, as they follow a reset; empty is the
terminal's own look. Strings are quick to compare, and most of what Textual writes is one already.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

__all__ = ["PLAIN", "after", "blank", "change"]

PLAIN = ""

_ENDS = {"22": {"1", "2"}, "23": {"3"}, "24": {"4", "21"}, "25": {"5"}, "27": {"7"}, "28": {"8"}, "29": {"9"}}
"""Codes that end attributes, and which."""

_SEEN_ON_BLANKS = {"4", "7", "9", "21"}
"""Underlined, reversed, struck through and doubly underlined: what shows where there is no character."""


class _Look(NamedTuple):
    """A pen taken apart; ink and paper are empty where they are the terminal's own."""

    attributes: frozenset[str] = frozenset()
    ink: str = ""
    paper: str = ""

    def codes(self) -> str:
        return ";".join(part for part in (*sorted(self.attributes, key=int), self.ink, self.paper) if part)


@lru_cache(maxsize=4096)
def after(pen: str, codes: str) -> str:
    """The pen that an SGR sequence with these codes makes of a pen."""
    look = _taken_apart(pen)
    for code in _each(codes):
        look = _with(look, code)
    return look.codes()


@lru_cache(maxsize=4096)
def blank(pen: str) -> str:
    """The pen with which a space looks the same: its ink does not matter, unless it is seen without a character."""
    look = _taken_apart(pen)
    seen = look.attributes & _SEEN_ON_BLANKS
    return pen if seen else look.paper


@lru_cache(maxsize=16384)
def change(before: str, now: str) -> str:
    """The shortest escape sequence that turns a pen into another."""
    if before == now:
        return ""
    old, new = _taken_apart(before), _taken_apart(now)
    anew = now if now == PLAIN else f"0;{now}"
    ends = {code: ended for code, ended in _ENDS.items() if ended & (old.attributes - new.attributes)}
    kept = old.attributes.difference(*ends.values())
    parts = [*ends, *sorted(new.attributes - kept, key=int)]
    if new.ink != old.ink:
        parts.append(new.ink or "39")
    if new.paper != old.paper:
        parts.append(new.paper or "49")
    return f"\x1b[{min(anew, ';'.join(parts), key=len)}m"


@lru_cache(maxsize=4096)
def _taken_apart(pen: str) -> _Look:
    look = _Look()
    for code in _each(pen):
        look = _with(look, code)
    return look


def _each(codes: str) -> Iterator[str]:
    """The codes one by one; a colour with its numbers is one. No code means 0."""
    parts = iter(codes.split(";"))
    for part in parts:
        if part in ("38", "48"):
            kind = next(parts, "")
            numbers = [next(parts, "") for _ in range(1 if kind == "5" else 3)]
            yield ";".join([part, kind, *numbers])
        else:
            yield part or "0"


def _with(look: _Look, code: str) -> _Look:
    """One code more."""
    number = int(code.partition(";")[0])
    if number == 0:
        return _Look()
    if code in _ENDS:
        return look._replace(attributes=look.attributes - _ENDS[code])
    if number < 30:
        return look._replace(attributes=look.attributes | {code})
    if 40 <= number < 50 or 100 <= number < 110:
        return look._replace(paper=code if number != 49 else "")
    return look._replace(ink=code if number != 39 else "")

"""What a terminal can show, in five tiers, decided once from its environment.

Every function of this package takes a tier and is complete in each. The rules for colour are those by which Rich picks
its escape codes, so that a tier never promises colours that Rich would send as something else.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Literal, get_args

from netcore.errors import SettingError

__all__ = ["Tier", "detect_tier", "writable"]

Tier = Literal["truecolor", "256", "16", "mono", "ascii"]

_REPLACEMENTS = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "…": "..",
        "½": "1/2",
        "×": "x",
        "·": ".",
        "✓": "v",
        "✗": "x",
        "▸": ">",
        "→": "->",
        "←": "<-",
        "≠": "!=",
    }
)


def detect_tier(environ: Mapping[str, str], encoding: str) -> Tier:
    """Tier of the terminal that has these environment variables and this output encoding.

    ``MNIST_TUI_DISPLAY`` names a tier and wins over everything else.

    Raises:
        SettingError: ``MNIST_TUI_DISPLAY`` is not the name of a tier.
    """
    forced = environ.get("MNIST_TUI_DISPLAY", "").strip().lower()
    if forced:
        for tier in get_args(Tier):
            if forced == tier:
                return tier  # type: ignore[no-any-return]  # get_args forgets the words of a Literal
        known = ", ".join(get_args(Tier))
        raise SettingError("MNIST_TUI_DISPLAY", f"no tier is called {forced!r}; the tiers are {known}")
    if not encoding.lower().startswith("utf"):
        return "ascii"
    return "mono" if environ.get("NO_COLOR") else _colours(environ)


def _colours(environ: Mapping[str, str]) -> Tier:
    """How many colours: SSH forwards TERM but not COLORTERM, so a plain ``xterm`` counts as 16."""
    term = environ.get("TERM", "").strip().lower()
    if term in ("", "dumb", "unknown") or term.startswith("vt"):
        return "mono"
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return "truecolor"
    return "256" if term.endswith(("-256color", "-kitty")) else "16"


def writable(text: str, tier: Tier) -> str:
    """The text in characters that the tier has: unchanged, or on an ASCII terminal its nearest ASCII spelling."""
    if tier != "ascii" or text.isascii():
        return text
    plain = unicodedata.normalize("NFKD", text.translate(_REPLACEMENTS))
    without_accents = "".join(character for character in plain if not unicodedata.combining(character))
    return without_accents.encode("ascii", "replace").decode("ascii")

"""What a terminal can show, in five tiers, decided from its name and the locale.

Every function of this package takes a tier and is complete in each. `tui.render.edge` sees to it that what is sent is
within the tier.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Literal, get_args

from netcore.errors import SettingError

__all__ = ["Tier", "detect_tier", "is_light", "only_ascii", "this_terminal"]

Tier = Literal["truecolor", "256", "16", "mono", "ascii"]

_ALWAYS_TRUECOLOR = ("alacritty", "contour", "foot", "ghostty", "kitty", "wezterm", "direct")
"""Parts of the names of terminals that have no fewer colours, whatever else is known of them."""


def this_terminal() -> Tier:
    """Tier of the terminal of this process.

    Raises:
        SettingError: ``MNIST_TUI_DISPLAY`` is not the name of a tier.
    """
    return detect_tier(_environment(), _encoding())


def only_ascii() -> bool:
    """Whether this process may write no more than ASCII."""
    return _is_ascii(_environment(), _encoding())


def _environment() -> Mapping[str, str]:
    environ = dict(os.environ)
    if sys.flags.utf8_mode and environ.get("LC_CTYPE", "").upper().endswith("UTF-8"):
        del environ["LC_CTYPE"]  # Python itself puts that in where the locale is C, and then reads and writes UTF-8
    return environ


def _encoding() -> str:
    # Textual puts a recorder without an encoding in the place of sys.stdout.
    return sys.__stdout__.encoding if sys.__stdout__ is not None else "utf-8"


def detect_tier(environ: Mapping[str, str], encoding: str) -> Tier:
    """Tier of the terminal that has these environment variables and this output encoding.

    ``MNIST_TUI_DISPLAY`` names a tier and wins over everything else. Then the locale decides whether there is more than
    ASCII: it has to name another character set than UTF-8, or none as ``C`` does; where nothing is said, UTF-8 it is.

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
    if _is_ascii(environ, encoding):
        return "ascii"
    return "mono" if environ.get("NO_COLOR") else _colours(environ)


def _is_ascii(environ: Mapping[str, str], encoding: str) -> bool:
    locale = next((environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(name)), "")
    character_set = locale.partition(".")[2] or ("ascii" if locale in ("C", "POSIX") else encoding)
    return not (character_set.lower().startswith("utf") and encoding.lower().startswith("utf"))


def _colours(environ: Mapping[str, str]) -> Tier:
    """How many colours: SSH forwards TERM but not COLORTERM, so a plain ``xterm`` counts as 16."""
    term = environ.get("TERM", "").strip().lower()
    if term in ("", "dumb", "unknown") or term.startswith("vt"):
        return "mono"
    truecolor = environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit")
    if truecolor or any(name in term for name in _ALWAYS_TRUECOLOR):
        return "truecolor"
    return "256" if "256col" in term else "16"


def is_light(environ: Mapping[str, str]) -> bool:
    """Whether the terminal says that it writes on a light background: ``COLORFGBG`` ends with its number among 16."""
    return environ.get("COLORFGBG", "").rpartition(";")[2] in {"7", *map(str, range(9, 16))}

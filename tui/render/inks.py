"""The colours of the program's pictures, taken from the app's theme: dark, light, or the terminal's own sixteen.

An ink always means the same (this is right, this is train, this may be faint). Where the terminal has no colours an ink
is only bold, dim or reversed; what it says is always said by a character or a word too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rich.style import Style
from textual.color import Color

from tui.render.tier import Tier

__all__ = ["Inks", "inks_of"]

_NAMES = ("background", "foreground", "text-primary", "text-warning", "text-success", "text-error", "text-secondary")

# Of sixteen colours Rich takes the nearest, which for the soft colours of a theme is grey. These are hit exactly:
# blue or cyan, magenta or yellow, green, red, brown or white; dark on a light background, bright on a dark one.
_SIXTEEN_DARK = ("#0000aa", "#aa00aa", "#00aa00", "#aa0000", "#aa5500")
_SIXTEEN_BRIGHT = ("#55ffff", "#ffff55", "#55ff55", "#ff5555", "#ffffff")


@dataclass(frozen=True)
class Inks:
    """What each kind of thing is drawn with.

    Attributes:
        text: Ordinary text.
        strong: Text that matters most.
        muted: Text that explains: labels of axes, units.
        faint: Lines that only guide the eye: axes, grids, the empty part of a bar.
        series: Curves, in order: train, validation, and four more.
        good: Something is right.
        bad: Something is wrong.
        mark: Something was changed, or is pointed at.
        selected: The chosen one, together with brackets.
        shades: Background and the two colours (wrong, right) of a heat map, or None where there are too few colours.
    """

    text: Style
    strong: Style
    muted: Style
    faint: Style
    series: tuple[Style, ...]
    good: Style
    bad: Style
    mark: Style
    selected: Style
    shades: tuple[Color, Color, Color] | None

    def heat(self, share: float, right: bool) -> Style:
        """Background for a cell that holds this share, 0 to 1, of its row; text on it stays readable."""
        if self.shades is None or share <= 0:
            return Style()
        background, wrong_colour, right_colour = self.shades
        # By the square root: of a hundred mistakes in a thousand images one wants to see more than a tenth.
        strength = 0.6 * math.sqrt(min(share, 1))
        return Style(bgcolor=background.blend(right_colour if right else wrong_colour, strength).rich_color)


def inks_of(variables: Mapping[str, str], tier: Tier) -> Inks:
    """Inks from the variables of a Textual theme, e.g. ``app.theme_variables``."""
    return _inks(tuple(variables[name] for name in _NAMES), tier)


@lru_cache(maxsize=16)
def _inks(values: tuple[str, ...], tier: Tier) -> Inks:
    if tier in ("mono", "ascii"):
        plain, bold, dim = Style(), Style(bold=True), Style(dim=True)
        return Inks(
            text=plain, strong=bold, muted=plain, faint=dim, series=(bold, plain) * 3, good=plain, bad=bold, mark=bold,
            selected=Style(reverse=True), shades=None,
        )  # fmt: skip
    background, foreground, first, second, good, bad, third = (Color.parse(value) for value in values)
    # The terminal's own sixteen colours cannot be blended: their red, green and blue are not known.
    own_colours = foreground.ansi is not None
    if tier == "16" and not own_colours:
        sixteen = _SIXTEEN_BRIGHT if background.brightness < 0.5 else _SIXTEEN_DARK
        first, second, good, bad, third = map(Color.parse, sixteen)

    def ink(colour: Color, bold: bool = False) -> Style:
        return Style(color=colour.rich_color, bold=bold or None)

    def towards_background(share: float) -> Style:
        return Style(dim=True) if own_colours else ink(foreground.blend(background, share))

    return Inks(
        text=ink(foreground),
        strong=ink(foreground, bold=True),
        muted=Style() if own_colours else towards_background(0.35),
        faint=towards_background(0.7),
        series=tuple(map(ink, (first, second, good, bad, third, foreground))),
        good=ink(good),
        bad=ink(bad),
        mark=Style() if own_colours else towards_background(0.25),
        selected=Style(reverse=True, bold=True),
        shades=None if own_colours or tier == "16" else (background, bad, first),
    )

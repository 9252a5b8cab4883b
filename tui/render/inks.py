"""The colours of the program's pictures, taken from the app's theme: dark, light, or the terminal's own sixteen.

An ink always means the same (this is right, this is train, this may be faint). Where the terminal has no colours an ink
is only bold, dim or reversed; what it says is always said by a character or a word too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rich.style import Style
from textual.color import Color

from tui.render.tier import Tier

__all__ = ["Inks", "inks_of"]

_NAMES = ("background", "foreground", "text-primary", "text-accent", "text-success", "text-error", "text-warning")


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
        return Style(bgcolor=background.blend(right_colour if right else wrong_colour, 0.1 + 0.5 * min(share, 1)).rich_color)


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
    background, foreground, first, second, good, bad, warning = (Color.parse(value) for value in values)
    # The terminal's own sixteen colours cannot be blended: their red, green and blue are not known.
    own_colours = foreground.ansi is not None

    def ink(colour: Color, bold: bool = False) -> Style:
        return Style(color=colour.rich_color, bold=bold or None)

    def towards_background(share: float) -> Style:
        return Style(dim=True) if own_colours else ink(foreground.blend(background, share))

    return Inks(
        text=ink(foreground),
        strong=ink(foreground, bold=True),
        muted=Style() if own_colours else towards_background(0.35),
        faint=towards_background(0.7),
        series=(ink(first, bold=tier == "16"), *map(ink, (second, good, bad, warning, foreground))),
        good=ink(good),
        bad=ink(bad),
        mark=ink(warning),
        selected=Style(reverse=True, bold=True),
        shades=None if own_colours or tier == "16" else (background, bad, first),
    )

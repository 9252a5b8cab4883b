"""The colours of the program's pictures, taken from the app's theme, dark or light.

An ink always means the same (this is right, this is train, this may be faint). Where the terminal has no colours an ink
is only bold, dim or reversed; what it says is always said by a character or a word too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rich.style import Style
from textual.color import Color

from tui.render.tier import Tier

__all__ = ["Inks", "inks_of"]

_NAMES = ("background", "foreground", "text-primary", "text-warning", "text-success", "text-error", "text-secondary")

_WRONG_256, _RIGHT_256 = ("#262626", "#5f0000", "#870000", "#af0000"), ("#262626", "#00005f", "#005f5f", "#005f87")
_WRONG_256_LIGHT = ("#eeeeee", "#ffd7d7", "#ffafaf", "#ff8787")
_RIGHT_256_LIGHT = ("#eeeeee", "#d7ffff", "#afd7ff", "#87d7ff")
"""Heat from faint to strong in colours that a terminal of 256 has: blends would come out as any neighbouring hue."""

_STEPS = 24
"""Of heat where there are all colours."""


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
        light: Whether the background is.
        heats: Of a heat map, from faint to strong: for what is wrong, for what is right; none where colours are few.
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
    light: bool
    heats: tuple[Sequence[Color], Sequence[Color]]

    def heat(self, share: float, right: bool) -> Style:
        """Background for a cell that holds this share, 0 to 1, of its row; text on it stays readable."""
        heats = self.heats[right]
        if not heats or share <= 0:
            return Style()
        # By the square root: of a hundred mistakes in a thousand images one wants to see more than a tenth.
        step = int(math.sqrt(min(share, 1)) * len(heats))
        return Style(bgcolor=heats[min(step, len(heats) - 1)].rich_color)


def inks_of(variables: Mapping[str, str], tier: Tier) -> Inks:
    """Inks from the variables of a Textual theme, e.g. ``app.theme_variables``."""
    return _inks(tuple(variables[name] for name in _NAMES), tier)


@lru_cache(maxsize=16)
def _inks(values: tuple[str, ...], tier: Tier) -> Inks:
    background, foreground, first, second, good, bad, third = (Color.parse(value) for value in values)
    light = background.brightness > 0.5
    if tier in ("mono", "ascii"):
        plain, bold, dim = Style(), Style(bold=True), Style(dim=True)
        return Inks(
            text=plain, strong=bold, muted=plain, faint=dim, series=(bold, plain) * 3, good=plain, bad=bold, mark=bold,
            selected=Style(reverse=True), light=light, heats=((), ()),
        )  # fmt: skip

    def ink(colour: Color, bold: bool = False) -> Style:
        return Style(color=colour.rich_color, bold=bold or None)

    def towards_background(share: float) -> Style:
        return ink(foreground.blend(background, share))

    return Inks(
        text=ink(foreground),
        strong=ink(foreground, bold=True),
        muted=towards_background(0.35),
        faint=towards_background(0.7),
        series=tuple(map(ink, (first, second, good, bad, third, foreground))),
        good=ink(good),
        bad=ink(bad),
        mark=towards_background(0.25),
        selected=Style(reverse=True, bold=True),
        light=light,
        heats=(_heats(tier, light, background, bad, False), _heats(tier, light, background, first, True)),
    )


def _heats(tier: Tier, light: bool, background: Color, strong: Color, right: bool) -> Sequence[Color]:
    """From faint to strong; text stays readable on all of them."""
    if tier == "16":
        return ()
    if tier == "truecolor":
        return [background.blend(strong, 0.6 * step / _STEPS) for step in range(1, _STEPS + 1)]
    ramps = (_WRONG_256_LIGHT, _RIGHT_256_LIGHT) if light else (_WRONG_256, _RIGHT_256)
    return [Color.parse(colour) for colour in ramps[right]]

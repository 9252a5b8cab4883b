"""The edge of the app: every line that a widget draws is put into the terminal's own colours and characters here.

It is the last thing that happens to a line before it is written, whoever drew it: a picture of this program, a border
or a scrollbar of Textual's. So no widget can send what the terminal does not have, and only pictures, which are another
thing without colours, need to know the tier.
"""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as BlendingColor
from textual.constants import DIM_FACTOR
from textual.filter import LineFilter

from tui.render.glyphs import drawable
from tui.render.palette import RGB, among_16, among_256, brightness
from tui.render.tier import Tier

__all__ = ["TierFilter"]


class TierFilter(LineFilter):
    """Turns lines of any colours and characters into lines of those of a tier."""

    def __init__(self, tier: Tier, dark: bool) -> None:
        """Make one; Textual remembers lines by it, so another tier or theme needs another.

        Args:
            tier: What the terminal can show.
            dark: Whether the theme is bright on dark: the other way round is then reversed, where there is no colour.
        """
        super().__init__()
        self._tier, self._dark = tier, dark

    def apply(self, segments: list[Segment], background: BlendingColor) -> list[Segment]:
        """Turn a line; ``background`` is that of the widget."""
        tier, dark, behind = self._tier, self._dark, background.rich_color
        return [
            Segment(drawable(text, tier), None if style is None else _style(style, behind, tier, dark), None)
            for text, style, _ in segments
        ]


@lru_cache(maxsize=8192)
def _style(style: Style, behind: Color, tier: Tier, dark: bool) -> Style:
    if tier in ("mono", "ascii"):
        return _without_colours(style, dark)
    front, back = style.color, style.bgcolor
    if style.dim and front is not None:
        front = _dimmed(front, back or behind)
        style += Style(dim=False) + Style.from_color(front)
    if tier == "truecolor" or (_is_done(front, tier) and _is_done(back, tier)):
        return style
    if tier == "256":
        numbers = [None if color is None else among_256(_rgb(color)) for color in (front, back)]
    else:
        numbers = list(among_16(*(None if color is None else _rgb(color) for color in (front, back))))
    return style + Style.from_color(*(None if number is None else Color.from_ansi(number) for number in numbers))


def _is_done(color: Color | None, tier: Tier) -> bool:
    """Whether there is nothing to turn: below a dialog lie lines that have been here before."""
    return color is None or (color.number is not None and (tier == "256" or color.number < 16))


def _dimmed(color: Color, behind: Color) -> Color:
    """Two thirds of a colour, the rest of what is behind it, as Textual does."""
    pairs = zip(_rgb(color), _rgb(behind), strict=True)
    return Color.from_rgb(*(int(back + (front - back) * DIM_FACTOR) for front, back in pairs))


def _without_colours(style: Style, dark: bool) -> Style:
    """Bold, dim and underlined stay; what stands out by what is behind it is reversed."""
    plain, front, back = style.without_color, style.color, style.bgcolor
    if style.meta:
        plain += Style.from_meta(style.meta)
    if front is not None and back is not None and (brightness(_rgb(front)) < brightness(_rgb(back))) == dark:
        plain += Style(reverse=True)
    return plain


def _rgb(color: Color) -> RGB:
    red, green, blue = color.get_truecolor()
    return red, green, blue

"""The 256 and the 16 colours that a terminal has by number, and which of them stands for a colour of the app.

Rich and Textual would choose too, but crudely: in 256 colours a grey of the ramp comes out as its neighbour, and in 16
whatever is soft becomes grey. So colours become numbers here, and are sent as these.
"""

from __future__ import annotations

from colorsys import rgb_to_hsv
from functools import lru_cache

__all__ = ["RGB", "among_16", "among_256", "brightness"]

RGB = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

_RAMP = ((16, 0), *((232 + step, 8 + 10 * step) for step in range(24)), (231, 255))
"""The greys: number and lightness of black, of the 24 between, of white."""

_LEVELS = (0, 95, 135, 175, 215, 255)
"""Of red, green and blue in the cube 16 to 231."""

_BLACK, _RED, _GREEN, _YELLOW, _BLUE, _MAGENTA, _CYAN, _WHITE, _BRIGHT = range(9)
_DARK_GREY, _BRIGHT_WHITE = _BRIGHT + _BLACK, _BRIGHT + _WHITE
_PAPER = (_WHITE, _BRIGHT_WHITE)

_SPREAD = 50
"""Among 16, a colour whose red, green and blue are closer to each other than this is a grey."""


def brightness(colour: RGB) -> float:
    """How light it looks, 0 to 1."""
    red, green, blue = colour
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


@lru_cache(maxsize=4096)
def among_256(colour: RGB) -> int:
    """The nearest of the colours 16 to 255. Greys come from the ramp, which is four times as fine as the cube."""
    grey, light = min(_RAMP, key=lambda entry: abs(sum(colour) - 3 * entry[1]))
    if max(colour) - min(colour) <= 8:
        return grey
    red, green, blue = (min(range(6), key=lambda level: abs(_LEVELS[level] - part)) for part in colour)
    in_cube = (_LEVELS[red], _LEVELS[green], _LEVELS[blue])
    to_cube, to_grey = (_distance(colour, other) for other in (in_cube, (light, light, light)))
    return grey if to_grey < to_cube else 16 + 36 * red + 6 * green + blue


def _distance(one: RGB, other: RGB) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


@lru_cache(maxsize=4096)
def among_16(front: RGB | None, behind: RGB | None) -> tuple[int | None, int | None]:
    """Numbers, 0 to 15, for a character and for what is behind it, which are never the same.

    Behind is one of the first eight, of which some terminals have no brighter ones there, or bright white. A hue stays
    what it is, while how soft it is gets lost; what is nearly grey becomes black, dark grey, white or bright white.
    """
    back = None if behind is None else _behind(behind)
    if front is None:
        return None, back
    number = _in_front(front, back)
    if number == back:
        number = _DARK_GREY if back in (_BLACK, *_PAPER) else _BRIGHT_WHITE
    return number, back


def _behind(colour: RGB) -> int:
    if max(colour) - min(colour) < _SPREAD:
        light = brightness(colour)
        return _BLACK if light < 0.5 else _WHITE if light < 0.98 else _BRIGHT_WHITE
    return _hue(colour)


def _in_front(colour: RGB, back: int | None) -> int:
    light = brightness(colour)
    if max(colour) - min(colour) < _SPREAD:
        on_black = ((0.2, _BLACK), (0.5, _DARK_GREY), (0.9, _WHITE))
        steps = ((0.5, _BLACK), (0.9, _DARK_GREY)) if back in _PAPER else on_black
        return next((number for limit, number in steps if light < limit), _BRIGHT_WHITE)
    return _hue(colour) + (_BRIGHT if light >= 0.5 else 0)


def _hue(colour: RGB) -> int:
    """Dark and light hues are named differently where that reads better: dark yellow cannot be read on white."""
    hue, light = 360 * rgb_to_hsv(*colour)[0], brightness(colour) >= 0.5
    sectors = (
        (20, _RED),
        (90, _YELLOW if light else _MAGENTA),
        (165, _GREEN),
        (255, _CYAN if light else _BLUE),
        (330, _MAGENTA),
    )
    return next((number for end, number in sectors if hue < end), _RED)

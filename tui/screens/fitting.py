"""How large an image can be beside what is said about it, on a screen of a given size."""

from __future__ import annotations

from textual.geometry import Size

from tui.render.image import largest_scale
from tui.widgets.strips import StripWidget

__all__ = ["fit_picture"]

_BESIDE, _ABOVE_AND_BELOW = 46, 8
"""Cells that the words beside the image and the lines around it need."""

_FRAME = 2


def fit_picture(picture: StripWidget, screen: Size) -> None:
    """Give a framed image the largest whole scale; half its size where even 28 x 14 cells would crowd out the rest."""
    scale = largest_scale(screen.width - _BESIDE - _FRAME, screen.height - _ABOVE_AND_BELOW - _FRAME)
    if not scale and screen.width >= 56 and screen.height >= 20:
        scale = 1
    width, height = (28 * scale, 14 * scale) if scale else (14, 7)
    picture.styles.width, picture.styles.height = width + _FRAME, height + _FRAME

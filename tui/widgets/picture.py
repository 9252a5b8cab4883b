"""One image, as large as the room allows in whole steps, in the middle of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.strip import Strip

from tui.render.image import image_strips, largest_scale, thumbnail_strips
from tui.render.inks import Inks
from tui.render.tier import Tier
from tui.widgets.strips import StripWidget

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Picture"]


class Picture(StripWidget):
    """Shows a uint8 (28, 28) image: 28 x 14 cells, 56 x 28 where there is room, half size where there is too little."""

    DEFAULT_CSS = """
    Picture { width: 28; height: 14; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._image: NDArray[np.uint8] | None = None

    @property
    def image(self) -> NDArray[np.uint8] | None:
        """The image on show."""
        return self._image

    def show(self, image: NDArray[np.uint8] | None) -> None:
        """Show another image, or none."""
        self._image = image
        self.redraw()

    def draw(self, width: int, height: int, inks: Inks, tier: Tier) -> list[Strip]:
        """The image in the middle."""
        if self._image is None:
            return []
        scale = largest_scale(width, height)
        strips = image_strips(self._image, tier, scale) if scale else thumbnail_strips(self._image, tier)
        left, top = max(width - strips[0].cell_length, 0) // 2, max(height - len(strips), 0) // 2
        return [Strip.blank(width)] * top + [Strip.join([Strip.blank(left), strip]) for strip in strips]

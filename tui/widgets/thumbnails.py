"""A row of test images with what the network says of each."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from tui.render.inks import Inks
from tui.render.thumbnails import Thumbnail, thumbnail_row
from tui.render.tier import Tier
from tui.widgets.strips import StripWidget

__all__ = ["Thumbnails"]


class Thumbnails(StripWidget):
    """As many images as fit side by side: 14 cells each, two between; a ninth row says the truth where one is wrong."""

    DEFAULT_CSS = """
    Thumbnails { height: 9; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._items: tuple[Thumbnail, ...] = ()

    @property
    def items(self) -> tuple[Thumbnail, ...]:
        """The images on show, those that do not fit included."""
        return self._items

    def show(self, items: Sequence[Thumbnail]) -> None:
        """Show other images, or the same with other predictions; nothing is drawn again if all is as before."""
        before, self._items = self._items, tuple(items)
        if list(map(_identity, before)) != list(map(_identity, self._items)):
            self.redraw()

    def draw(self, width: int, height: int, inks: Inks, tier: Tier) -> list[Strip]:
        """The row."""
        return thumbnail_row(self._items, width, inks=inks, tier=tier)[:height]


def _identity(item: Thumbnail) -> tuple[int, str, str | None]:
    return id(item.image), item.true, item.predicted

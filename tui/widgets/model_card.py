"""The card of a model."""

from __future__ import annotations

from textual.strip import Strip

from netcore.models.library import ModelEntry
from tui.render.inks import Inks
from tui.render.models import card_strips
from tui.render.tier import Tier
from tui.widgets.strips import StripWidget

__all__ = ["ModelCard"]


class ModelCard(StripWidget):
    """What is known of a model, in as many lines as there are."""

    def __init__(self) -> None:
        super().__init__()
        self._entry: ModelEntry | None = None
        self._dataset = ""

    def show(self, entry: ModelEntry | None, dataset: str = "") -> None:
        """Show another model, with the title of its dataset; or none."""
        if (self._entry, self._dataset) != (entry, dataset):
            self._entry, self._dataset = entry, dataset
            self.redraw()

    def draw(self, width: int, height: int, inks: Inks, tier: Tier) -> list[Strip]:
        """The card."""
        return card_strips(self._entry, self._dataset, width, height, inks=inks, tier=tier) if self._entry else []

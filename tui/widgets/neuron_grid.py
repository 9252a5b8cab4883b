"""Small pictures of the weights of neurons, as many as there is room for."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.message import Message
from textual.strip import Strip

from tui.render.inks import Inks
from tui.render.neuron_grid import GridLayout, NeuronTile, grid_layout, grid_strips
from tui.render.tier import Tier
from tui.widgets.strips import StripWidget

__all__ = ["NeuronGrid"]


class NeuronGrid(StripWidget):
    """Shows the neurons around the chosen one. Tiles are asked for one by one, so that only those on show are made."""

    DEFAULT_CSS = """
    NeuronGrid { width: 1fr; height: 1fr; }
    """

    class NeuronChosen(Message):
        """A neuron was clicked.

        Attributes:
            neuron: Its number, from 0.
        """

        def __init__(self, neuron: int) -> None:
            super().__init__()
            self.neuron = neuron

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._tile: Callable[[int], NeuronTile] | None = None
        self._count = self._chosen = 0

    @property
    def columns(self) -> int:
        """Neurons in a row, 1 at the least."""
        return max(self._layout.columns, 1)

    @property
    def _layout(self) -> GridLayout:
        return grid_layout(self._count, self._chosen, *self.size)

    def show(self, tile: Callable[[int], NeuronTile], count: int, chosen: int) -> None:
        """Show neurons.

        Args:
            tile: Makes the tile of a neuron.
            count: How many there are.
            chosen: Which is chosen.
        """
        self._tile, self._count, self._chosen = tile, count, chosen
        self.redraw()

    def on_click(self, event: events.Click) -> None:
        """Tell which neuron was clicked."""
        offset = event.get_content_offset(self)
        neuron = self._layout.at(offset.x, offset.y) if offset is not None else None
        if neuron is not None and neuron < self._count:
            self.post_message(self.NeuronChosen(neuron))

    def draw(self, width: int, height: int, inks: Inks, tier: Tier) -> list[Strip]:
        """The pictures."""
        if self._tile is None:
            return []
        layout = self._layout
        tiles = [self._tile(neuron) for neuron in layout.shown if neuron < self._count]
        return grid_strips(tiles, layout, self._chosen, width, inks=inks, tier=tier)

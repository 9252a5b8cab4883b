"""What every neuron answers for one image, layer by layer."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.message import Message
from textual.strip import Strip

from tui.render.activity import ActivityLayout, LayerActivity, activity_layout, activity_strips
from tui.render.inks import Inks
from tui.render.tier import Tier
from tui.widgets.strips import StripWidget

__all__ = ["Activity"]


class Activity(StripWidget):
    """A strip of cells for each layer; one neuron is the chosen one."""

    DEFAULT_CSS = """
    Activity { width: 1fr; height: 1fr; }
    """

    class NeuronChosen(Message):
        """A neuron was clicked.

        Attributes:
            layer: Its layer, from 0.
            neuron: Its place there, from 0.
        """

        def __init__(self, layer: int, neuron: int) -> None:
            super().__init__()
            self.layer, self.neuron = layer, neuron

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._layers: tuple[LayerActivity, ...] = ()
        self._chosen = (0, 0)

    @property
    def _placing(self) -> ActivityLayout:
        return activity_layout([len(layer.values) for layer in self._layers], self._chosen, *self.size)

    def show(self, layers: Sequence[LayerActivity], chosen: tuple[int, int]) -> None:
        """Show these answers, and which neuron is chosen."""
        self._layers, self._chosen = tuple(layers), chosen
        self.redraw()

    def step(self, right: int, down: int) -> tuple[int, int]:
        """Layer and neuron that lie so many cells from the chosen one."""
        return self._placing.step(*self._chosen, right, down)

    def on_click(self, event: events.Click) -> None:
        """Tell which neuron was clicked."""
        offset = event.get_content_offset(self)
        found = self._placing.at(offset.x, offset.y) if offset is not None else None
        if found is not None:
            self.post_message(self.NeuronChosen(*found))

    def draw(self, width: int, height: int, inks: Inks, tier: Tier) -> list[Strip]:
        """The strips."""
        return activity_strips(self._layers, self._chosen, width, height, inks=inks, tier=tier) if self._layers else []

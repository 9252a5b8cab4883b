"""The probabilities of the classes for one image, as bars."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from tui.render.bars import probability_strips
from tui.render.inks import Inks
from tui.render.tier import Tier
from tui.widgets.strips import StripWidget

__all__ = ["ProbabilityBars"]


class ProbabilityBars(StripWidget):
    """One bar for each class, the predicted and the true one marked; the likeliest classes where not all fit."""

    DEFAULT_CSS = """
    ProbabilityBars { height: 12; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._probabilities: tuple[float, ...] = ()
        self._names: tuple[str, ...] = ()
        self._true: int | None = None

    def show(self, probabilities: Sequence[float], names: Sequence[str], true: int | None = None) -> None:
        """Show other probabilities; ``true`` is the index of the true class where it is known. Empty ones clear it."""
        self._probabilities, self._names, self._true = tuple(map(float, probabilities)), tuple(names), true
        self.redraw()

    def draw(self, width: int, height: int, inks: Inks, tier: Tier) -> list[Strip]:
        """The bars."""
        return probability_strips(
            self._probabilities, self._names, width, height, inks=inks, tier=tier, true=self._true
        )

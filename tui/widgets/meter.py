"""One line that says how far something is."""

from __future__ import annotations

from textual.strip import Strip

from tui.render.inks import Inks
from tui.render.progress import progress_strip
from tui.render.tier import Tier
from tui.widgets.strips import StripWidget

__all__ = ["Meter"]


class Meter(StripWidget):
    """A label, a bar and a text: ``epoch  ━━━━━╸─────  3 / 10``."""

    DEFAULT_CSS = """
    Meter { height: 1; }
    """

    def __init__(
        self,
        label: str = "",
        *,
        label_width: int = 0,
        text_width: int = 0,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._label, self._label_width, self._text_width = label, label_width, text_width
        self._fraction: float | None = None
        self._text = ""

    @property
    def fraction(self) -> float | None:
        """How much is done, 0 to 1, or None where that is not known."""
        return self._fraction

    def show(self, fraction: float | None, text: str = "") -> None:
        """Show another state; nothing is drawn again if it is the same as before."""
        if (self._fraction, self._text) != (fraction, text):
            self._fraction, self._text = fraction, text
            self.redraw()

    def draw(self, width: int, height: int, inks: Inks, tier: Tier) -> list[Strip]:
        """The line."""
        strip = progress_strip(
            self._label,
            self._fraction,
            self._text,
            width,
            inks=inks,
            tier=tier,
            label_width=self._label_width,
            text_width=self._text_width,
        )
        return [strip]

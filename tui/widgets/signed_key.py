"""The key to a picture of weights: which colour or character is how much, and which sign."""

from __future__ import annotations

from textual.strip import Strip

from tui.render import numbers
from tui.render.cells import line
from tui.render.inks import Inks
from tui.render.signed import signed_scale
from tui.render.tier import Tier
from tui.widgets.strips import StripWidget

__all__ = ["SignedKey"]

_STEPS = 13


class SignedKey(StripWidget):
    """One line: ``-0.4123 ≡=-·  ░▒▓█ +0.4123``."""

    DEFAULT_CSS = """
    SignedKey { height: 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._limit = 0.0

    def show(self, limit: float) -> None:
        """Show the key to a picture whose strongest number is this one."""
        self._limit = limit
        self.redraw()

    def draw(self, width: int, height: int, inks: Inks, tier: Tier) -> list[Strip]:
        """The line."""
        low, high = f"{numbers.signed(-self._limit)} ", f" {numbers.signed(self._limit)}"
        steps = min(_STEPS, max(width - len(low) - len(high), 0))
        return [line(width, tier, (low, inks.muted), *signed_scale(steps, inks, tier), (high, inks.muted))]

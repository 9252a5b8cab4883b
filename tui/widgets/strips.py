"""What all pictures of this program share: strips are drawn once a change, then only shown.

A widget here holds state and says how to draw it; colours come from the app's theme, the tier from the app.
"""

from __future__ import annotations

from typing import ClassVar, Protocol, runtime_checkable

from textual.strip import Strip
from textual.widget import Widget

from tui.render.inks import Inks, inks_of
from tui.render.tier import Tier, this_terminal

__all__ = ["HasTier", "StripWidget", "tier_of"]


@runtime_checkable
class HasTier(Protocol):
    """An app that has decided what its terminal can show."""

    tier: Tier


def tier_of(widget: Widget) -> Tier:
    """The app's tier; for an app that has none, the tier of this process's terminal."""
    return widget.app.tier if isinstance(widget.app, HasTier) else this_terminal()


class StripWidget(Widget):
    """A widget that is a picture. Subclasses implement ``draw`` and call ``redraw`` when what they show has changed."""

    ALLOW_SELECT: ClassVar[bool] = False

    _drawn: list[Strip] | None = None
    _drawn_for: tuple[object, ...] = ()

    def draw(self, width: int, height: int, inks: Inks, tier: Tier) -> list[Strip]:
        """Draw the present state on ``width`` x ``height`` cells; fewer strips leave the rest blank."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Forget what was drawn: the state has changed."""
        self._drawn = None
        self.refresh()

    def notify_style_update(self) -> None:
        """Textual calls this when the theme or a style changed."""
        super().notify_style_update()
        self._drawn = None
        if self._drawn_for and self._drawn_for[1:] != self._looks:
            self.refresh()  # Textual itself draws anew only what has another style by itself

    @property
    def _looks(self) -> tuple[object, ...]:
        return self.app.theme, tier_of(self)

    def render_line(self, y: int) -> Strip:
        """One row of what was drawn; draws first if the state, the size or the looks have changed since."""
        width, height = self.size
        tier = tier_of(self)
        drawn_for = (self.size, *self._looks)
        if self._drawn is None or self._drawn_for != drawn_for:
            strips = self.draw(width, height, inks_of(self.app.theme_variables, tier), tier)
            base = self.rich_style
            self._drawn = [strip.adjust_cell_length(width).apply_style(base) for strip in strips]
            self._drawn_for = drawn_for
        return self._drawn[y] if y < len(self._drawn) else Strip.blank(width, self.rich_style)

    @property
    def text(self) -> str:
        """What stands on the screen, without colours: for tests and for whoever asks."""
        width, height = self.size
        return "\n".join(self.render_line(y).text.rstrip() for y in range(height)) if width else ""

"""What all pictures of this program share: strips are drawn once a change, then only shown.

A widget here holds state and says how to draw it; colours come from the app's theme, the tier from the app.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import ClassVar

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.render.inks import Inks, inks_of
from tui.render.tier import Tier, this_terminal

__all__ = ["StripWidget", "tier_of"]


def tier_of(widget: Widget) -> Tier:
    """The app's tier; for an app that has none, the tier of this process's terminal."""
    tier: Tier | None = getattr(widget.app, "tier", None)
    return tier or this_terminal()


class StripWidget(Widget):
    """A widget that is a picture. Subclasses implement ``draw`` and call ``redraw`` when what they show has changed."""

    ALLOW_SELECT: ClassVar[bool] = False

    _drawn: list[Strip] | None = None
    _drawn_for: tuple[object, ...] = ()
    _before: list[Strip] | None = None

    def draw(self, width: int, height: int, inks: Inks, tier: Tier) -> list[Strip]:
        """Draw the present state on ``width`` x ``height`` cells; fewer strips leave the rest blank."""
        raise NotImplementedError

    def redraw(self) -> None:
        """The state has changed: what was drawn is no longer true, and the rows that differ are to be shown."""
        if self._before is None and self._drawn is not None:
            self._before = self._drawn
            self.call_next(self._show_changes)
        elif self._before is None:
            self.refresh()
        self._drawn = None

    def _show_changes(self) -> None:
        """Have Textual show the rows that differ from before; what it shows anew it lays out, filters and writes."""
        before, self._before = self._before or [], None
        if self._drawn_for != self._looks:
            self.refresh()
            return
        rows = enumerate(zip_longest(before, self._strips))
        changed = [Region(0, y, self.size.width, 1) for y, (old, new) in rows if old != new]
        if changed:
            self.refresh(*changed)

    def notify_style_update(self) -> None:
        """Textual calls this when the theme or a style changed."""
        super().notify_style_update()
        self._drawn = None
        if self._drawn_for and self._drawn_for != self._looks:
            self.refresh()  # Textual itself draws anew only what has another style by itself

    @property
    def _looks(self) -> tuple[object, ...]:
        """What a drawing depends on besides the state."""
        return self.size, self.app.theme, tier_of(self)

    @property
    def _strips(self) -> list[Strip]:
        """What is drawn; draws it first if the state, the size or the looks have changed since."""
        looks = self._looks
        if self._drawn is None or self._drawn_for != looks:
            (width, height), tier = self.size, tier_of(self)
            strips = self.draw(width, height, inks_of(self.app.theme_variables, tier), tier)
            base = self.rich_style
            self._drawn = [strip.adjust_cell_length(width).apply_style(base) for strip in strips]
            self._drawn_for = looks
        return self._drawn

    def render_line(self, y: int) -> Strip:
        """One row of it."""
        strips = self._strips
        return strips[y] if y < len(strips) else Strip.blank(self.size.width, self.rich_style)

    @property
    def text(self) -> str:
        """What stands on the screen, without colours: for tests and for whoever asks."""
        width, height = self.size
        return "\n".join(self.render_line(y).text.rstrip() for y in range(height)) if width else ""

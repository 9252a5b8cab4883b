"""The last line of every screen: the keys that work now, made from the bindings.

Textual's own footer is a widget for each key, made anew whenever the focus moves; that was a tenth of the time to the
first screen. This one is a line of text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from textual import events
from textual.app import App
from textual.screen import Screen
from textual.strip import Strip

from tui.render.cells import Cells
from tui.render.glyphs import writable
from tui.render.inks import Inks
from tui.render.tier import Tier
from tui.widgets.strips import StripWidget

__all__ = ["KeyBar"]

GAP = 2


@dataclass
class _Item:
    """A key, or several with one meaning: what is shown, and what a click presses."""

    keys: str
    words: str
    press: str
    enabled: bool

    def text(self, tier: Tier) -> str:
        """As it stands in the line."""
        return writable(f"{self.keys} {self.words}", tier)


class KeyBar(StripWidget):
    """Keys of the screen from the left, those that work everywhere from the right. A click presses a key.

    Where there is too little room, the last keys of the screen are left out, and an ellipsis says so.
    """

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: 1; background: $footer-background; }
    """

    def on_mount(self) -> None:
        """Follow the bindings."""
        self._placed: list[tuple[int, _Item]] = []
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen[Any]) -> None:
        if screen is self.screen:
            self.redraw()

    def _items(self) -> tuple[list[_Item], list[_Item]]:
        """Keys of the screen and of the app, in the order of their bindings; keys of one action or group together."""
        own: dict[object, _Item] = {}
        everywhere: dict[object, _Item] = {}
        for node, binding, enabled, _ in self.screen.active_bindings.values():
            if not binding.show or not binding.description:
                continue
            items = everywhere if isinstance(node, App) else own
            meaning: object = binding.group or binding.action
            key = self.app.get_key_display(binding)
            if meaning not in items:
                words = binding.group.description if binding.group else binding.description
                items[meaning] = _Item(key, words, binding.key, enabled)
            elif binding.group:
                items[meaning].keys += key if binding.group.compact else f" {key}"
        return list(own.values()), list(everywhere.values())

    def draw(self, width: int, height: int, inks: Inks, tier: Tier) -> list[Strip]:
        """The line."""
        own, everywhere = self._items()
        cells, ellipsis = Cells(width, 1, tier), writable("…", tier)
        right = width - sum(cell_len(item.text(tier)) + GAP for item in everywhere) + 1
        self._placed, column = [], 1
        for item in own:
            last = item is own[-1]
            if column + cell_len(item.text(tier)) + (0 if last else GAP + len(ellipsis)) > right - GAP:
                cells.write(column, 0, ellipsis, inks.muted)
                break
            column = self._place(cells, column, item, inks) + GAP
        column = max(right, 1)
        for item in everywhere:
            column = self._place(cells, column, item, inks) + GAP
        return cells.strips()

    def _place(self, cells: Cells, column: int, item: _Item, inks: Inks) -> int:
        self._placed.append((column, item))
        end = cells.write(column, 0, item.keys, inks.strong + inks.series[0] if item.enabled else inks.faint)
        return cells.write(end + 1, 0, item.words, inks.muted if item.enabled else inks.faint)

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        for column, item in reversed(self._placed):
            if event.x >= column:
                if event.x < column + cell_len(item.text("truecolor")) and item.enabled:
                    self.app.simulate_key(item.press)
                return

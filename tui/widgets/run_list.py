"""The list of runs. A row is written anew only when what it says has changed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.widgets.option_list import Option

from tui.render.run_rows import RunRow, age, run_text
from tui.widgets.option_list import AnySizeOptionList

__all__ = ["RunList"]


class RunList(AnySizeOptionList):
    """Runs to choose from."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open(False)", "Open", key_display="enter", tooltip="Watch a run, or see how it went"),
        Binding("enter", "open(True)", "Test", key_display="enter", tooltip="Test the model that came of it"),
        Binding("down,j", "cursor_down", "Down", show=False),
        Binding("up,k", "cursor_up", "Up", show=False),
        # The list would scroll sideways, where there is nothing.
        Binding("left", "screen.read(-1)", "Read an earlier epoch", show=False),
        Binding("right", "screen.read(1)", "Read a later epoch", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(compact=True)
        self._rows: tuple[RunRow, ...] = ()
        self._written: list[tuple[RunRow, str]] = []
        self._width = 0

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What the key does with the highlighted run depends on what there is of it."""
        if action != "open":
            return True
        row = self._rows[self.highlighted or 0] if self.chosen else None
        return row is not None and (row.model is not None) == parameters[0]

    def action_open(self, _model: bool) -> None:
        """As a click on it."""
        self.action_select()

    @property
    def chosen(self) -> str | None:
        """Id of the highlighted run."""
        if self.highlighted is None or self.highlighted >= len(self._rows):
            return None
        return self._rows[self.highlighted].id

    def show(self, rows: Sequence[RunRow]) -> None:
        """Show these runs. The chosen one stays chosen if it is among them; else its neighbour is."""
        same = [row.id for row in rows] == [row.id for row in self._rows]
        chosen, place = self.chosen, self.highlighted or 0
        self._rows = tuple(rows)
        if same:
            self._update()
            return
        self._write()
        ids = [row.id for row in rows]
        if ids:
            self.highlighted = ids.index(chosen) if chosen in ids else min(place, len(ids) - 1)

    def on_resize(self, event: events.Resize) -> None:
        """Break the lines anew where the width has changed."""
        if self._width != self._room:
            highlighted = self.highlighted
            self._write()
            self.highlighted = highlighted
        self.call_after_refresh(self.scroll_to_highlight)

    @property
    def _room(self) -> int:
        """Cells in a line."""
        return (self.scrollable_content_region.width or self.app.size.width) - 2

    def _said(self) -> list[tuple[RunRow, str]]:
        """What each row depends on: as long as that is the same, it is not written anew."""
        now = time.time()
        return [(row, age(row.started, now)) for row in self._rows]

    def _text(self, row: RunRow, when: str) -> Text:
        return run_text(row, when, self._width)

    def _write(self) -> None:
        self._width, self._written = self._room, self._said()
        self.set_options(Option(self._text(*said)) for said in self._written)

    def _update(self) -> None:
        said = self._said()
        for place, (old, new) in enumerate(zip(self._written, said, strict=True)):
            if old != new:
                self.replace_option_prompt_at_index(place, self._text(*new))
        self._written = said

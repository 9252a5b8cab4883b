"""The list of models, two lines each, more where it is narrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from netcore.models.library import ModelEntry
from tui.render.models import model_text
from tui.widgets.strips import tier_of

__all__ = ["ModelList"]


class ModelList(OptionList):
    """Models to choose from."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Test", key_display="enter"),
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
    ]

    def __init__(self, titles: Mapping[str, str]) -> None:
        """An empty list.

        Args:
            titles: Title of each dataset by its name.
        """
        super().__init__(compact=True)
        self._titles = titles
        self._entries: Sequence[ModelEntry] = ()
        self._width = 0

    @property
    def entries(self) -> Sequence[ModelEntry]:
        """The models on show."""
        return self._entries

    @property
    def chosen(self) -> ModelEntry | None:
        """The highlighted model."""
        return None if self.highlighted is None else self._entries[self.highlighted]

    def show(self, entries: Sequence[ModelEntry]) -> None:
        """Show these models. The chosen one stays chosen if it is among them, else the first is."""
        chosen = self.chosen
        self._entries = tuple(entries)
        self._write()
        paths = [entry.path for entry in entries]
        if entries:
            self.highlighted = paths.index(chosen.path) if chosen and chosen.path in paths else 0

    def on_resize(self, event: events.Resize) -> None:
        """Break the lines anew where the width has changed."""
        if self._width != self._room:
            highlighted = self.highlighted
            self._write()
            self.highlighted = highlighted

    @property
    def _room(self) -> int:
        """Cells in a line."""
        return self.scrollable_content_region.width or self.app.size.width

    def _write(self) -> None:
        titles = [self.title(entry) for entry in self._entries]
        columns = max((len(entry.name) for entry in self._entries), default=0), max(map(len, titles), default=0)
        self._width, tier = self._room, tier_of(self)
        self.set_options(
            Option(model_text(entry, title, columns, self._width, tier))
            for entry, title in zip(self._entries, titles, strict=True)
        )

    def title(self, entry: ModelEntry) -> str:
        """Title of a model's dataset."""
        return self._titles.get(entry.dataset, entry.dataset)

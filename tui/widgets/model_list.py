"""The list of models, two lines each, more where it is narrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widgets.option_list import Option

from netcore.models.library import ModelEntry
from tui.render.models import ModelLines
from tui.widgets.option_list import AnySizeOptionList

__all__ = ["ModelList"]


class ModelList(AnySizeOptionList):
    """Models to choose from."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Test", key_display="enter"),
        Binding("down,j", "cursor_down", "Next model", show=False),
        Binding("up,k", "cursor_up", "Model before", show=False),
    ]

    def __init__(self, titles: Mapping[str, str], entries: Sequence[ModelEntry]) -> None:
        """Show these models.

        Args:
            titles: Title of each dataset by its name.
            entries: The models.
        """
        super().__init__(compact=True)
        self._titles = titles
        self._entries: tuple[ModelEntry, ...] = ()
        self.show(entries)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where no model matches there is none to test."""
        return action != "select" or self.chosen is not None

    def render_line(self, y: int) -> Strip:
        """A line; the first one of the chosen model has a pointer in its margin, which needs no colour."""
        strip, line = super().render_line(y), self.scroll_offset.y + y
        if line >= len(self._lines) or self._lines[line] != (self.highlighted, 0):
            return strip
        pointer = Strip([Segment("▸", segment.style) for segment in [*strip][:1]], 1)
        return Strip.join([pointer, strip.crop(1)])

    @property
    def entries(self) -> Sequence[ModelEntry]:
        """The models on show."""
        return self._entries

    @property
    def chosen(self) -> ModelEntry | None:
        """The highlighted model."""
        return None if self.highlighted is None else self._entries[self.highlighted]

    def title(self, entry: ModelEntry) -> str:
        """Title of a model's dataset."""
        return self._titles.get(entry.dataset, entry.dataset)

    def show(self, entries: Sequence[ModelEntry]) -> None:
        """Show these models. The chosen one stays chosen; where it alone is gone its neighbour is, else the first."""
        if tuple(entries) == self._entries:
            return
        chosen, place, before, self._entries = self.chosen, self.highlighted or 0, self._entries, tuple(entries)
        names, titles = [entry.name for entry in entries], [self.title(entry) for entry in entries]
        columns = max(map(len, names), default=0), max(map(len, titles), default=0)
        self.set_options(
            Option(ModelLines(entry, title, columns)) for entry, title in zip(entries, titles, strict=True)
        )
        paths = [entry.path for entry in entries]
        if chosen and chosen.path in paths:
            place = paths.index(chosen.path)
        elif paths != [entry.path for entry in before if entry is not chosen]:
            place = 0
        self.highlighted = min(place, len(paths) - 1) if paths else None

"""A confusion matrix in which a cell can be chosen, to see the images behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tui.render.confusion import confusion_layout, confusion_strips
from tui.render.inks import Inks
from tui.render.tier import Tier
from tui.widgets.strips import StripWidget

__all__ = ["ConfusionMatrix"]


class ConfusionMatrix(StripWidget, can_focus=True):
    """Counts of true against predicted classes. Arrows move the choice, enter or a click opens it.

    Attributes:
        selected: The chosen (true, predicted) cell.
    """

    DEFAULT_CSS = """
    ConfusionMatrix { height: 1fr; min-height: 4; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1, 0)", "Up", show=False),
        Binding("down", "move(1, 0)", "Down", show=False),
        Binding("left", "move(0, -1)", "Left", show=False),
        Binding("right", "move(0, 1)", "Right", show=False),
        Binding("enter", "choose", "See the images", key_display="enter"),
    ]

    selected: reactive[tuple[int, int]] = reactive((0, 0))

    class CellChosen(Message):
        """The images of a cell are asked for.

        Attributes:
            true: Index of their true class.
            predicted: Index of the class that the network takes them for.
        """

        def __init__(self, true: int, predicted: int) -> None:
            super().__init__()
            self.true, self.predicted = true, predicted

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._matrix: tuple[tuple[int, ...], ...] = ()
        self._names: tuple[str, ...] = ()

    def show(self, matrix: Sequence[Sequence[int]], names: Sequence[str]) -> None:
        """Show another matrix (rows true, columns predicted); the choice moves to its largest mistake."""
        self._matrix = tuple(tuple(int(count) for count in row) for row in matrix)
        self._names = tuple(names)
        mistakes = [
            (count, (-true, -predicted))
            for true, row in enumerate(self._matrix)
            for predicted, count in enumerate(row)
            if true != predicted
        ]
        if mistakes:
            _, (true, predicted) = max(mistakes)
            self.selected = (-true, -predicted)
        else:
            self.selected = (0, 0)
        self.redraw()

    def validate_selected(self, selected: tuple[int, int]) -> tuple[int, int]:
        """The choice stays on the matrix."""
        last = max(len(self._names) - 1, 0)
        true, predicted = selected
        return min(max(true, 0), last), min(max(predicted, 0), last)

    def watch_selected(self) -> None:
        """The choice has moved."""
        self.redraw()

    def action_move(self, down: int, right: int) -> None:
        """Move the choice."""
        self.selected = (self.selected[0] + down, self.selected[1] + right)

    def action_choose(self) -> None:
        """Ask for the images of the chosen cell."""
        if self._matrix:
            self.post_message(self.CellChosen(*self.selected))

    def on_click(self, event: events.Click) -> None:
        """A click chooses a cell; a second one on it asks for its images."""
        offset = event.get_content_offset(self)
        layout = confusion_layout(self._names, *self.size, self.selected)
        cell = layout.at(offset.x, offset.y) if offset else None
        if cell is not None and cell == self.selected:
            self.action_choose()
        elif cell is not None:
            self.selected = cell

    def draw(self, width: int, height: int, inks: Inks, tier: Tier) -> list[Strip]:
        """The matrix."""
        if not self._matrix:
            return []
        return confusion_strips(self._matrix, self._names, width, height, inks=inks, tier=tier, selected=self.selected)

"""The first line of every screen: the five modes with their keys, and on the right what is being trained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

__all__ = ["MODES", "ModeBar"]

MODES: Mapping[str, str] = {
    "models": "Models",
    "train": "Train",
    "test": "Test",
    "inspect": "Inspect",
    "runs": "Runs",
}
"""Each mode's name in the program and on the screen; its key is its place, from 1."""


class ModeBar(Widget):
    """Names the modes; a click on one goes there.

    Attributes:
        status: A few words on the run that is under way; empty while there is none.
        cost: A few words on what the screen costs; they take the place of the status where there is room for one only.
    """

    ALLOW_SELECT: ClassVar[bool] = False

    DEFAULT_CSS = """
    ModeBar {
        dock: top;
        height: 1;
        background: $panel;
        color: $text-muted;
    }
    """

    status: reactive[str] = reactive("")
    cost: reactive[str] = reactive("")

    class ModeChosen(Message):
        """A mode was clicked.

        Attributes:
            mode: Its name.
        """

        def __init__(self, mode: str) -> None:
            super().__init__()
            self.mode = mode

    def __init__(self, mode: str) -> None:
        """Show this mode as the present one."""
        super().__init__()
        self._mode = mode

    def render(self) -> Content:
        """The line; the present mode is told by reversed letters, with or without colour."""
        parts = [
            Content.styled(name, "bold reverse $accent" if mode == self._mode else "") for mode, name in self._names
        ]
        modes = Content("").join(parts)
        room = self.size.width - modes.cell_length
        both = " · ".join(filter(None, (self.cost, self.status)))
        for words in (both, self.cost, self.status):
            if words and cell_len(words) < room:
                return modes + Content(" " * (room - cell_len(words) - 1)) + Content.styled(f"{words} ", "$text-accent")
        return modes

    @property
    def _names(self) -> list[tuple[str, str]]:
        """Each mode with what stands there for it: closer together where it is narrow."""
        names = [(mode, f"{key} {title} ") for key, (mode, title) in enumerate(MODES.items(), start=1)]
        roomy = sum(len(name) + 1 for _, name in names) <= self.size.width
        return [(mode, f" {name}" if roomy else name) for mode, name in names]

    def mode_at(self, x: int) -> str | None:
        """The mode whose name stands in a column."""
        for mode, name in self._names:
            x -= len(name)
            if x < 0:
                return mode
        return None

    def on_click(self, event: events.Click) -> None:
        """Tell which mode was clicked."""
        mode = self.mode_at(event.x)
        if mode is not None:
            self.post_message(self.ModeChosen(mode))

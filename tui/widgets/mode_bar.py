"""The first line of every screen: the five modes with their keys, and on the right what is being trained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

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
            Content.styled(f" {key} {title} ", "bold reverse $accent" if mode == self._mode else "")
            for key, (mode, title) in enumerate(MODES.items(), start=1)
        ]
        modes = Content("").join(parts)
        room = self.size.width - modes.cell_length
        status = Content.styled(f"{self.status} ", "$text-accent") if self.status else Content("")
        if status.cell_length > room:
            return modes
        return modes + Content(" " * (room - status.cell_length)) + status

    def mode_at(self, x: int) -> str | None:
        """The mode whose name stands in a column."""
        for key, (mode, title) in enumerate(MODES.items(), start=1):
            x -= len(f" {key} {title} ")
            if x < 0:
                return mode
        return None

    def on_click(self, event: events.Click) -> None:
        """Tell which mode was clicked."""
        mode = self.mode_at(event.x)
        if mode is not None:
            self.post_message(self.ModeChosen(mode))

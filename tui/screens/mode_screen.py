"""What every screen has: the names of the five modes on top, the keys at the bottom, the shared session."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from tui.screens.session import Session
from tui.widgets.key_bar import KeyBar
from tui.widgets.mode_bar import ModeBar
from tui.widgets.too_small import LEAST_COLUMNS, LEAST_LINES, TooSmall

__all__ = ["ModeScreen"]


class ModeScreen(Screen[None]):
    """A screen behind one of the keys 1 to 5.

    Subclasses set ``MODE`` and give their own part in `content`.
    """

    MODE = ""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    def compose(self) -> Iterable[Widget]:
        """The mode bar, the screen's own part, the keys."""
        yield ModeBar(self.MODE)
        yield from self.content()
        yield KeyBar()
        yield TooSmall()

    def content(self) -> Iterable[Widget]:
        """The screen's own part."""
        return ()

    def on_resize(self, event: events.Resize) -> None:
        """Cover the screen where it cannot be shown."""
        self.show_room(event.size)

    def on_screen_resume(self) -> None:
        """Bring up to date what may have changed while another mode was shown."""
        self.show_room(self.app.size)
        self.show_status()

    def show_room(self, size: Size) -> None:
        """Say so where there is too little room."""
        too_small = size.width < LEAST_COLUMNS or size.height < LEAST_LINES
        self.set_class(too_small, "-too-small")
        self.query_one(TooSmall).display = too_small

    def show_status(self) -> None:
        """Say on the mode bar what is being trained."""
        self.query_one(ModeBar).status = self.session.status

    def training_moved(self) -> None:
        """The run of this app has new events or has ended; called on the screen that is shown, a few times a second."""

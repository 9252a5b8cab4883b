"""What every screen has: the names of the five modes on top, the keys at the bottom, the shared session."""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic

from textual.messages import Prune
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

from tui.screens.session import Session
from tui.widgets.key_bar import KeyBar
from tui.widgets.mode_bar import ModeBar

__all__ = ["ModeScreen"]


class ModeScreen(Screen[None]):
    """A screen behind one of the keys 1 to 5.

    Subclasses set ``MODE`` and give their own part in `content`.

    Attributes:
        session: What the screens share.
        shown_at: When news of the training were shown the last time, by `time.monotonic`.
    """

    MODE = ""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.shown_at = 0.0
        self._owed: Timer | None = None

    def compose(self) -> Iterable[Widget]:
        """The mode bar, the screen's own part, the keys."""
        yield ModeBar(self.MODE)
        yield from self.content()
        yield KeyBar()

    def content(self) -> Iterable[Widget]:
        """The screen's own part."""
        return ()

    async def on_prune(self, _: Prune) -> None:
        """The app closes: whatever is still being read or computed would find no widgets to show it in."""
        self.workers.cancel_node(self)

    def on_screen_resume(self) -> None:
        """A run may have begun or ended while another mode was shown."""
        self.show_status()

    def show_status(self) -> None:
        """Say on the mode bar what is being trained, and what the screen costs."""
        bar = self.query_one(ModeBar)
        bar.status, bar.cost = self.session.status, self.session.cost

    def training_moved(self) -> None:
        """The run of this app has new events or has ended; called on the screen that is shown, a few times a second.

        What they bring is shown as often as training can bear: each drawing costs, however little it shows.
        """
        if not self.session.training:
            self.show_news()
        elif self._owed is None:
            due = self.shown_at + self.session.tempo.numbers
            self._owed = self.set_timer(max(due - monotonic(), 0.001), self.show_news)

    def show_news(self) -> None:
        """Show what the run has brought."""
        if self._owed is not None:
            self._owed.stop()
            self._owed = None
        self.shown_at = monotonic()
        if self.app.is_running:  # while it closes the widgets are gone
            self.show_status()

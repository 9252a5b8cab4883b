"""What the app does for its connection.

It draws through a link that writes little, says what that costs, and tells the terminal how a run goes, for whoever
does not look at the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input, LoadingIndicator

from tui.display import DisplayApp
from tui.link.cost import CostMeter
from tui.link.driver import LinkDriver
from tui.link.writer import Writer
from tui.render.glyphs import writable
from tui.render.tier import Tier
from tui.screens.mode_screen import ModeScreen
from tui.screens.session import Session
from tui.screens.tempo import NORMAL, THRIFTY

if TYPE_CHECKING:
    from tui.notices import Notices, Notify

__all__ = ["LinkedApp", "Wishes"]

COST_PAUSE = 1.0
"""Seconds between two looks at what the screen costs."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person wants of the connection.

    Attributes:
        low_bandwidth: Whether to draw less often what training brings.
        notify: How to tell that a run has ended, or reached the wanted accuracy; None does not tell.
        wanted_accuracy: In [0, 1], on the images held out, or on the training images where none are.
    """

    low_bandwidth: bool = False
    notify: Notify | None = None
    wanted_accuracy: float | None = None


class LinkedApp(DisplayApp):
    """An app at the end of a connection that may be slow.

    Attributes:
        session: What the screens share.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f3", "toggle_cost", "What the screen costs", show=False),
        Binding("ctrl+l", "repaint", "Draw the screen anew", show=False),  # as everywhere in terminals
    ]

    def __init__(self, tier: Tier | None = None, wishes: Wishes | None = None) -> None:
        """Open on a terminal of this tier; None finds out from the environment."""
        super().__init__(tier)
        self.session = Session()
        self._wishes = wishes or Wishes()
        self.session.tempo = THRIFTY if self._wishes.low_bandwidth else NORMAL
        self._notices: Notices | None = None
        self._titled_at = 0.0
        self._cost: CostMeter | None = None
        self._cost_pause: Timer | None = None

    def get_driver_class(self) -> type[Driver]:
        """Ours, where Textual would take the one for a terminal."""
        usual = super().get_driver_class()
        return LinkDriver if usual is LinuxDriver else usual

    @property
    def _writer(self) -> Writer | None:
        """None where nothing is written, as in most tests."""
        return self._driver.writer if isinstance(self._driver, LinkDriver) else None

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Keep still what would move for ever: a cursor that blinks, and what the palette redraws unseen."""
        if isinstance(event.widget, Input) and event.widget.is_attached:  # its screen may be closed by now
            event.widget.cursor_blink = False
            for indicator in event.widget.screen.query(LoadingIndicator):
                indicator.auto_refresh = None

    def when_shown(self, call: Callable[[], object]) -> None:
        """Call this once the terminal shows all that was drawn until now: what matters less can wait for that."""
        if self._writer is None:
            call()
        else:
            self._writer.when_shown(call)

    # How a run goes

    def tell_terminal(self) -> None:
        """Bring the terminal's title up to date, and have it call the person where that is wanted.

        Called when there is a run to follow, and then a few times a second.
        """
        from tui.notices import Notices  # noqa: PLC0415  # not needed for the first screen
        from tui.render.run_title import run_title  # noqa: PLC0415  # likewise

        session, run = self.session, self.session.worker
        if self._writer is None or run is None:
            return
        if self._wishes.notify:
            self._notices = self._notices or Notices(self._wishes.wanted_accuracy)
            for text in self._notices.news(session.history, session.outcome if session.told_all else ""):
                plain = writable(text, self.tier)
                self._writer.send("\a" if self._wishes.notify == "bell" else f"\x1b]9;{plain}\a")
        due = session.begun and monotonic() - self._titled_at >= session.tempo.title
        if due or session.told_all:
            self._titled_at = monotonic()
            self._writer.set_title(writable(run_title(session.history, run.config, session.failed), self.tier))
        self._writer.write_soon()

    # What the screen costs

    def action_repaint(self) -> None:
        """Draw everything again: something else has written to the terminal."""
        if isinstance(self._driver, LinkDriver):
            self._driver.repaint()

    def action_toggle_cost(self) -> None:
        """Say on the first line what the screen costs, or no longer."""
        if self._cost_pause is not None:
            self._cost_pause.stop()
            self._cost = self._cost_pause = None
        elif self._writer is not None:
            self._cost = CostMeter(self._writer)
            self._cost_pause = self.set_interval(COST_PAUSE, self._show_cost)
        self._show_cost()

    def _show_cost(self) -> None:
        from tui.render.numbers import percent  # noqa: PLC0415  # not needed for the first screen

        self.session.cost = ""
        if self._cost is not None:
            rate, redraws, share = self._cost.read()
            self.session.cost = f"{rate / 1000:.1f} kB/s, redraws {redraws:.0f}/s, CPU {percent(share, 0)}"
        for screen in self.screen_stack:
            if isinstance(screen, ModeScreen) and screen.is_mounted:
                screen.show_status()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the command palette offers for the connection."""
        yield from super().get_system_commands(screen)
        yield SystemCommand("Cost", "Say what the screen costs, or no longer", self.action_toggle_cost)
        yield SystemCommand("Redraw", "Draw the screen anew, if something else wrote on it", self.action_repaint)

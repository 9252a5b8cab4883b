"""The app: five modes over one session, its keys, its looks."""

from __future__ import annotations

import gc
import importlib
from collections.abc import Iterable
from functools import partial
from pathlib import PurePath
from threading import Thread
from typing import Any, ClassVar, cast

from textual import events
from textual.app import ScreenStackError, SystemCommand
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.widget import MountError

from netcore.models.library import list_models
from tui.ending import Ending, OnHangup
from tui.linked import LinkedApp, Wishes
from tui.lock import LockTurns
from tui.render.numbers import percent
from tui.render.tier import Tier
from tui.screens.mode_screen import ModeScreen
from tui.widgets.mode_bar import MODES, ModeBar
from tui.widgets.too_small import cover

__all__ = ["MnistTuiApp"]

SCREENS = {
    "models": ("tui.screens.models", "ModelsScreen"),
    "train": ("tui.screens.training", "TrainScreen"),
    "test": ("tui.screens.testing", "TestScreen"),
    "inspect": ("tui.screens.inspecting", "InspectScreen"),
    "runs": ("tui.screens.runs", "RunsScreen"),
}
"""Module and class behind each mode; imported when first opened, or once the first screen is shown."""

REFRESH = 0.25
"""Seconds between two looks at what the run that Train shows has told."""

SETTLED = 0.1
"""Seconds after the first drawing within which all of it is written."""


class MnistTuiApp(LinkedApp):
    """Everything that `mnist-tui` shows.

    Attributes:
        turns: Who gets Python's lock.
    """

    TITLE = "mnist-tui"
    # The first screen's stylesheet too: with one that comes later all that is there is styled again.
    CSS_PATH: ClassVar[list[str | PurePath]] = ["app.tcss", "screens/models.tcss"]
    DEFAULT_MODE = "models"
    HORIZONTAL_BREAKPOINTS = [(0, "-normal"), (110, "-wide")]  # noqa: RUF012  # Textual has no ClassVar here
    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-normal-height"), (32, "-tall")]  # noqa: RUF012  # likewise

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(key), f"mode('{mode}')", MODES[mode], show=False) for key, mode in enumerate(MODES, start=1)),
        Binding("f2", "toggle_theme", "Light or dark", show=False),
        Binding("ctrl+p", "command_palette", "Command palette", show=False, priority=True),
        Binding("question_mark", "help", "Help", key_display="?"),
        Binding("q", "quit", "Quit"),
        Binding("ctrl+c", "interrupt", "Quit; once more: stop the run and keep it", show=False, priority=True),
    ]

    def __init__(
        self,
        tier: Tier | None = None,
        *,
        watch: str | None = None,
        on_hangup: OnHangup = "detach",
        wishes: Wishes | None = None,
    ) -> None:
        """Open on a terminal.

        Args:
            tier: What it can show; None finds out from the environment.
            watch: Id of a run to open on, with Train attached to it; None opens on the models.
            on_hangup: What becomes of a run when the app ends and nobody can be asked.
            wishes: What is wanted of the connection.

        Raises:
            SettingError: ``MNIST_TUI_DISPLAY`` names no tier.
            RunError: There is no such run, or it cannot be read.
        """
        if watch is not None:
            self.DEFAULT_MODE = "train"  # type: ignore[misc]  # Textual reads it when it is made, and never again
        super().__init__(tier, wishes)
        self.animation_level = "none"
        self.turns = LockTurns()
        self._ending = Ending(self, self.session, on_hangup)
        if watch is not None:
            from netcore.runs.run import Run  # noqa: PLC0415  # not needed for the first screen

            self.session.attach(Run.open(watch))
        self._modes = {mode: partial(self._make_screen, mode) for mode in SCREENS}

    def _make_screen(self, mode: str) -> Screen[None]:
        module, name = SCREENS[mode]
        return self.sized(cast("Screen[None]", getattr(importlib.import_module(module), name)(self.session)))

    async def on_event(self, event: events.Event) -> None:
        """Somebody waits for what a key or the mouse does."""
        if isinstance(event, events.InputEvent) and not event.is_forwarded:
            self.turns.answer()
        await super().on_event(event)

    def on_mount(self) -> None:
        """Be ready to follow a run, and for the next key."""
        self._ending.begun()
        self.screen_change_signal.subscribe(self, self._on_other_screen)
        self._following = self.set_interval(REFRESH, self.follow_training, pause=self.session.worker is None)
        self.session.started = self._follow
        # After the first screen is drawn and written, so that it need not wait for NumPy; before a key needs it.
        self.call_after_refresh(self.set_timer, SETTLED, self._prepare_the_rest)

    def _prepare_the_rest(self) -> None:
        """The first screen is shown: see to what it did not need."""
        if not gc.isenabled():  # `mnist-tui` puts it off until now
            gc.freeze()
            gc.enable()
        Thread(target=_load_the_rest, name="imports", daemon=True).start()

    def _handle_exception(self, error: Exception) -> None:
        """While the app closes, a screen that is just being opened finds no widgets to write to: no fault."""
        if not (self._exit and isinstance(error, (NoMatches, MountError, ScreenStackError))):
            super()._handle_exception(error)

    def on_resize(self, event: events.Resize) -> None:
        """The terminal may have become too small, or large enough."""
        for screen in self.screen_stack:
            cover(screen, event.size)

    def _on_other_screen(self, screen: Screen[Any]) -> None:
        cover(screen, self.size)

    def _follow(self) -> None:
        self._following.resume()
        self.tell_terminal()

    def follow_training(self) -> None:
        """Give the screen what the run has told since the last time."""
        if not self.is_running:
            return  # a last tick while the app closes: its screens are empty by now
        ended = not self.session.training  # asked first: what is put down before the end is then not missed
        moved = self.session.follow_detached() or self.session.take_new_records()
        self.tell_terminal()
        if ended:
            self._following.pause()
            if self.current_mode != "train":
                self.notify(self.session.outcome, severity="error" if self.session.failed else "information")
        for screen in self.screen_stack:
            # One that is just being opened has nothing to write to yet; it begins with how things are then.
            if isinstance(screen, ModeScreen) and screen.is_mounted and (moved or ended):
                screen.training_moved()

    # What the keys do

    def action_mode(self, mode: str) -> None:
        """Go to a mode."""
        self.switch_mode(mode)

    def on_mode_bar_mode_chosen(self, message: ModeBar.ModeChosen) -> None:
        """A mode was clicked."""
        self.action_mode(message.mode)

    def action_help(self) -> None:
        """Show the keys that work now."""
        from tui.screens.help import HelpScreen  # noqa: PLC0415  # not needed for the first screen

        self.push_screen(HelpScreen(self.screen))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the command palette offers."""
        for mode, title in MODES.items():
            yield SystemCommand(title, f"Go to {title}", partial(self.action_mode, mode))
        for entry in list_models():
            if entry.problem is None:
                about = f"{entry.layers}, {percent(entry.test_accuracy)}"
                yield SystemCommand(f"Test {entry.name}", about, partial(self._test, entry.reference))
        yield from super().get_system_commands(screen)
        yield SystemCommand("Help", "The keys that work now", self.action_help)
        yield SystemCommand("Quit", "Leave mnist-tui", self.action_quit)

    def _test(self, model: str) -> None:
        self.session.model = model
        self.switch_mode("test")

    async def action_quit(self) -> None:
        """Leave."""
        await self._ending.ask()

    async def action_interrupt(self) -> None:
        """Ctrl-C."""
        await self._ending.interrupt()

    def run(self, *args: Any, **options: Any) -> None:  # noqa: ANN401  # passed on as they are
        """Show the app until it is left."""
        self.turns.begin()
        with self._ending.watched_for():
            super().run(*args, **options)


def _load_the_rest() -> None:
    for module, _ in SCREENS.values():
        importlib.import_module(module)
    importlib.import_module("netcore.runs.worker")

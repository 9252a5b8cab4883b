"""The app: five modes over one session, its keys, its looks, and how it ends."""

from __future__ import annotations

import asyncio
import gc
import importlib
import os
import signal
import sys
import termios
from collections.abc import Iterable
from functools import partial
from pathlib import PurePath
from threading import Thread
from typing import Any, ClassVar, cast

from textual import events
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from netcore.models.library import list_models
from tui.display import DisplayApp
from tui.render.numbers import percent
from tui.render.tier import Tier
from tui.screens.mode_screen import ModeScreen
from tui.screens.session import Session
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
"""Seconds between two looks at what the training thread has put down."""

SWITCH = 0.0005
"""Seconds after which Python's lock goes to a thread that waits for it. The training lets go of it for each matrix
product and then wants it back, twenty times a batch: with Python's own 0.005 it stood nearly still while the screen
was drawn. Measured beside a thread that never rests: an epoch took 2.5 times as long as alone, and with this 1.9."""

SETTLED = 0.1
"""Seconds after the first drawing within which all of it is written."""


class MnistTuiApp(DisplayApp):
    """Everything that `mnist-tui` shows.

    Attributes:
        session: What the screens share.
    """

    TITLE = "mnist-tui"
    # The first screen's stylesheet too: one that comes later has Textual read all of them again.
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
    ]

    def __init__(self, tier: Tier | None = None) -> None:
        """Open on a terminal of this tier; None finds out from the environment.

        Raises:
            SettingError: ``MNIST_TUI_DISPLAY`` names no tier.
        """
        super().__init__(tier)
        self.session = Session()
        self.animation_level = "none"
        self._stopped_a_run = False
        self._events: asyncio.AbstractEventLoop | None = None
        self._modes = {mode: partial(self._make_screen, mode) for mode in SCREENS}

    def _make_screen(self, mode: str) -> Screen[None]:
        module, name = SCREENS[mode]
        screen = cast("Screen[None]", getattr(importlib.import_module(module), name)(self.session))
        # Textual tells a screen its size class only after it is laid out, and then lays it out again.
        for size, own, common in (
            (self.size.width, screen.HORIZONTAL_BREAKPOINTS, self.HORIZONTAL_BREAKPOINTS),
            (self.size.height, screen.VERTICAL_BREAKPOINTS, self.VERTICAL_BREAKPOINTS),
        ):
            screen.add_class(max((least, name) for least, name in own or common or () if least <= size)[1])
        return screen

    def on_mount(self) -> None:
        """Be ready to follow a run, and for the next key."""
        self.screen_change_signal.subscribe(self, self._on_other_screen)
        self._events = asyncio.get_running_loop()
        self._following = self.set_interval(REFRESH, self.follow_training, pause=True)
        self.session.started = self._following.resume
        # After the first screen is drawn and written, so that it need not wait for NumPy; before a key needs it.
        self.call_after_refresh(self.set_timer, SETTLED, self._prepare_the_rest)

    def _prepare_the_rest(self) -> None:
        """The first screen is shown: see to what it did not need."""
        if not gc.isenabled():  # `mnist-tui` puts it off until now
            gc.freeze()
            gc.enable()
        Thread(target=_load_the_rest, name="imports", daemon=True).start()

    def on_resize(self, event: events.Resize) -> None:
        """The terminal may have become too small, or large enough."""
        for screen in self.screen_stack:
            cover(screen, event.size)

    def _on_other_screen(self, screen: Screen[Any]) -> None:
        cover(screen, self.size)

    def follow_training(self) -> None:
        """Give the screen what the training thread has put down since the last time."""
        if not self.is_running:
            return  # a last tick while the app closes: its screens are empty by now
        ended = not self.session.training  # asked first: what is put down before the end is then not missed
        moved = self.session.take_new_records()
        if ended:
            self._following.pause()
            if self.current_mode != "train":
                self.notify(self.session.outcome, severity="error" if self.session.failed else "information")
        for screen in self.screen_stack:
            # One that is just being opened has nothing to write to yet; it begins with how things are then.
            if isinstance(screen, ModeScreen) and screen.is_mounted and (moved or ended):
                screen.show_status()
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

    # How it ends

    async def action_quit(self) -> None:
        """Leave; ask first what is to become of a run that is under way."""
        if not self.session.training:
            self.exit()
            return
        from tui.screens.stop_dialog import StopChoice, StopDialog  # noqa: PLC0415  # not needed for the first screen

        def leave(choice: StopChoice | None) -> None:
            if choice in ("keep", "throw away"):
                self.leave(keep=choice == "keep")

        self.push_screen(StopDialog("Stop the run and quit?"), leave)

    def leave(self, *, keep: bool = True, code: int = 0) -> None:
        """Close the screen at once; `run` then waits until what the run has learned is saved."""
        if self.session.worker is not None and self.session.training:
            self._stopped_a_run = True
            self.session.worker.controls.stop(keep=keep)
        self.exit(return_code=code)

    def run(self, *args: Any, **options: Any) -> None:  # noqa: ANN401  # passed on as they are
        """Show the app until it is left. Whatever ends it, the run is stopped and what it has learned is kept."""
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._hear)
        sys.setswitchinterval(SWITCH)
        try:
            super().run(*args, **options)
        finally:
            if self._stopped_a_run or self.session.training:
                sys.stdout.write(f"{self.session.end_training()}\n")

    def _hear(self, number: int, _frame: object) -> None:
        """A signal to end. It may come twice (a shell passes SIGHUP on), and while the last run is being saved."""
        if number == signal.SIGHUP and _terminal_is_lost():
            Thread(target=self._end_without_terminal, name="end").start()
        elif self._events is not None and not self._events.is_closed():
            self._events.call_soon_threadsafe(partial(self.leave, code=128 + number))

    def _end_without_terminal(self) -> None:
        """Keep what the run has learned and end the process, past Textual.

        The first error ends Textual's writer, its queue fills, and the app waits for it for ever; its reader meets the
        end of the input at once, again and again, and keeps a core busy. There is no terminal to be put in order.
        """
        nowhere = os.open(os.devnull, os.O_WRONLY)
        silence, _ = os.pipe()
        for old, new in ((0, silence), (1, nowhere), (2, nowhere)):
            os.dup2(new, old)
        if self.session.worker is not None:
            self.session.worker.controls.stop(keep=True)
            self.session.worker.join()
        os._exit(128 + signal.SIGHUP)


def _load_the_rest() -> None:
    for module, _ in SCREENS.values():
        importlib.import_module(module)
    importlib.import_module("netcore.runs.worker")


def _terminal_is_lost() -> bool:
    try:
        termios.tcgetattr(0)
    except termios.error:
        return True
    return False

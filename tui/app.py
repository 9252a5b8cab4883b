"""The app: five modes over one session, its keys, its looks, and how it ends."""

from __future__ import annotations

import importlib.util
import os
import sys
from typing import ClassVar, cast

from textual.app import App
from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui.render.tier import Tier, detect_tier
from tui.screens.mode_screen import ModeScreen
from tui.screens.session import Session
from tui.widgets.mode_bar import MODES, ModeBar

__all__ = ["MnistTuiApp"]

SCREENS = {
    "models": ("tui.screens.models", "ModelsScreen"),
    "train": ("tui.screens.training", "TrainScreen"),
    "test": ("tui.screens.testing", "TestScreen"),
    "inspect": ("tui.screens.inspecting", "InspectScreen"),
    "runs": ("tui.screens.runs", "RunsScreen"),
}
"""Module and class behind each mode; imported when first opened."""

REFRESH = 0.25
"""Seconds between two looks at what the training thread has put down."""


class MnistTuiApp(App[None]):
    """Everything that `mnist-tui` shows.

    Attributes:
        tier: What the terminal can show.
        session: What the screens share.
    """

    TITLE = "mnist-tui"
    DEFAULT_MODE = "models"

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(key), f"mode('{mode}')", MODES[mode], show=False) for key, mode in enumerate(MODES, start=1)),
        Binding("q", "quit", "Quit"),
    ]

    def __init__(self, tier: Tier | None = None) -> None:
        """Open on a terminal of this tier; None finds out from the environment.

        Raises:
            SettingError: ``MNIST_TUI_DISPLAY`` names no tier.
        """
        super().__init__()
        self.tier: Tier = tier or detect_tier(os.environ, sys.stdout.encoding or "utf-8")
        self.session = Session()
        self.animation_level = "none"
        for mode, (module, _) in SCREENS.items():
            if importlib.util.find_spec(module):
                self.add_mode(mode, lambda mode=mode: self._open(mode))  # type: ignore[misc]

    def _open(self, mode: str) -> Screen[None]:
        """Make the screen of a mode."""
        module, name = SCREENS[mode]
        return cast("Screen[None]", getattr(importlib.import_module(module), name)(self.session))

    def on_mount(self) -> None:
        """Watch the run from now on."""
        self.set_interval(REFRESH, self._look_at_training)

    def _look_at_training(self) -> None:
        moved = self.session.take_new_records()
        if moved and isinstance(self.screen, ModeScreen):
            self.screen.training_moved()

    def action_mode(self, mode: str) -> None:
        """Go to a mode."""
        self.switch_mode(mode)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A mode without a screen has no key."""
        return action != "mode" or parameters[0] in self._modes

    def on_mode_bar_mode_chosen(self, message: ModeBar.ModeChosen) -> None:
        """A mode was clicked."""
        self.action_mode(message.mode)

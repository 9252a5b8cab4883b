"""How the app looks on this terminal: its tier, light or dark, and both changed while it runs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, get_args

from rich.color import ColorSystem
from textual.app import SystemCommand
from textual.filter import LineFilter
from textual.reactive import Reactive
from textual.screen import Screen
from textual.scrollbar import ScrollBar
from textual.theme import Theme

from tui.render.edge import TierFilter
from tui.render.tier import Tier, is_light, this_terminal
from tui.themes import DARK, LIGHT
from tui.typing_ahead import TypingAheadApp
from tui.widgets.scrollbar import WholeCells

__all__ = ["DisplayApp"]

_ABOUT: dict[Tier, str] = {
    "truecolor": "All colours",
    "256": "256 colours, greys from their ramp",
    "16": "16 colours, images in shades, plots in blocks",
    "mono": "No colours, images in shades, plots in blocks",
    "ascii": "No colours, and no characters but those of ASCII",
}


class DisplayApp(TypingAheadApp):
    """An app that sends its terminal only what that can show.

    Attributes:
        tier: What the terminal can show.
    """

    theme = Reactive(DARK.name)

    def __init__(self, tier: Tier | None = None) -> None:
        """Open on a terminal of this tier; None finds out from the environment.

        Raises:
            SettingError: ``MNIST_TUI_DISPLAY`` names no tier.
        """
        super().__init__()
        if is_light(os.environ):
            self.theme = LIGHT.name
        # Colours are turned into those of the tier by `TierFilter`, and are sent as they are.
        self.console._color_system = ColorSystem.TRUECOLOR
        ScrollBar.renderer = WholeCells
        self._set_tier(tier or this_terminal())

    def _set_tier(self, tier: Tier) -> None:
        self.tier: Tier = tier
        self.no_color = tier in ("mono", "ascii")  # then Textual's own widgets say by more than colour what is chosen
        self.set_class(tier not in ("truecolor", "256"), "-few-colours", update=False)
        self._edge = {theme.name: TierFilter(tier, theme.dark) for theme in (DARK, LIGHT)}

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every line goes through; in the place of Textual's own, which know of no tiers."""
        return (self._edge[self.theme],)

    @property
    def available_themes(self) -> dict[str, Theme]:
        """Ours only, and from the beginning: a theme that is registered later has all stylesheets read again."""
        return {theme.name: theme for theme in (DARK, LIGHT)}

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The looks that the command palette offers."""
        yield SystemCommand("Theme", "Light, if it is dark; else dark", self.action_toggle_theme)
        for tier in get_args(Tier):
            yield SystemCommand(f"Display {tier}", _ABOUT[tier], partial(self.action_display, tier))

    def action_toggle_theme(self) -> None:
        """Light, if it is dark; else dark."""
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name

    def action_display(self, tier: Tier) -> None:
        """Draw everything for a terminal of this tier."""
        self._set_tier(tier)
        self.mutate_reactive(DisplayApp.theme)  # as for another theme, all is styled and drawn anew

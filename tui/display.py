"""How the app looks on this terminal: its tier, light or dark, and both changed while it runs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, TypeVar, get_args

from rich.color import ColorSystem
from textual.app import SystemCommand
from textual.filter import LineFilter
from textual.reactive import Reactive
from textual.screen import Screen
from textual.scrollbar import ScrollBar
from textual.theme import Theme

from tui.render.edge import TierFilter
from tui.render.tier import Tier, is_light, this_terminal
from tui.stylesheet import LastingStylesheet
from tui.themes import DARK, LIGHT
from tui.typing_ahead import TypingAheadApp
from tui.widgets.scrollbar import WholeCells

__all__ = ["DisplayApp"]

ScreenT = TypeVar("ScreenT", bound=Screen[Any])

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
        self.stylesheet = LastingStylesheet(variables=self.get_css_variables())
        # Colours are turned into those of the tier by `TierFilter`, and are sent as they are.
        self.console._color_system = ColorSystem.TRUECOLOR
        ScrollBar.renderer = WholeCells
        self._set_tier(tier or this_terminal())

    def _set_tier(self, tier: Tier) -> None:
        self.tier: Tier = tier
        self.no_color = tier in ("mono", "ascii")  # then Textual's own widgets say by more than colour what is chosen
        self.set_class(tier not in ("truecolor", "256"), "-few-colours", update=False)
        self._edge = {theme.name: TierFilter(tier, theme.dark) for theme in (DARK, LIGHT)}

    def sized(self, screen: ScreenT) -> ScreenT:
        """A screen that is about to be shown, with its classes of size.

        Textual gives it these only once it is laid out, and then styles and lays out all of it again.
        """
        for size, own, common in (
            (self.size.width, screen.HORIZONTAL_BREAKPOINTS, self.HORIZONTAL_BREAKPOINTS),
            (self.size.height, screen.VERTICAL_BREAKPOINTS, self.VERTICAL_BREAKPOINTS),
        ):
            for _, name in sorted((least, name) for least, name in own or common or () if least <= size)[-1:]:
                screen.add_class(name)
        return screen

    def push_screen(self, screen: Screen[Any] | str, *args: Any, **options: Any) -> Any:  # noqa: ANN401  # passed on
        """As Textual's, and the screen has its classes of size from the beginning."""
        return super().push_screen(self.sized(screen) if isinstance(screen, Screen) else screen, *args, **options)

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

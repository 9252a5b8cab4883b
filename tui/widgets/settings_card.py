"""The settings of the next run, and how it is started."""

from __future__ import annotations

from textwrap import wrap

from netcore.models.library import free_name
from netcore.training.config import TrainingConfig
from tui.render.settings_text import settings_rows
from tui.widgets.words import Tone, Words

__all__ = ["SettingsCard"]


_WIDTH = 76
"""Cells of a card that is read at a glance; where the screen has fewer, it takes them all."""


class SettingsCard(Words):
    """A line for each setting."""

    DEFAULT_CSS = f"""
    SettingsCard {{ width: {_WIDTH}; max-width: 100%; }}
    """

    def show_settings(self, config: TrainingConfig, before: str = "") -> None:
        """Show these; ``before`` says what became of the run before."""
        room = max(min(_WIDTH, self.app.size.width - 2), 1)
        ended: list[list[tuple[str, Tone]]] = [[(line, "muted")] for line in wrap(before, room) or [""]]
        rows: list[list[tuple[str, Tone]]] = [
            [(f"{label:<14}", "muted"), (value, "text")]
            for label, value in settings_rows(config, config.name or free_name(config.dataset))
        ]
        self.show(
            [("Ready to train", "strong")],
            *ended,
            *rows,
            [],
            [("enter", "strong"), (" starts     ", "muted"), ("n", "strong"), (" changes the settings", "muted")],
        )

"""The settings of the next run, and how it is started."""

from __future__ import annotations

from netcore.training.config import TrainingConfig
from tui.render.settings_text import settings_rows
from tui.widgets.words import Tone, Words

__all__ = ["SettingsCard"]


class SettingsCard(Words):
    """A line for each setting."""

    DEFAULT_CSS = """
    SettingsCard { width: 76; max-width: 100%; }
    """

    def show_settings(self, config: TrainingConfig, before: str = "") -> None:
        """Show these; ``before`` says what became of the run before."""
        rows: list[list[tuple[str, Tone]]] = [
            [(f"{name:<14}", "muted"), (value, "text")] for name, value in settings_rows(config)
        ]
        self.show(
            [("Ready to train", "strong")],
            [(before, "muted")],
            *rows,
            [],
            [("enter", "strong"), (" starts     ", "muted"), ("n", "strong"), (" changes the settings", "muted")],
        )

"""The first screen: every model that there is, and what is known of the chosen one."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import OptionList

from netcore.models.library import list_models
from tui.screens.mode_screen import ModeScreen

__all__ = ["ModelsScreen"]


class ModelsScreen(ModeScreen):
    """The list of models."""

    MODE = "models"

    def content(self) -> Iterable[Widget]:
        """The list."""
        yield OptionList(*(entry.name for entry in list_models()))

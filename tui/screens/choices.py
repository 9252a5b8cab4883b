"""Questions that more than one screen asks in the same words."""

from __future__ import annotations

from netcore.models.library import list_models
from tui.render import numbers
from tui.screens.choose import ChooseScreen

__all__ = ["which_model"]


def which_model(present: str | None) -> ChooseScreen:
    """Asks for one of the models that can be used; its result is the name or path that finds it."""
    entries = [entry for entry in list_models() if entry.problem is None]
    width = max((len(entry.name) for entry in entries), default=0)
    choices = [
        (entry.reference, f"{entry.name:{width}}  {numbers.percent(entry.test_accuracy):>8}  {entry.layers}")
        for entry in entries
    ]
    return ChooseScreen("Model", choices, present)

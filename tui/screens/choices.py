"""Questions that are a choice from a list."""

from __future__ import annotations

from netcore.models.library import list_models
from netcore.runs.history import History
from tui.render import numbers
from tui.screens.choose import ChooseScreen

__all__ = ["delete_or_keep", "which_model"]


def which_model(present: str | None) -> ChooseScreen:
    """Asks for one of the models that can be used; its result is the name or path that finds it."""
    entries = [entry for entry in list_models() if entry.problem is None]
    width = max((len(entry.name) for entry in entries), default=0)
    choices = [
        (entry.reference, f"{entry.name:{width}}  {numbers.percent(entry.test_accuracy):>8}  {entry.layers}")
        for entry in entries
    ]
    return ChooseScreen("Model", choices, present)


def delete_or_keep(name: str, history: History) -> ChooseScreen:
    """Asks whether the run of this name and history is to be removed; its result is ``keep`` or ``delete``."""
    model = f"; its model {history.finished.model} stays" if history.finished and history.finished.model else ""
    choices = [("keep", "Keep it"), ("delete", f"Delete its log and checkpoint for good{model}")]
    return ChooseScreen(f"Delete the run {name}?", choices, "keep")

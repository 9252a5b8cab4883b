"""What is worth a person's attention while they look elsewhere: a run has ended, or is as good as they want it."""

from __future__ import annotations

from typing import Literal

from netcore.runs.history import History
from tui.render.numbers import percent

__all__ = ["Notices", "Notify"]

Notify = Literal["bell", "osc9"]
"""How: the terminal's bell, or a notice on the desktop (OSC 9), which iTerm2, Windows Terminal and others show."""


class Notices:
    """Finds out what is new of a run. What was so already when it is first looked at is not."""

    def __init__(self, wanted_accuracy: float | None = None) -> None:
        """Wait for the end, and for an accuracy in [0, 1] where one is wanted."""
        self._wanted = wanted_accuracy
        self._history: History | None = None
        self._known: list[str] = []

    def news(self, history: History, outcome: str) -> list[str]:
        """What has become true since this was asked last, each in a sentence.

        Args:
            history: Of the run; another one belongs to another run.
            outcome: What became of the run; empty while it is under way.
        """
        now = [text for text in (self._reached(history), outcome) if text]
        new = [text for text in now if text not in self._known] if history is self._history else []
        self._history, self._known = history, now
        return new

    def _reached(self, history: History) -> str:
        for epoch in history.epochs:
            if self._wanted is not None and epoch.accuracy >= self._wanted:
                return f"The run has reached {percent(self._wanted)} in epoch {epoch.epoch}."
        return ""

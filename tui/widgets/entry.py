"""A line of text that edits in the order in which keys are pressed."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events
from textual.binding import Binding
from textual.widgets import Input

__all__ = ["Entry"]

_EDITING: Mapping[str, str] = {
    key: binding.action
    for binding in Input.BINDINGS
    if isinstance(binding, Binding) and binding.action not in ("submit", "copy")
    for key in binding.key.split(",")
}
"""What each editing key of Textual's line does."""


class Entry(Input):
    """Textual's line, whose editing keys do not wait.

    It takes letters at once, but backspace, arrows and their like only once the app has found nobody else who wants
    them: of a burst of keys, as a slow connection brings, they would act on what was typed behind them.
    """

    async def on_key(self, event: events.Key) -> None:
        """Edit at once."""
        action = _EDITING.get(event.key)
        if action is not None:
            event.stop()
            event.prevent_default()
            await self.run_action(action)

"""What matters less than the rest of a screen is drawn once the terminal shows the rest: over a slow line that is soon.

Over a fast one it is at once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol, runtime_checkable

from textual.widget import Widget

__all__ = ["KnowsWhatIsShown", "when_shown"]


@runtime_checkable
class KnowsWhatIsShown(Protocol):
    """An app that knows what its terminal shows."""

    def when_shown(self, call: Callable[[], object]) -> None:
        """Call this once the terminal shows all that was drawn until now."""


def when_shown(widget: Widget, call: Callable[[], object]) -> None:
    """Call this once the terminal shows how this and all other widgets are now; at once where nobody knows that."""
    if isinstance(widget.app, KnowsWhatIsShown):
        widget.call_after_refresh(widget.app.when_shown, partial(widget.call_later, call))
    else:
        call()

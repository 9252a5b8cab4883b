"""Shows the events of a run as they come, wherever it is trained, for as long as anybody can see them."""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from netcore.errors import StorageError
from netcore.training.records import Record
from tui.cli.output import silence
from tui.cli.training_display import Display

if TYPE_CHECKING:
    from netcore.runs.watched import Watched

__all__ = ["Audience", "follow"]

_SECONDS = 0.05
"""Between two looks at what a run has told."""


def follow(run: Watched, show: Callable[[Sequence[Record]], None]) -> None:
    """Show the events of a run that was started, from the first that it has, until nothing comes any more."""
    shown, done = 0, False
    while not done:
        done = run.join(_SECONDS)
        new = run.records[shown:]
        show(new)
        shown += len(new)


class Audience:
    """Shows a run for as long as anybody can see it."""

    def __init__(self, display: Display, *, lost: Callable[[], None], refused: Callable[[], None]) -> None:
        """Show it so.

        Args:
            display: What it is shown on.
            lost: Called when the terminal has gone: the connection is lost.
            refused: Called when nobody reads any more: whoever did has what they wanted.
        """
        self._display = display
        self._lost = lost
        self._refused = refused
        self._there = True

    def show(self, records: Sequence[Record]) -> None:
        """Show events; none any more once that has failed."""
        if not self._there:
            return
        try:
            self._display.show(records)
        except (OSError, StorageError) as error:
            self._there = False
            silence()
            reason = error if isinstance(error, OSError) else error.__cause__
            if isinstance(reason, OSError) and reason.errno == errno.EIO:
                self._lost()
            else:
                self._refused()

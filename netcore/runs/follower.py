"""Follows a run while it grows: folds what is new in its log into its history, and nothing twice.

For screens: a run of this process, of another one, and a finished one are followed in the same way.
"""

from __future__ import annotations

from netcore.runs.history import History
from netcore.runs.log import LogReader
from netcore.runs.run import FolderState, Run

__all__ = ["Follower"]


class Follower:
    """A run and what its log has told so far.

    Attributes:
        run: The run.
        history: What the events read so far add up to.
    """

    def __init__(self, run: Run) -> None:
        """Follow a run from its beginning; nothing is read yet."""
        self.run = run
        self.history = History()
        self._log = LogReader(run.log.path)

    def catch_up(self) -> bool:
        """Take in the events that are new since the last time; return whether there were any.

        Raises:
            RunError: The log is there and cannot be read.
        """
        new = self._log.new_records()
        for record in new:
            self.history.add(record)
        return bool(new)

    @property
    def state(self) -> FolderState:
        """Of the run, as of now: the log tells, its lock tells whether that still holds.

        Raises:
            RunError: As for `catch_up`.
        """
        if self.history.finished or self.run.alive:
            return self.history.state
        self.catch_up()  # it may have finished since
        return self.history.state if self.history.finished else "broken"

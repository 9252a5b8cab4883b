"""Follows the log of a run while it grows: reads what is new, and nothing twice.

For screens and for ``watch``: a run of this process, of another one, and a finished one are followed in the same way.
"""

from __future__ import annotations

import contextlib

from netcore.errors import RunError
from netcore.runs.history import History
from netcore.runs.run import FolderState, Run
from netcore.training.events import Record

__all__ = ["Follower"]

# As `Record.to_json` begins its lines. A log written otherwise is read as well, only more slowly.
_EPOCH, _REPORT = b'{"event": "epoch_finished"', b'{"event": "progress"'


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
        self._read = 0

    def catch_up(self) -> bool:
        """Take in the events that are new since the last time; return whether there were any.

        A line that is not whole yet is left for the next time; one that cannot be read is left out, and so are reports
        from within an epoch whose own numbers follow: of a long log they are the most, and nobody looks at them again.

        Raises:
            RunError: The log is there and cannot be read.
        """
        path = self.run.path / "events.jsonl"
        try:
            if path.stat().st_size == self._read:
                return False
            with path.open("rb") as log:
                log.seek(self._read)
                new = log.read()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise RunError(f"{path}: cannot be read: {error.strerror or error}") from error
        whole = new[: new.rfind(b"\n") + 1]
        self._read += len(whole)
        last_epoch = whole.rfind(_EPOCH)
        place = 0
        for line in whole.splitlines(keepends=True):
            place += len(line)
            if place > last_epoch or not line.startswith(_REPORT):
                with contextlib.suppress(ValueError):
                    self.history.add(Record.from_json(line))
        return bool(whole)

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

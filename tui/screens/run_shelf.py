"""The runs on the disk as the Runs screen sees them: listed at once, read one after the other, followed from then on.

It holds no widgets. Reading may take a second where there are hundreds: `read_some` is for a thread of its own, and
touches no run that has been read before; everything else is for the screen's thread.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from time import monotonic

from netcore.errors import RunError
from netcore.resources import user_folder
from netcore.runs.follower import Follower
from netcore.runs.history import History
from netcore.runs.run import Run, read_runs
from tui.render.run_rows import RowState, RunRow, started_at
from tui.render.run_text import best_text

__all__ = ["RunShelf"]

_AT_ONCE = 0.05
"""Seconds of reading after which the rows read so far are shown."""


class RunShelf:
    """All runs, newest first.

    Attributes:
        picked: Ids of the runs that are compared, in the order in which they were picked.
        problems: By id, why a run's log cannot be read.
        unreadable: What is wrong with runs whose settings cannot be read; they are not listed.
    """

    def __init__(self) -> None:
        self.picked: list[str] = []
        self.problems: dict[str, str] = {}
        self.unreadable: list[str] = []
        self._followers: dict[str, Follower] = {}
        self._rows: dict[str, RunRow] = {}  # of the runs that have been read
        self._folder = Path()
        self._listed_at = -1

    def list_anew(self) -> bool:
        """Find runs that are new and forget those that are gone; return whether there were any of either."""
        folder = user_folder("runs")
        changed_at = folder.stat().st_mtime_ns if folder.is_dir() else 0
        if (folder, changed_at) == (self._folder, self._listed_at):
            return False
        self._folder, self._listed_at = folder, changed_at
        before = list(self._followers)
        runs, self.unreadable = read_runs()
        found = {run.id: self._followers.get(run.id) or Follower(run) for run in runs}
        self._followers = found
        self.picked = [run for run in self.picked if run in found]
        self._rows = {run: row for run, row in self._rows.items() if run in found}
        return before != list(found)

    def unread(self, first: str | None = None) -> list[str]:
        """Ids of the runs that have not been read, those first that are looked at."""
        wanted = {first, *self.picked}
        left = [run for run in self._followers if run not in self._rows]
        return sorted(left, key=lambda run: run not in wanted)

    def read_some(self, runs: list[str]) -> dict[str, RowState]:
        """Read runs that have not been read before, for a moment; for `take`."""
        until, found = monotonic() + _AT_ONCE, dict[str, RowState]()
        for run in runs:
            follower = self._followers.get(run)
            if follower is not None:
                _, found[run] = self._caught_up(follower)
            if monotonic() > until:
                break
        return found

    def take(self, found: dict[str, RowState]) -> None:
        """From now on these runs count as read."""
        for run, state in found.items():
            if run in self._followers:
                self._rows[run] = self._read_row(run, state)

    def catch_up(self, only: str | None = None) -> set[str]:
        """Read what is new of the runs that have been read; return those about which something is.

        Args:
            only: Id of the one run to look at; None looks at all.
        """
        changed = set()
        for run in list(self._rows) if only is None else {only} & self._rows.keys():
            events, state = self._caught_up(self._followers[run])
            if events or state != self._rows[run].state:
                self._rows[run] = self._read_row(run, state)
                changed.add(run)
        return changed

    def _caught_up(self, follower: Follower) -> tuple[bool, RowState]:
        """Whether the log has told anything new, and where the run stands."""
        try:
            return follower.catch_up(), follower.state
        except RunError as error:
            self.problems[follower.run.id] = str(error)
            return False, "broken"

    # What there is to show

    def run(self, run: str) -> Run:
        """The run of an id."""
        return self._followers[run].run

    def history(self, run: str) -> History:
        """Of a run, as far as it has been read."""
        return self._followers[run].history

    def has_read(self, run: str) -> bool:
        """Whether a run has been read."""
        return run in self._rows

    def rows(self, here: str | None) -> list[RunRow]:
        """The rows of the list; ``here`` is the id of the run that this app trains."""
        return [self.row(run, here) for run in self._followers]

    def row(self, run: str, here: str | None) -> RunRow:
        """One of them."""
        row = self._rows.get(run) or self._unread_row(run)
        if run != here and run not in self.picked:
            return row
        # Between the making of its folder and the taking of its lock, a run of this app looks as if it had lost it.
        state = "waiting" if run == here and row.state == "broken" else row.state
        picked = self.picked.index(run) + 1 if run in self.picked else 0
        return replace(row, here=run == here, picked=picked, state=state)

    def _unread_row(self, run: str) -> RunRow:
        config = self.run(run).config
        return RunRow(
            id=run,
            name=config.name or run,
            dataset=config.dataset,
            layers=config.layers,
            epochs=config.epochs,
            started=started_at(run),
        )

    def _read_row(self, run: str, state: RowState) -> RunRow:
        history, row = self.history(run), self._unread_row(run)
        model = history.finished.model if history.finished else None
        name, best = model or row.name, best_text(history)
        return replace(row, name=name, state=state, epoch=len(history.epochs), best=best, model=model)

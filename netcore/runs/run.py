"""A run on the disk: a folder with its settings, its log and its checkpoint, readable while it grows.

    runs/ID/config.json       settings, when it was made
    runs/ID/events.jsonl      one event a line, only ever appended to
    runs/ID/checkpoint.npz    everything needed to go on; checkpoint-before.npz is the one before
    runs/ID/lock              held by the process that trains, for as long as it lives; says which that is
    runs/ID/requests.jsonl    what other processes ask of that one

Once a run has left the process that began it, its faults go to ``alone.log``: see `netcore.runs.alone`.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Literal

from netcore.errors import RunError, RunNotFound, SettingError, StorageError
from netcore.resources import replacing, storing, user_folder
from netcore.runs.history import History, RunState
from netcore.runs.lock import Lock, LockedError
from netcore.runs.log import Log
from netcore.training.config import TrainingConfig
from netcore.training.events import Event, RunFinished
from netcore.training.records import Record

__all__ = ["FolderState", "Run", "list_runs", "read_runs"]

FORMAT = 1

FolderState = RunState | Literal["broken"]
"""As `RunState`; ``broken`` where the run did not finish and its process is gone."""

_ABANDONED = 60.0
"""Seconds since anything was removed from a folder, after which nobody removes it any more."""

_ID = re.compile(r"\d{8}-\d{6}-.+")


class Run:
    """A run's folder.

    Attributes:
        id: Name of the folder: when it was made, and what it trains.
        path: The folder.
        config: The settings.
        lock: Held by the process that trains it.
        log: Its events.
    """

    def __init__(self, path: Path, config: TrainingConfig) -> None:
        """Use `Run.create` or `Run.open`."""
        self.id = path.name
        self.path = path
        self.config = config
        self.lock = Lock(path / "lock")
        self.log = Log(path / "events.jsonl")

    @classmethod
    def create(cls, config: TrainingConfig) -> Run:
        """Make the folder of a new run.

        Raises:
            StorageError: The disk is full or the folder cannot be written.
        """
        stem = f"{time.strftime('%Y%m%d-%H%M%S')}-{config.name or config.dataset}"
        for number in count(1):
            path = user_folder("runs") / (stem if number == 1 else f"{stem}-{number}")
            with storing(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                try:
                    path.mkdir()
                except FileExistsError:
                    continue
            break
        content = {"format": FORMAT, "made_at": time.time(), "config": config.to_json()}
        try:
            with replacing(path / "config.json") as file:
                file.write(json.dumps(content, indent=2).encode())
        except StorageError:
            path.rmdir()  # nobody could read it
            raise
        return cls(path, config)

    @classmethod
    def open(cls, name: str | Path = "") -> Run:
        """Open a run.

        Args:
            name: Its id, the name in its settings or of its model, or nothing for the newest that can be opened. A path
                for its folder.

        Raises:
            RunNotFound: There is none; names some that there are.
            RunError: Its settings cannot be read.
        """
        if isinstance(name, Path):
            return cls(name, _read_config(name))
        for path in _folders():
            if path.name == name:
                return cls(path, _read_config(path))
        runs = list_runs()
        for run in runs:
            if name in ("", run.config.name):
                return run
        for run in runs:
            if any(isinstance(kept.event, RunFinished) and kept.event.model == name for kept in run.records()):
                return run
        if not runs:
            raise RunNotFound("there are no runs yet; mnist-tui train begins one")
        known = ", ".join(run.id for run in runs[:5])
        raise RunNotFound(f"no run is called {name!r}; the newest are: {known}")

    @property
    def checkpoint(self) -> Path:
        """Its checkpoint's file, which may not exist yet."""
        return self.path / "checkpoint.npz"

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the run for training: at most one process can.

        Raises:
            RunError: Another process holds it.
            StorageError: The folder cannot be written.
        """
        with self._locked(), self.log.open():
            with storing(self.path):
                for left in self.path.glob(f".{self.checkpoint.name}.*.tmp"):
                    left.unlink()  # of a process that was killed while it wrote a checkpoint
            yield

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            with self.lock.held():
                yield
        except LockedError:
            raise self._in_use() from None

    def _in_use(self) -> RunError:
        holder = self.holder
        number = f", number {holder}" if holder else ""
        return RunError(
            f"run {self.id} is being trained by another process{number}; mnist-tui watch {self.id} follows it,"
            f" mnist-tui stop {self.id} ends it"
        )

    def take_over(self, descriptor: int) -> None:
        """Have `held` use the lock that the process that began this one holds, and has left open for it."""
        self.lock = Lock(self.path / "lock", descriptor)

    def check_free(self) -> None:
        """Check that nobody trains it.

        Raises:
            RunError: A process does; says which.
        """
        if self.alive:
            raise self._in_use()

    @property
    def alive(self) -> bool:
        """Whether a process is training it."""
        return self.lock.taken

    @property
    def holder(self) -> int | None:
        """Number of the process that trains it; None where none does."""
        return self.lock.holder

    def append(self, event: Event) -> Record:
        """Add an event to the log; only while the run is held.

        Raises:
            StorageError: The disk is full.
        """
        record = Record(self.id, round(time.time(), 3), event)
        self.log.append(record)
        return record

    def records(self) -> list[Record]:
        """The log so far. Lines that cannot be read, such as half a last one, are left out."""
        return self.log.records()

    def history(self) -> History:
        """What its events so far add up to."""
        history = History()
        for record in self.records():
            history.add(record)
        return history

    def state(self, history: History) -> FolderState:
        """Of the run, given its history: the log tells, the lock tells whether that still holds."""
        if history.finished or self.alive:
            return history.state
        newest = self.history()  # read again: it may have finished since
        return newest.state if newest.finished else "broken"

    def remove(self) -> None:
        """Remove the folder.

        Raises:
            RunError: A process is training it.
            StorageError: The folder cannot be removed; what is left of it is where it was.
        """
        hidden = self.path.with_name(f".{self.id}")
        with self._locked(), storing(self.path):
            _sweep(self.path.parent)
            self.path.rename(hidden)  # whoever watches finds all of it or nothing: half of it looks as if it had broken
            try:
                shutil.rmtree(hidden)
            except OSError:
                hidden.rename(self.path)  # what could not be removed stays in sight
                raise


def _sweep(folder: Path) -> None:
    """Remove what processes that were killed while they removed a run have left."""
    for left in folder.glob(".[0-9]*"):
        with contextlib.suppress(OSError):  # another process sweeps too
            if _ID.fullmatch(left.name[1:]) and time.time() - left.stat().st_mtime > _ABANDONED:
                shutil.rmtree(left)


def list_runs() -> list[Run]:
    """All runs whose settings can be read, newest first."""
    return read_runs()[0]


def read_runs() -> tuple[list[Run], list[str]]:
    """All runs whose settings can be read, newest first; and what is wrong with each of the others."""
    runs, problems = list[Run](), list[str]()
    for path in _folders():
        try:
            runs.append(Run.open(path))
        except RunError as error:
            problems.append(str(error))
    return runs, problems


def _folders() -> list[Path]:
    """Folders of runs, newest first."""
    folder = user_folder("runs")
    if not folder.is_dir():
        return []
    return sorted((path for path in folder.iterdir() if _ID.fullmatch(path.name)), reverse=True)


def _read_config(path: Path) -> TrainingConfig:
    try:
        return TrainingConfig.from_json(json.loads((path / "config.json").read_bytes())["config"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError, SettingError) as error:
        raise RunError(f"{path}: its config.json cannot be read ({error}); remove the folder") from error

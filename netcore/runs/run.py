"""A run on the disk: a folder with its settings, its log and its checkpoint, readable while it grows.

    runs/ID/config.json       settings, when it was made
    runs/ID/events.jsonl      one event a line, only ever appended to
    runs/ID/checkpoint.npz    everything needed to go on; checkpoint-before.npz is the one before
    runs/ID/lock              held by the process that trains, for as long as it lives; says which that is

Whether a run is alive is asked of the lock, which the operating system lets go when the process is gone, however it
went: no process number that another program may have by now, no "running" that outlives a reboot.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import BinaryIO, Literal

from netcore.errors import RunError, RunNotFound, SettingError, StorageError
from netcore.resources import replacing, storing, user_folder
from netcore.runs.history import History, RunState
from netcore.training.config import TrainingConfig
from netcore.training.events import Event, Record, RunFinished

__all__ = ["FolderState", "Run", "list_runs"]

FORMAT = 1

FolderState = RunState | Literal["broken"]
"""As `RunState`; ``broken`` where the run did not finish and its process is gone."""

_ID = re.compile(r"\d{8}-\d{6}-.+")


class Run:
    """A run's folder.

    Attributes:
        id: Name of the folder: when it was made, and what it trains.
        path: The folder.
        config: The settings.
    """

    def __init__(self, path: Path, config: TrainingConfig) -> None:
        """Use `Run.create` or `Run.open`."""
        self.id = path.name
        self.path = path
        self.config = config
        self._log: BinaryIO | None = None

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
        known = ", ".join(run.id for run in runs[:5]) or "none"
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
        with storing(self.path), (self.path / "lock").open("ab") as lock:
            self._take(lock)
            self._tidy()
            with self._log_path.open("ab") as log:
                self._end_half_a_line(log)
                self._log = log
                try:
                    yield
                finally:
                    self._log = None

    def _take(self, lock: BinaryIO) -> None:
        for _ in range(20):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(0.005)  # whoever asks whether the run is alive holds the lock too, for some microseconds
            else:
                lock.truncate(0)
                lock.write(str(os.getpid()).encode())
                lock.flush()
                return
        raise self._in_use()

    def _in_use(self) -> RunError:
        with contextlib.suppress(OSError, ValueError):
            number = int((self.path / "lock").read_bytes())
            return RunError(f"run {self.id} is being trained by another process, number {number}; stop that one first")
        return RunError(f"run {self.id} is being trained by another process; stop that one first")

    def _tidy(self) -> None:
        """Remove what a process left that was killed while it wrote a checkpoint."""
        for left in self.path.glob(f".{self.checkpoint.name}.*.tmp"):
            left.unlink()

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
        try:
            with (self.path / "lock").open("rb") as lock:
                # A shared lock is refused while a process holds its exclusive one, and two who ask do not meet.
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except FileNotFoundError:
            return False
        return False

    def append(self, event: Event) -> Record:
        """Add an event to the log; only while the run is held.

        Raises:
            StorageError: The disk is full.
        """
        record = Record(self.id, round(time.time(), 3), event)
        if self._log is None:
            raise RuntimeError("append needs the run to be held")
        with storing(self._log_path):
            self._log.write(record.to_json().encode() + b"\n")
            self._log.flush()
        return record

    def records(self) -> list[Record]:
        """The log so far. Lines that cannot be read, such as half a last one, are left out."""
        try:
            lines = self._log_path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        records = []
        for line in lines:
            with contextlib.suppress(ValueError):
                records.append(Record.from_json(line))
        return records

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
        """
        if self.alive:
            raise RunError(f"run {self.id} is being trained; stop it first")
        with storing(self.path):
            shutil.rmtree(self.path)

    @property
    def _log_path(self) -> Path:
        return self.path / "events.jsonl"

    def _end_half_a_line(self, log: BinaryIO) -> None:
        """After a crash in the middle of a line, begin a new one, so that the next event is not lost with it."""
        content = self._log_path.read_bytes()
        if content and not content.endswith(b"\n"):
            log.write(b"\n")


def list_runs() -> list[Run]:
    """All runs whose settings can be read, newest first."""
    runs = []
    for path in _folders():
        with contextlib.suppress(RunError):
            runs.append(Run.open(path))
    return runs


def _folders() -> list[Path]:
    """Folders of runs, newest first."""
    folder = user_folder("runs")
    if not folder.is_dir():
        return []
    return sorted((path for path in folder.iterdir() if _ID.fullmatch(path.name)), reverse=True)


def _read_config(path: Path) -> TrainingConfig:
    try:
        return TrainingConfig.from_json(json.loads((path / "config.json").read_bytes())["config"])
    except (OSError, ValueError, KeyError, TypeError, SettingError) as error:
        raise RunError(f"{path}: its config.json cannot be read ({error}); remove the folder") from error

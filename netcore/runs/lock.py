"""Who trains a run: at most one process, for as long as that lives.

The operating system lets the lock go when the process is gone, however it went: no process number that another program
may have by now, no "running" that outlives a reboot. It belongs to the open file, not to the process: a process can
hand it over to one that it starts, and nobody can come in between.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

from netcore.errors import RunError
from netcore.resources import storing

__all__ = ["Lock", "LockedError"]


class LockedError(Exception):
    """Another process holds the lock."""


class Lock:
    """A file that one process at a time can hold.

    Attributes:
        inherited: Whether the process that began this one has handed it over.
    """

    def __init__(self, path: Path, descriptor: int | None = None) -> None:
        """Of the file at ``path``; of the file with that ``descriptor`` where it was handed over."""
        if descriptor is not None:
            os.set_inheritable(descriptor, False)  # as every other file's: not for what this process may start
        self._path = path
        self._handed_over = descriptor
        self._file: FileIO | None = None
        self.inherited = descriptor is not None

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold it.

        Raises:
            LockedError: Another process holds it.
            StorageError: The folder cannot be written.
        """
        with storing(self._path):
            there = self._path if self._handed_over is None else self._handed_over
            file = open(there, "ab", buffering=0)  # noqa: PTH123, SIM115  # a path knows no descriptors
        with file:
            self._handed_over = None
            with storing(self._path):
                _take(file)
            self._file = file
            try:
                yield
            finally:
                self._file = None

    def let_go(self) -> None:
        """Where it was handed over and is not held yet, leave it to others."""
        if self._handed_over is not None:
            os.close(self._handed_over)
            self._handed_over = None

    @property
    def descriptor(self) -> int | None:
        """Of the file, for a process to be handed over to; None where this one does not hold it."""
        return self._file.fileno() if self._file else None

    @property
    def taken(self) -> bool:
        """Whether a process holds it that is not about to hand it over to this one.

        Raises:
            RunError: The file may not be read.
        """
        if self._handed_over is not None:
            return False
        try:
            with self._path.open("rb") as file:
                # A shared lock is refused while a process holds its exclusive one, and two who ask do not meet.
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except FileNotFoundError:
            return False
        except OSError as error:
            raise RunError(f"{self._path}: cannot be read: {error.strerror or error}") from error
        return False

    @property
    def holder(self) -> int | None:
        """Number of the process that holds it; None where none does, or it has not said so yet."""
        if not self.taken:
            return None
        with contextlib.suppress(OSError, ValueError):
            return int(self._path.read_bytes())
        return None


def _take(file: FileIO) -> None:
    for _ in range(20):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.005)  # whoever asks whether it is held holds it too, for some microseconds
        else:
            file.truncate(0)
            file.write(str(os.getpid()).encode())
            return
    raise LockedError

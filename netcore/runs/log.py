"""The log of a run: one event a line, only ever appended to, readable while it grows, whatever a crash left of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

from netcore.errors import RunError, StorageError
from netcore.resources import storing
from netcore.training.events import RunDetached, RunFinished, RunStarted
from netcore.training.records import Record

__all__ = ["Log", "LogReader"]

# As `Record.to_json` begins its lines. A log written otherwise is read as well, only more slowly.
_EPOCH, _REPORT = b'{"event": "epoch_finished"', b'{"event": "progress"'


class Log:
    """The file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: FileIO | None = None
        self._left = b""

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """Open it for `append`.

        Raises:
            StorageError: It cannot be written.
        """
        with storing(self.path):
            file = self.path.open("ab", buffering=0)
        try:
            with storing(self.path):
                content = self.path.read_bytes()
            # After a crash in the middle of a line: the next event is not lost with it.
            self._left = b"\n" if content and not content.endswith(b"\n") else b""
            self._file = file
            yield
        finally:
            self._file = None
            with storing(self.path):
                file.close()

    def append(self, record: Record) -> None:
        """Add an event; only while it is open.

        What a full disk does not take is kept, and comes before the next event: there may be room by then. Events with
        which a run begins or ends are not put off.

        Raises:
            StorageError: The disk is full, and the event cannot wait.
        """
        if self._file is None:
            raise RuntimeError("append needs the run to be held")
        self._left += record.to_json().encode() + b"\n"
        try:
            with storing(self.path):
                while self._left:
                    self._left = self._left[self._file.write(self._left) :]
        except StorageError:
            if isinstance(record.event, RunStarted | RunDetached | RunFinished):
                raise

    def records(self) -> list[Record]:
        """All events so far. Lines that cannot be read, such as half a last one, are left out.

        Raises:
            RunError: The log is there and cannot be read.
        """
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _unreadable(self.path, error) from error
        records = []
        for line in lines:
            with contextlib.suppress(ValueError):
                records.append(Record.from_json(line))
        return records


class LogReader:
    """Reads what is new in a log while it grows, and nothing twice."""

    def __init__(self, path: Path) -> None:
        """Of the log at ``path``; nothing is read yet."""
        self._path = path
        self._read = 0

    def new_records(self) -> list[Record]:
        """The events since the last time.

        A line that is not whole yet is left for the next time; one that cannot be read is left out, and so are reports
        from within an epoch whose own numbers follow: of a long log they are the most, and nobody looks at them again.

        Raises:
            RunError: The log is there and cannot be read.
        """
        try:
            if self._path.stat().st_size == self._read:
                return []
            with self._path.open("rb") as log:
                log.seek(self._read)
                new = log.read()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _unreadable(self._path, error) from error
        whole = new[: new.rfind(b"\n") + 1]
        self._read += len(whole)
        last_epoch = whole.rfind(_EPOCH)
        records, place = [], 0
        for line in whole.splitlines(keepends=True):
            place += len(line)
            if place > last_epoch or not line.startswith(_REPORT):
                with contextlib.suppress(ValueError):
                    records.append(Record.from_json(line))
        return records


def _unreadable(path: Path, error: OSError) -> RunError:
    return RunError(f"{path}: cannot be read: {error.strerror or error}")

"""What one process asks of another that trains a run: lines in a file of the run's folder.

Whoever watches appends; the process that trains looks ten times a second, takes what is there, and empties the file.
The answer is what happens: events in the log, which all who watch see.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import json
from collections.abc import Iterator
from threading import Event, Thread
from types import TracebackType
from typing import BinaryIO

from netcore.errors import RunError, SettingError
from netcore.resources import storing
from netcore.runs.run import Run
from netcore.training.controls import Controls
from netcore.training.steering import Request, Steering

__all__ = ["Inbox", "RemoteControls"]

_FILE = "requests.jsonl"
_SECONDS = 0.1
"""Between two looks: fifty times less than a person needs to notice, and 20 microseconds each."""


class RemoteControls(Steering):
    """Steers a run that another process trains."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run

    def request(self, request: Request) -> None:
        """Leave it for the process that trains.

        Raises:
            RunError: Nobody trains the run.
            StorageError: The folder cannot be written.
        """
        if not self._run.alive:
            raise RunError(
                f"run {self._run.id} is not being trained; mnist-tui resume {self._run.id} goes on with it, if there"
                " is anything left to do"
            )
        line = json.dumps(dataclasses.asdict(request)).encode() + b"\n"
        with storing(self._run.path), _exclusively(self._run) as file:
            file.write(line)
        if request.action in ("stop", "throw_away"):
            self.stopping, self.keep = True, request.action == "stop"


class Inbox:
    """Gives to the controls of this process what others ask of it, for as long as its context lasts.

    What was asked before this process held the run is void, unless the run was handed over to it.
    """

    def __init__(self, run: Run, controls: Controls) -> None:
        """For a run that this process holds."""
        self._run = run
        self._controls = controls
        self._closed = Event()
        # A daemon: where training crashes, nothing may keep the process from ending.
        self._thread = Thread(target=self._look, name="inbox", daemon=True)

    def __enter__(self) -> Inbox:
        if not self._run.lock.inherited:
            self._take()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed.set()
        self._thread.join()

    def _look(self) -> None:
        # What is asked from a detach on is for the process that goes on with the run.
        while not (self._closed.wait(_SECONDS) or self._controls.detaching):
            for request in self._take():
                self._controls.request(request)

    def _take(self) -> list[Request]:
        """What has been asked; the file is empty after that."""
        path = self._run.path / _FILE
        try:
            if not path.stat().st_size:
                return []
            with _exclusively(self._run) as file:
                file.seek(0)
                lines = file.read().splitlines()
                file.truncate(0)
        except OSError:
            return []  # not there yet, or not to be read now: the next look may find it
        requests = []
        for line in lines:
            with contextlib.suppress(ValueError, TypeError, RecursionError, SettingError):  # left out, as in a log
                requests.append(Request(**json.loads(line)))
        return requests


@contextlib.contextmanager
def _exclusively(run: Run) -> Iterator[BinaryIO]:
    """Open the file while nobody else has it, so that no line is lost between reading and emptying."""
    with (run.path / _FILE).open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file

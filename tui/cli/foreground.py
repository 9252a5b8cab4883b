"""A run in the foreground, for ``train`` and ``resume``: shown while it grows, its end told, never lost.

It is trained by the thread that also trains behind the app, so that a terminal that stalls does not hold it up.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import signal
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Literal

from netcore.errors import NetcoreError, RunError, StorageError
from netcore.models.library import model_path
from netcore.runs.history import History
from netcore.training.events import Record, RunFinished
from tui.cli.output import complain, readable, silence, write
from tui.cli.training_display import Display, JsonLines, display_for_people

if TYPE_CHECKING:
    from netcore.runs.watched import Watched
    from netcore.runs.worker import TrainingWorker
    from netcore.training.controls import Controls

__all__ = ["OnHangup", "add_on_hangup", "follow", "steered_by_signals", "train_in_foreground"]

OnHangup = Literal["detach", "stop"]
"""What becomes of a run when its connection is lost."""

_DONE, _FAILED, _INTERRUPTED = 0, 1, 130
_SECONDS = 0.05
"""Between two looks at what a run has told."""


def add_on_hangup(parser: argparse.ArgumentParser) -> None:
    """The flag of a command that trains. Where it is not given, the one before the command's name counts."""
    parser.add_argument(
        "--on-hangup",
        choices=["detach", "stop"],
        default=argparse.SUPPRESS,
        help="when the connection is lost, or at SIGTERM: detach, the run goes on by itself (the default), or stop",
    )


def train_in_foreground(worker: TrainingWorker, *, json: bool, on_hangup: OnHangup) -> int:
    """Train to the end, or until interrupted.

    Args:
        worker: Of the run, not started yet.
        json: Whether each event is printed as a line.
        on_hangup: What becomes of the run when the connection is lost, or at SIGTERM.

    Returns:
        Exit code.

    Raises:
        NetcoreError: What ended the run before its time.
    """
    leave = worker.controls.detach if on_hangup == "detach" else worker.controls.stop
    history = worker.run.history() if worker.run else History()
    try:
        with (
            steered_by_signals(worker, leave),
            JsonLines() if json else display_for_people(history) as display,
        ):
            worker.start()
            follow(worker, _Audience(display, worker.controls, leave).show)
    except KeyboardInterrupt:
        what = f"; mnist-tui resume {worker.run.id} goes on from the newest checkpoint" if worker.run else ""
        complain(f"left at once{what}")
        return _INTERRUPTED
    return _conclude(worker, quiet=json)


def follow(run: Watched, show: Callable[[Sequence[Record]], None]) -> None:
    """Show the events of a run that was started, from the first that it has, until nothing comes any more."""
    shown, done = 0, False
    while not done:
        done = run.join(_SECONDS)
        new = run.records[shown:]
        show(new)
        shown += len(new)


class _Audience:
    """Shows a run for as long as anybody can see it."""

    def __init__(self, display: Display, controls: Controls, leave: Callable[[], None]) -> None:
        self._display = display
        self._controls = controls
        self._leave = leave
        self._there = True

    def show(self, records: Sequence[Record]) -> None:
        """Show events. A terminal that is gone is a lost connection; a reader who has left wants no more."""
        if not self._there:
            return
        try:
            self._display.show(records)
        except (OSError, StorageError) as error:
            self._there = False
            silence()
            reason = error if isinstance(error, OSError) else error.__cause__
            if isinstance(reason, OSError) and reason.errno == errno.EIO:
                self._leave()
            else:
                self._controls.stop()


def _conclude(worker: TrainingWorker, *, quiet: bool) -> int:
    """Say what became of the run; the exit code."""
    if isinstance(worker.error, NetcoreError):
        raise worker.error
    if worker.error is not None or worker.run is None:
        return _FAILED  # a fault of the program, which its thread has reported
    run, finished = worker.run, worker.records[-1].event
    if worker.detached:
        complain(
            f"run {run.id} goes on by itself; mnist-tui watch {run.id} follows it, mnist-tui stop {run.id} ends it"
        )
        return _INTERRUPTED
    if not isinstance(finished, RunFinished) or not worker.controls.keep:
        complain("the run was thrown away")
        return _INTERRUPTED
    if finished.reason == "diverged":
        raise RunError(f"diverged: {finished.message}; its last finite parameters are in {run.checkpoint}")
    model = "no model was saved"
    if finished.model is not None:
        model = f"model {finished.model} is {model_path(finished.model)}"
    if finished.reason == "stopped":
        complain(f"stopped after epoch {finished.epoch}; {model}; mnist-tui resume {run.id} goes on with it")
        return _INTERRUPTED
    if not quiet:
        write(readable(model))
    return _DONE


@contextlib.contextmanager
def steered_by_signals(worker: TrainingWorker, leave: Callable[[], None]) -> Iterator[None]:
    """Stop the run at the first Ctrl-C, go at once at the second; ``leave`` it at SIGTERM and a lost connection."""
    controls = worker.controls

    def interrupt(number: int, frame: FrameType | None) -> None:
        if controls.stopping:
            raise KeyboardInterrupt
        if not controls.detaching:
            controls.stop(keep=worker.run is not None)  # before the images are loaded there is nothing to keep

    def hang_up(number: int, frame: FrameType | None) -> None:
        leave()  # may come twice: a shell passes on what it hears

    # What is ignored stays so: SIGHUP under nohup, SIGINT in the background of a script.
    handlers = {signal.SIGINT: interrupt, signal.SIGTERM: hang_up, signal.SIGHUP: hang_up}
    heard = [number for number in handlers if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, handlers[number]) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

"""A run in the foreground, for ``train`` and ``resume``: shown while it grows, its end told, never lost.

It is trained by the thread that also trains behind the app, so that a terminal that stalls does not hold it up.
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from netcore.errors import NetcoreError, RunError
from netcore.models.library import model_path
from netcore.runs.history import History
from netcore.training.events import RunFinished
from tui.cli.following import Audience, follow
from tui.cli.output import complain, readable, write
from tui.cli.signals import steered_by_signals
from tui.cli.training_display import JsonLines, display_for_people

if TYPE_CHECKING:
    from netcore.runs.worker import TrainingWorker
    from tui.ending import OnHangup

__all__ = ["add_on_hangup", "train_in_foreground"]

_DONE, _FAILED, _INTERRUPTED = 0, 1, 130


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
        Exit code. Who is interrupted where that is being obeyed already leaves at once, and does not return.

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
            follow(worker, Audience(display, lost=leave, refused=worker.controls.stop).show)
    except KeyboardInterrupt:
        what = f"; mnist-tui resume {worker.run.id} goes on from the newest checkpoint" if worker.run else ""
        complain(f"left at once{what}")
        with suppress(OSError):
            sys.stdout.flush()
        # The thread still trains. While the interpreter closed around it, it would fail of that, and say so in the log.
        os._exit(_INTERRUPTED)
    return _conclude(worker, quiet=json)


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
    # Who asks to throw it away while its model is being saved comes too late.
    if not isinstance(finished, RunFinished) or not (worker.controls.keep or finished.model):
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

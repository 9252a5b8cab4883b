"""A run in the foreground, for ``train`` and ``resume``: shown while it grows, stopped by signals, its end told."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING

from netcore.errors import RunError, StorageError
from netcore.models.library import model_path
from netcore.training.controls import Controls
from netcore.training.events import RunFinished
from tui.cli.output import complain, readable, silence, write
from tui.cli.training_display import Display, JsonLines, display_for_people

if TYPE_CHECKING:
    from netcore.runs.run import Run
    from netcore.training.step import Training

__all__ = ["stopped_by_signals", "train_in_foreground"]

INTERRUPTED = 130


def train_in_foreground(run: Run, training: Training, *, json: bool) -> int:
    """Train to the end, or until interrupted.

    Args:
        run: The run, new or to be gone on with.
        training: What `netcore.runs.recorder.prepare` or `netcore.runs.resuming.prepare_again` made of it.
        json: Whether each event is printed as a line.

    Returns:
        Exit code.

    Raises:
        NetcoreError: What ended the run before its time.
    """
    controls = Controls()
    try:
        with stopped_by_signals(controls), JsonLines() if json else display_for_people(run.history()) as display:
            finished = _watch(run, training, controls, display)
    except KeyboardInterrupt:
        complain(f"left at once; mnist-tui resume {run.id} goes on from the newest checkpoint")
        return INTERRUPTED
    return _conclude(run, finished, quiet=json)


def _watch(run: Run, training: Training, controls: Controls, display: Display) -> RunFinished:
    """Show the events, and return the last. Where nobody can see them any more, the run is stopped and kept."""
    from netcore.runs.recorder import record

    seen = True
    for kept in record(run, training, controls):
        if seen:
            try:
                display.show(kept)
            except (OSError, StorageError):  # the reader of the pipe has gone, or the terminal
                seen = False
                silence()
                controls.stop()
        if isinstance(kept.event, RunFinished):
            finished = kept.event
    return finished


def _conclude(run: Run, finished: RunFinished, *, quiet: bool) -> int:
    """Say where the model is; the exit code."""
    if finished.reason == "diverged":
        raise RunError(f"diverged: {finished.message}; its last finite parameters are in {run.checkpoint}")
    model = "no model was saved"
    if finished.model is not None:
        model = f"model {finished.model} is {model_path(finished.model)}"
    if finished.reason == "stopped":
        complain(f"stopped after epoch {finished.epoch}; {model}; mnist-tui resume {run.id} goes on with it")
        return INTERRUPTED
    if not quiet:
        write(readable(model))
    return 0


@contextlib.contextmanager
def stopped_by_signals(controls: Controls) -> Iterator[None]:
    """Stop the run at the first Ctrl-C (or SIGTERM, or a lost connection); leave at once at the second."""

    def stop(number: int, frame: FrameType | None) -> None:
        if controls.stopping:
            raise KeyboardInterrupt
        controls.stop()

    # What is ignored stays so: SIGHUP under nohup, SIGINT in the background of a script.
    numbers = [
        number
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        if signal.getsignal(number) is not signal.SIG_IGN
    ]
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

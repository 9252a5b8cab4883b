"""``mnist-tui train``: train a network in the foreground, watched as a progress display or as events one a line."""

from __future__ import annotations

import argparse
import contextlib
import signal
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING

from netcore.errors import RunError, SettingError, StorageError
from netcore.models.library import model_path
from netcore.training.controls import Controls
from netcore.training.events import RunFinished
from tui.cli.output import complain, readable, silence, write
from tui.cli.settings import add_flags, config_from, naming_flag
from tui.cli.training_display import Display, JsonLines, display_for_people

if TYPE_CHECKING:
    from netcore.runs.run import Run
    from netcore.training.step import Training

__all__ = ["DESCRIPTION", "add_arguments", "run"]

DESCRIPTION = (
    "Train a network. Ctrl-C stops after the present batch and keeps the model; a second one leaves at once, "
    "and the newest checkpoint stays. With --json, each event is a line."
)

INTERRUPTED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Every setting, and whose settings to take."""
    add_flags(parser)


def run(options: argparse.Namespace) -> int:
    """Train to the end, or until interrupted."""
    config = config_from(options)
    from netcore.runs.recorder import prepare
    from netcore.runs.run import Run

    try:
        training = prepare(config)
    except SettingError as error:
        raise naming_flag(error) from error
    run = Run.create(training.config)
    controls = Controls()
    try:
        with _stopped_by_signals(controls), JsonLines() if options.json else display_for_people() as display:
            finished = _watch(run, training, controls, display)
    except KeyboardInterrupt:
        complain(f"left at once; the newest checkpoint is {run.checkpoint}")
        return INTERRUPTED
    return _conclude(run, finished, quiet=options.json)


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
        complain(f"stopped after epoch {finished.epoch}; {model}, its run is {run.path}")
        return INTERRUPTED
    if not quiet:
        write(readable(model))
    return 0


@contextlib.contextmanager
def _stopped_by_signals(controls: Controls) -> Iterator[None]:
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

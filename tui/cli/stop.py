"""``mnist-tui stop``: end a run of another process, keep what it has learned, and say where that is."""

from __future__ import annotations

import argparse
import time

from netcore.errors import RunError
from netcore.models.library import model_path
from netcore.runs.requests import RemoteControls
from netcore.runs.run import Run, list_runs
from netcore.training.events import RunFinished
from tui.cli.output import print_json, readable, write

__all__ = ["DESCRIPTION", "add_arguments", "run"]

DESCRIPTION = (
    "End a run that is being trained, wherever that is, after its present batch, save its model, and wait for that. "
    "mnist-tui resume goes on with it."
)

_SECONDS = 0.05
"""Between two looks whether it has ended."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which run."""
    parser.add_argument(
        "name", nargs="?", default="", metavar="RUN", help="its id, its name or its model's (default: the newest)"
    )


def run(options: argparse.Namespace) -> int:
    """Stop the run, and wait until it has ended."""
    found = Run.open(options.name)
    if not found.alive:
        raise _nothing_to_stop(found)
    RemoteControls(found).stop()
    while found.alive:
        time.sleep(_SECONDS)
    finished = found.history().finished
    if finished is None:
        raise RunError(f"run {found.id} has lost its process; mnist-tui resume {found.id} goes on with it")
    if options.json:
        print_json(_report(found, finished))
    else:
        model = f"model {finished.model} is {model_path(finished.model)}" if finished.model else finished.message
        write(readable(f"{finished.reason} after epoch {finished.epoch}; {model or 'no model was saved'}"))
    return 0


def _report(found: Run, finished: RunFinished) -> dict[str, object]:
    return {
        "run": found.id,
        "state": finished.reason,
        "epoch": finished.epoch,
        "test_accuracy": finished.test_accuracy,
        "test_loss": finished.test_loss,
        "model": finished.model,
    }


def _nothing_to_stop(found: Run) -> RunError:
    """Says how the run is, and which others are being trained."""
    state = found.state(found.history())
    how = {
        "completed": "it is complete",
        "diverged": "it has diverged",
        "broken": f"its process is gone; mnist-tui resume {found.id} goes on with it",
    }.get(state, f"it has {state}; mnist-tui resume {found.id} goes on with it")
    running = ", ".join(run.id for run in list_runs() if run.alive) or "none"
    return RunError(f"run {found.id} is not being trained: {how}; runs that are: {running}")

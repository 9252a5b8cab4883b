"""``mnist-tui watch``: follow a run of another process, in the app or as lines. Leaving it leaves the run alone."""

from __future__ import annotations

import argparse
import sys

from netcore.errors import RunError
from netcore.runs.attached import AttachedRun
from netcore.runs.history import History
from netcore.runs.run import Run
from netcore.training.events import RunFinished
from tui.cli.connection_options import add_connection_arguments
from tui.cli.following import follow
from tui.cli.training_display import JsonLines, Lines

__all__ = ["DESCRIPTION", "add_arguments", "run"]

DESCRIPTION = (
    "Follow a run, from its first epoch to its end. In a terminal the app opens on it while it is trained: plots, and "
    "keys to pause it, stop it or change its learning rate. Elsewhere, and with --json, its events are printed as they "
    "come. Leaving it leaves the run alone."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which run, and over which connection."""
    parser.add_argument(
        "name", nargs="?", default="", metavar="RUN", help="its id, its name or its model's (default: the newest)"
    )
    add_connection_arguments(parser, again=True)


def run(options: argparse.Namespace) -> int:
    """Follow the run until it ends, or the app is left."""
    found = Run.open(options.name)
    if found.alive and not options.json and sys.stdin.isatty() and sys.stdout.isatty():
        from tui.cli.app import run as open_app

        return open_app(options, watch=found.id)
    display, attached = JsonLines() if options.json else Lines(History()), AttachedRun(found)
    attached.start()
    follow(attached, display.show)
    if attached.error:
        raise attached.error
    match attached.records:
        case [*_, last] if isinstance(last.event, RunFinished) and last.event.reason in ("diverged", "failed"):
            raise RunError(f"run {found.id} has {last.event.reason}: {last.event.message}")
    return 0

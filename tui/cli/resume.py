"""``mnist-tui resume``: go on with a run in the foreground, from its newest checkpoint to the end."""

from __future__ import annotations

import argparse

from tui.cli.foreground import add_on_hangup, train_in_foreground

__all__ = ["DESCRIPTION", "add_arguments", "run"]

DESCRIPTION = (
    "Go on with a run that was stopped, that failed or whose process is gone, from its newest checkpoint, as if it had "
    "never stopped: to the bit. It keeps its log and the name of its model. Ctrl-C, a lost connection and --json: as "
    "for train."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which run."""
    parser.add_argument(
        "name", nargs="?", default="", metavar="RUN", help="its id, its name or its model's (default: the newest)"
    )
    add_on_hangup(parser)


def run(options: argparse.Namespace) -> int:
    """Go on to the end, or until interrupted."""
    from netcore.runs.run import Run
    from netcore.runs.worker import TrainingWorker

    found = Run.open(options.name)
    return train_in_foreground(TrainingWorker(found.config, found), json=options.json, on_hangup=options.on_hangup)

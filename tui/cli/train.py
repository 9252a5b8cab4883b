"""``mnist-tui train``: train a network in the foreground, watched as a progress display or as events one a line."""

from __future__ import annotations

import argparse

from netcore.errors import SettingError
from tui.cli.foreground import add_on_hangup, train_in_foreground
from tui.cli.settings import add_flags, config_from, naming_flag

__all__ = ["DESCRIPTION", "add_arguments", "run"]

DESCRIPTION = (
    "Train a network. Ctrl-C stops after the present batch and keeps the model; a second one leaves at once, "
    "and the newest checkpoint stays. Where the connection is lost, the run goes on by itself; mnist-tui watch follows "
    "it. With --json, each event is a line."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Every setting, and whose settings to take."""
    add_flags(parser)
    add_on_hangup(parser)


def run(options: argparse.Namespace) -> int:
    """Train to the end, or until interrupted."""
    config = config_from(options)
    from netcore.runs.worker import TrainingWorker

    try:
        return train_in_foreground(TrainingWorker(config), json=options.json, on_hangup=options.on_hangup)
    except SettingError as error:
        raise naming_flag(error) from error

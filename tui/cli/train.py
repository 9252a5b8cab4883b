"""``mnist-tui train``: train a network in the foreground, watched as a progress display or as events one a line."""

from __future__ import annotations

import argparse

from netcore.errors import SettingError
from tui.cli.foreground import train_in_foreground
from tui.cli.settings import add_flags, config_from, naming_flag

__all__ = ["DESCRIPTION", "add_arguments", "run"]

DESCRIPTION = (
    "Train a network. Ctrl-C stops after the present batch and keeps the model; a second one leaves at once, "
    "and the newest checkpoint stays. With --json, each event is a line."
)


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
    return train_in_foreground(run, training, json=options.json)

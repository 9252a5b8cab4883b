"""The app as the benchmarks start it: the real program in a pseudo-terminal of 120 x 40 and 256 colours."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tui.cli.pseudo_terminal import DIRECT, Connection, PseudoTerminal

__all__ = [
    "COLUMNS",
    "ENTER",
    "ESCAPE",
    "LEFT",
    "LINES",
    "PROGRAM",
    "RIGHT",
    "begin_training",
    "environment",
    "epochs_of",
    "log",
    "open_app",
    "open_train",
    "wait_for_epochs",
]

PROGRAM = (sys.executable, "-m", "tui", "--on-hangup", "stop")  # or an endless run would outlive the measurement
COLUMNS, LINES = 120, 40
LEFT, RIGHT, ENTER, ESCAPE, TAB = b"\x1b[D", b"\x1b[C", b"\r", b"\x1b", b"\t"

_FORGOTTEN = ("COLORTERM", "COLUMNS", "FORCE_COLOR", "LINES", "MNIST_TUI", "NO_COLOR", "TEXTUAL")
"""Settings of the terminal in which the benchmark runs, which must not reach the app that is measured."""


def environment(home: Path) -> Mapping[str, str]:
    """Of a terminal with 256 colours, and this home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FORGOTTEN)}
    return kept | {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "MNIST_TUI_HOME": str(home)}


def open_app(home: Path, *options: str, connection: Connection = DIRECT) -> PseudoTerminal:
    """Start the app; its first screen is still to come."""
    return PseudoTerminal([*PROGRAM, *options], environment(home), COLUMNS, LINES, connection)


def open_train(app: PseudoTerminal, epochs: int | None = None) -> None:
    """Go to Train; where a number of epochs is given, change the settings that are offered to that."""
    app.wait_for("Quit")
    app.press(b"2")
    app.wait_for("New settings")
    if epochs is not None:
        app.press(b"n")
        app.wait_for("New network")
        app.press(TAB + str(epochs).encode())
        app.wait_for(f"epochs            {epochs} ")
        app.press(ENTER)
        app.wait_for(f"epochs        {epochs:,}, each")


def begin_training(app: PseudoTerminal, epochs: int) -> None:
    """Go to Train and begin a run of so many epochs."""
    open_train(app, epochs)
    app.press(ENTER)
    app.wait_for("RUNNING")


def wait_for_epochs(app: PseudoTerminal, home: Path, epochs: int) -> None:
    """Read until so many epochs of the one run in this home are finished."""
    while len(epochs_of(home)) < epochs:
        app.drain(0.2)


def epochs_of(home: Path) -> list[dict[str, Any]]:
    """The events of finished epochs so far."""
    return [event for event in log(home) if event["event"] == "epoch_finished"]


def log(home: Path) -> list[dict[str, Any]]:
    """The events of the one run in this home so far."""
    text = "".join(path.read_text() for path in home.glob("runs/*/events.jsonl"))
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

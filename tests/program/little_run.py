"""A run in the app, and what is left of it when the app has ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from netcore.runs.run import Run
from netcore.training.config import TrainingConfig
from tests.terminal import Terminal

__all__ = ["processes_of", "train", "wait_until"]

ENDLESS = 100_000


def processes_of(home: Path) -> list[str]:
    """Command lines of the processes that have this home, those of the tests apart."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment, command = (folder / "environ").read_bytes(), (folder / "cmdline").read_bytes()
        except OSError:  # it has ended, or is another user's
            continue
        if f"MNIST_TUI_HOME={home}\0".encode() in environment:
            found.append(command.replace(b"\0", b" ").decode())
    return found


def wait_until(condition: Callable[[], object]) -> None:
    """Look again and again; the limit is far away."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "never came true"
        time.sleep(0.005)  # what is waited for needs the core


def train(terminal: Terminal, epochs: int = ENDLESS) -> Run:
    """Have the app go on with a run of the small dataset that has yet to begin, which takes two keys.

    The form is filled in where what was typed matters: `tests.program.test_connection`. Default batches would make it a
    thousand epochs a second.
    """
    terminal.wait_for("n New network")
    run = Run.create(
        TrainingConfig(
            dataset="little", layers="relu(128), softmax(4)", epochs=epochs, batch_size=20, validation=60, workers=1
        )
    )
    terminal.press("5")
    terminal.wait_for("r Resume")
    terminal.press("r")
    terminal.wait_for("training epoch", f"of {epochs}")
    return run

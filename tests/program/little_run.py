"""A run in the app, begun with the keyboard, and what is left of it when the app has ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from netcore.runs.run import Run
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


def train(terminal: Terminal, epochs: int = ENDLESS, batch: str = "20") -> Run:
    """Begin a run on the small dataset with the keyboard; default batches would make it a thousand epochs a second."""
    terminal.wait_for("n New network")
    terminal.press("n")
    terminal.wait_for("mnist", "epochs", "enter Train")
    terminal.press("up", "right", "down", "down", *str(epochs), "down", *batch, *["down"] * 5, *"60")
    terminal.wait_for("little", "240 training images")
    terminal.press("enter")
    terminal.wait_for("enter Start")
    terminal.press("enter")
    terminal.wait_for("training epoch", f"of {epochs}")
    return Run.open()

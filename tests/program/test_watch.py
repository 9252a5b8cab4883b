"""One run and three terminals: one trains it, two watch, and what one of them does all three see."""

from __future__ import annotations

from pathlib import Path

from netcore.runs.run import Run
from tests.netcore.runs.helpers import wait_until
from tests.program.conftest import Opens

TRAIN = (
    *("train", "--dataset", "little", "--layers", "relu(12), softmax(4)", "--epochs", "100000", "--batch-size", "5"),
    *("--validation", "60", "--schedule", "constant", "--workers", "1", "--name", "shared"),
)


def test_three_terminals(mnist_tui: Opens, little: Path):
    training = mnist_tui(*TRAIN)
    training.wait_for("2/100000")
    one, other = mnist_tui("watch", columns=120, lines=40), mnist_tui("watch", "shared", columns=120, lines=40)
    for terminal in (one, other):
        terminal.wait_for("watching epoch", "RUNNING")
    other.press("[", "space")
    for terminal in (one, other):
        terminal.wait_for("PAUSED", "rate 0.1 → 0.05")
    one.press("]", "space")
    other.wait_for("RUNNING", "rate 0.05 → 0.1")
    one.press("q")  # asks nothing: the run is not its own
    assert one.wait_exit() == 0
    other.press("x")
    other.wait_for("Stop and keep")
    other.press("k")
    other.wait_for("STOPPED", "saved as shared")
    assert training.wait_exit() == 130
    training.wait_for("model shared is")
    run = Run.open("shared")
    wait_until(lambda: not run.alive)
    assert [mark.text for mark in run.history().marks] == ["rate 0.1 → 0.05", "rate 0.05 → 0.1"]

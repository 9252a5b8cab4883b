"""One run, two terminals: whoever steers it, both see it."""

from __future__ import annotations

import pytest

from tests.program.conftest import Opens
from tests.program.little_run import train

pytestmark = pytest.mark.usefixtures("little")


def test_what_is_done_in_one_is_seen_in_the_other(mnist_tui: Opens):
    trains = mnist_tui()
    run = train(trains)
    watches = mnist_tui("watch", run.id)
    watches.wait_for("RUNNING", "watching epoch")
    watches.press("]")
    for terminal in (trains, watches):
        terminal.wait_for("rate 0.1 → 0.2", "learning rate 0.2")
    trains.press("space")
    for terminal in (trains, watches):
        terminal.wait_for("PAUSED")
    watches.press("space")
    for terminal in (trains, watches):
        terminal.wait_for("RUNNING")
    watches.press("x")
    watches.wait_for("A run of another process. Stop it?")
    watches.press("k")
    for terminal in (trains, watches):
        terminal.wait_for("STOPPED", "saved as little-1")
    watches.press("enter")
    watches.wait_for("little-1 on little")


def test_a_detached_run_is_picked_up_from_another_terminal(mnist_tui: Opens):
    begins = mnist_tui()
    run = train(begins)
    begins.press("q")
    begins.wait_for("A run is being trained. Quit?")
    begins.press("d")
    assert begins.wait_exit() == 0
    watches, also = mnist_tui("watch"), mnist_tui(columns=120, lines=40)
    watches.wait_for("RUNNING", "watching epoch")
    also.wait_for("n New network")
    also.press("5")
    also.wait_for("running elsewhere")
    also.press("enter")
    also.wait_for("watching epoch")
    also.press("[")
    for terminal in (watches, also):
        terminal.wait_for("rate 0.1 → 0.05")
    also.press("q")
    assert also.wait_exit() == 0
    assert f"mnist-tui watch {run.id} shows it." in also.text
    watches.press("x")
    watches.wait_for("Stop it?")
    watches.press("t")
    watches.wait_for("The run was thrown away.")
    assert not run.path.exists()

"""However the app ends while it trains: what was learned is saved, the process is gone, the terminal is whole."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from netcore.models.card import Card, read_card
from tests.program.conftest import Opens
from tests.terminal import Terminal
from tests.tui.app_home import fill_home


@pytest.fixture
def training(mnist_tui: Opens, tmp_path: Path) -> Terminal:
    """The app while a run without an end trains on a small dataset, begun with the keyboard."""
    fill_home(tmp_path)
    terminal = mnist_tui()
    terminal.wait_for("n New network")
    terminal.press("n")
    terminal.wait_for("mnist", "epochs", "enter Train")
    terminal.press("up", "right", "down", "down", *"100000", *["down"] * 6, *"60")
    terminal.wait_for("little", "240 training images")
    terminal.press("enter")
    terminal.wait_for("enter Start")
    terminal.press("enter")
    terminal.wait_for("training epoch", "of 100000")
    return terminal


def saved(home: Path) -> Card:
    card = read_card(home / "models" / "little-1.npz")
    assert card is not None
    assert card.test_accuracy is not None
    return card


def whole(terminal: Terminal) -> bool:
    return not terminal.alternate and terminal.cursor_shown


def test_quit_says_what_became_of_the_run(training: Terminal, tmp_path: Path):
    training.press("q")
    training.wait_for("Stop the run and quit?")
    training.press("enter")
    assert training.wait_exit() == 0
    assert whole(training)
    assert "The run has stopped. Its model is little-1, " in training.text
    saved(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_and_leaves_the_terminal_whole(training: Terminal, tmp_path: Path, number: int):
    training.signal(number)
    assert training.wait_exit() == 128 + number
    assert whole(training)
    saved(tmp_path)


def test_a_lost_connection_ends_it(training: Terminal, tmp_path: Path):
    training.hang_up()
    assert training.wait_exit() == 128 + signal.SIGHUP
    saved(tmp_path)


def test_a_lost_connection_ends_it_where_nothing_trains(mnist_tui: Opens):
    terminal = mnist_tui()
    terminal.wait_for("n New network")
    terminal.hang_up()
    assert terminal.wait_exit() == 128 + signal.SIGHUP


def test_the_first_screen_is_imported_without_numpy_and_plots():
    script = "import sys, tui.app, tui.screens.models\nprint(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert "textual" in loaded
    assert not loaded & {"numpy", "scipy", "pandas", "plotext", "PIL"}

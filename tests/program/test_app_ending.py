"""However the app ends while it trains: the run is stopped and kept or goes on alone, and the terminal is whole."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from netcore.models.card import Card, read_card
from netcore.models.model import load_model
from netcore.runs.attached import AttachedRun
from netcore.runs.preparing import prepare
from netcore.runs.recorder import record
from netcore.runs.run import Run
from netcore.training.controls import Controls
from netcore.training.events import EpochFinished, RunDetached, RunStarted
from tests.program.conftest import Opens
from tests.program.little_run import processes_of, train, wait_until
from tests.terminal import Terminal

IGNORING_HANGUPS = ["/bin/sh", "-c", "trap '' HUP; exec \"$@\"", "sh"]


pytestmark = pytest.mark.usefixtures("little")


def saved(home: Path) -> Card:
    card = read_card(home / "models" / "little-1.npz")
    assert card is not None
    assert card.test_accuracy is not None
    return card


def whole(terminal: Terminal) -> bool:
    return not terminal.alternate and terminal.cursor_shown


def goes_on(run: Run) -> bool:
    """Whether a process of its own trains it, and not from the beginning."""
    started = [kept.event for kept in run.records() if isinstance(kept.event, RunStarted)]
    return run.alive and len(started) == 2 and (started[1].epoch, started[1].batch) > (0, 0)


# By keys


def test_quit_says_what_became_of_the_run(mnist_tui: Opens, home: Path):
    terminal = mnist_tui()
    train(terminal)
    terminal.press("q")
    terminal.wait_for("A run is being trained. Quit?")
    terminal.press("enter")
    assert terminal.wait_exit() == 0
    assert whole(terminal)
    assert "The run has stopped. Its model is little-1, " in terminal.text
    saved(home)


def test_quit_says_where_the_run_goes_on(mnist_tui: Opens):
    terminal = mnist_tui()
    run = train(terminal)
    terminal.press("q")
    terminal.wait_for("A run is being trained. Quit?")
    terminal.press("d")
    assert terminal.wait_exit() == 0
    assert whole(terminal)
    assert terminal.text.split() == f"The run goes on by itself; mnist-tui watch {run.id} shows it.".split()
    assert goes_on(run)


def test_the_first_ctrl_c_asks_and_the_second_keeps(mnist_tui: Opens, home: Path):
    terminal = mnist_tui()
    train(terminal)
    terminal.press("ctrl+c")
    terminal.wait_for("A run is being trained. Quit?")
    terminal.press("ctrl+c")
    assert terminal.wait_exit() == 130
    assert whole(terminal)
    saved(home)


# From outside


def test_the_first_sigint_asks_and_the_second_keeps(mnist_tui: Opens, home: Path):
    terminal = mnist_tui()
    train(terminal)
    terminal.signal(signal.SIGINT)
    terminal.wait_for("A run is being trained. Quit?")
    terminal.signal(signal.SIGINT)
    assert terminal.wait_exit() == 130
    assert whole(terminal)
    saved(home)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_after_a_signal_the_run_goes_on_and_the_terminal_is_whole(mnist_tui: Opens, number: int):
    terminal = mnist_tui()
    run = train(terminal)
    terminal.signal(number)
    assert terminal.wait_exit() == 128 + number
    assert whole(terminal)
    assert f"mnist-tui watch {run.id}" in " ".join(terminal.text.split())
    assert goes_on(run)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_after_a_signal_the_run_is_kept_where_that_is_wanted(mnist_tui: Opens, home: Path, number: int):
    terminal = mnist_tui("--on-hangup", "stop")
    run = train(terminal)
    terminal.signal(number)
    assert terminal.wait_exit() == 128 + number
    assert whole(terminal)
    assert "The run has stopped. Its model is little-1, " in terminal.text
    saved(home)
    assert not run.alive
    assert run.checkpoint.is_file()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_where_nothing_trains(mnist_tui: Opens, number: int):
    terminal = mnist_tui()
    terminal.wait_for("n New network")
    terminal.signal(number)
    assert terminal.wait_exit() == 128 + number
    assert whole(terminal)
    assert terminal.text == ""


# The terminal is gone


@pytest.mark.parametrize("through", [[], IGNORING_HANGUPS], ids=["", "hangups are ignored"])
def test_without_its_terminal_it_ends_and_the_run_goes_on(mnist_tui: Opens, through: list[str]):
    terminal = mnist_tui(through=through)
    run = train(terminal)
    terminal.hang_up()
    assert terminal.wait_exit() == 128 + signal.SIGHUP
    assert goes_on(run)
    (left,) = processes_of(run.path.parents[1])
    assert "netcore.runs.alone" in left


def test_without_its_terminal_it_keeps_the_run_where_that_is_wanted(mnist_tui: Opens, home: Path):
    terminal = mnist_tui("--on-hangup", "stop")
    run = train(terminal)
    terminal.hang_up()
    assert terminal.wait_exit() == 128 + signal.SIGHUP
    saved(home)
    assert run.history().state == "stopped"
    assert not processes_of(home)


@pytest.mark.parametrize("through", [[], IGNORING_HANGUPS], ids=["", "hangups are ignored"])
def test_without_its_terminal_it_ends_where_nothing_trains(mnist_tui: Opens, through: list[str]):
    terminal = mnist_tui(through=through)
    terminal.wait_for("n New network")
    terminal.hang_up()
    assert terminal.wait_exit() == 128 + signal.SIGHUP


def test_a_run_that_is_watched_goes_on_as_it_was(mnist_tui: Opens):
    terminal = mnist_tui()
    run = train(terminal)
    terminal.press("x")
    terminal.wait_for("Stop this run?")
    terminal.press("d")
    terminal.wait_for("watching epoch")
    holder = run.holder
    terminal.hang_up()
    assert terminal.wait_exit() == 128 + signal.SIGHUP
    assert run.holder == holder
    assert goes_on(run)


def test_at_random_moments_it_ends_with_the_bits_of_the_straight_run(mnist_tui: Opens):
    moments, epochs = random.Random(4), 200
    runs = []
    for _ in range(3):
        terminal = mnist_tui()
        run = train(terminal, epochs)
        asked = moments.random()
        wait_until(lambda run=run, asked=asked: run.records()[-1].at - run.records()[0].at > asked)
        terminal.hang_up()
        assert terminal.wait_exit() == 128 + signal.SIGHUP
        runs.append(run)
    for run in runs:
        attached = AttachedRun(run)
        attached.start()
        assert attached.join(60)
        assert run.history().state == "completed"
    assert any(kept.event.batch for run in runs for kept in run.records() if isinstance(kept.event, RunDetached))
    straight = replace(runs[0].config, name="straight")
    for _ in record(Run.create(straight), prepare(straight), Controls()):
        pass
    expected = load_model("straight")
    for run in runs:
        model = load_model(run.history().finished.model)
        assert np.array_equal(model.network.parameters, expected.network.parameters)
        assert model.card.history["train_loss"] == expected.card.history["train_loss"]
        told = [kept.event.epoch for kept in run.records() if isinstance(kept.event, EpochFinished)]
        assert told == list(range(1, epochs + 1))


def test_the_first_screen_is_imported_without_numpy_and_plots():
    script = "import sys, tui.app, tui.screens.models\nprint(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert "textual" in loaded
    assert not loaded & {"numpy", "scipy", "pandas", "plotext", "PIL"}

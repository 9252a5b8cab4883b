"""train, interrupted by a person, a reader or a connection that goes away: nothing is lost, and all is told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from netcore.models.library import model_path
from netcore.runs.follower import Follower
from netcore.runs.requests import RemoteControls
from netcore.runs.resuming import checkpoints
from netcore.runs.run import Run, list_runs
from netcore.training.controls import Controls
from tests.netcore.runs.helpers import wait_until
from tests.terminal import Terminal
from tests.tui.cli.conftest import Runs
from tui.cli.signals import steered_by_signals

ROOT = Path(__file__).resolve().parents[3]
TRAIN = [sys.executable, "-m", "tui", "train", "--like", "guesser", "--epochs", "100000", "--name", "kept"]


def training(*flags: str) -> subprocess.Popen[str]:
    """A run that would go on for long, as a process whose events can be read."""
    return subprocess.Popen(
        [*TRAIN, *flags, "--json"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def read_until_epoch(process: subprocess.Popen[str], epoch: int) -> dict[str, Any]:
    assert process.stdout is not None
    for line in process.stdout:
        event: dict[str, Any] = json.loads(line)
        if event["event"] == "epoch_finished" and event["epoch"] == epoch:
            return event
    raise AssertionError(f"it ended before epoch {epoch}")


@pytest.fixture
def ending(home: Path) -> Iterator[None]:
    """Whatever goes on by itself ends with the test."""
    yield
    for run in list_runs():
        if run.alive:
            RemoteControls(run).stop(keep=False)
            wait_until(lambda run=run: not run.alive)


@pytest.mark.parametrize(
    ("number", "flags"),
    [(signal.SIGINT, []), (signal.SIGTERM, ["--on-hangup", "stop"]), (signal.SIGHUP, ["--on-hangup", "stop"])],
)
def test_stopped_what_was_learned_is_kept(mnist_tui: Runs, guesser: Path, number: signal.Signals, flags: list[str]):
    with training(*flags) as process:
        read_until_epoch(process, 2)
        process.send_signal(number)
        out, err = process.communicate()
    last = json.loads(out.splitlines()[-1])
    assert process.returncode == 130
    assert (last["event"], last["reason"], last["model"]) == ("run_finished", "stopped", "kept")
    run = Run.open("kept")
    model = f"model kept is {model_path('kept')}"
    assert err == (
        f"mnist-tui: stopped after epoch {last['epoch']}; {model}; mnist-tui resume {run.id} goes on with it\n"
    )
    assert run.checkpoint.exists()
    assert run.state(run.history()) == "stopped"
    measured = mnist_tui("evaluate", "kept", "--json").json
    assert measured["accuracy"] == last["test_accuracy"]
    assert mnist_tui("runs", "--json").json[0]["epoch"] == last["epoch"] >= 2


@pytest.mark.usefixtures("ending")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_lost_connection_leaves_the_run_going_on(mnist_tui: Runs, guesser: Path, number: signal.Signals):
    with training() as process:
        read_until_epoch(process, 2)
        process.send_signal(number)
        process.send_signal(number)  # it may come twice: a shell passes on what it hears
        out, err = process.communicate()
    last = json.loads(out.splitlines()[-1])
    assert (process.returncode, last["event"]) == (130, "run_detached")
    run = Run.open("kept")
    assert err == (
        f"mnist-tui: run {run.id} goes on by itself; mnist-tui watch {run.id} follows it, mnist-tui stop {run.id} ends"
        " it\n"
    )
    assert not model_path("kept").exists()
    (line,) = mnist_tui("runs", "--json").json
    assert (line["state"], line["process"]) == ("running", run.holder)
    wait_until(lambda: len(run.history().epochs) > last["epoch"] + 2)


def test_ctrl_c_where_it_is_ending_leaves_at_once(mnist_tui: Runs, guesser: Path):
    with training("--on-hangup", "stop") as process:
        read_until_epoch(process, 1)
        wait_until(Run.open("kept").checkpoint.exists)  # an epoch is told before its checkpoint is written
        # Held, so that both signals are there before it can do anything about the first.
        process.send_signal(signal.SIGSTOP)
        os.waitpid(process.pid, os.WUNTRACED)
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGCONT)
        _, err = process.communicate()
    run = Run.open("kept")
    assert process.returncode == 130
    assert err == f"mnist-tui: left at once; mnist-tui resume {run.id} goes on from the newest checkpoint\n"
    assert checkpoints(run)  # it may have left between the two names that a new one is given in turn
    assert not run.alive


def test_a_reader_who_leaves_stops_the_run_and_keeps_it(guesser: Path):
    with training() as process:
        assert process.stdout is not None
        assert process.stderr is not None
        read_until_epoch(process, 1)
        process.stdout.close()
        err = process.stderr.read()
    assert process.returncode == 130
    assert err.startswith("mnist-tui: stopped after epoch ")
    assert err.count("\n") == 1
    assert model_path("kept").exists()


@pytest.mark.usefixtures("ending")
def test_a_terminal_that_is_gone_leaves_the_run_going_on(guesser: Path, home: Path):
    with Terminal(TRAIN, environment={"MNIST_TUI_HOME": str(home)}, cwd=ROOT) as terminal:
        terminal.wait_for("2/100000")
        terminal.hang_up()
        assert terminal.wait_exit() == 130
    run = Run.open("kept")
    assert run.alive
    epochs = len(run.history().epochs)
    wait_until(lambda: len(run.history().epochs) > epochs)


@pytest.mark.usefixtures("ending")
def test_a_terminal_that_is_gone_is_noticed_where_no_signal_tells(guesser: Path, home: Path):
    """As under nohup: the signal is ignored, and then writing fails."""
    deaf = ["/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh", *TRAIN]
    with Terminal(deaf, environment={"MNIST_TUI_HOME": str(home)}, cwd=ROOT) as terminal:
        terminal.wait_for("2/100000")
        terminal.hang_up()
        assert terminal.wait_exit() == 130
    assert Run.open("kept").alive


def test_a_dropped_connection_can_stop_the_run(guesser: Path, home: Path):
    command = [*TRAIN, "--on-hangup", "stop"]
    with Terminal(command, environment={"MNIST_TUI_HOME": str(home)}, cwd=ROOT) as terminal:
        terminal.wait_for("2/100000")
        terminal.hang_up()
        assert terminal.wait_exit() == 130
    assert model_path("kept").exists()
    assert Run.open("kept").history().state == "stopped"


@pytest.mark.usefixtures("ending")
def test_a_terminal_that_stalls_does_not_hold_training_up(guesser: Path, home: Path):
    with Terminal(TRAIN, environment={"MNIST_TUI_HOME": str(home)}, cwd=ROOT) as terminal:
        terminal.wait_for("2/100000")
        # Nobody reads from here on. The terminal takes some kilobytes, then who writes to it waits.
        run = Follower(Run.open("kept"))
        wait_until(lambda: run.catch_up() and len(run.history.epochs) > 250)
        terminal.wait_for("250/100000")  # and when it is read again, all is there


class Loading:
    """What a worker has before its images are loaded, or after."""

    def __init__(self, *, loaded: bool) -> None:
        self.controls = Controls()
        self.run = object() if loaded else None


HANDLED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def test_the_second_ctrl_c_interrupts_and_the_handlers_come_back():
    before, worker = [signal.getsignal(number) for number in HANDLED], Loading(loaded=True)
    with pytest.raises(KeyboardInterrupt), steered_by_signals(worker, worker.controls.detach):
        os.kill(os.getpid(), signal.SIGINT)
        assert worker.controls.stopping
        assert worker.controls.keep
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGHUP)
        assert not worker.controls.detaching
        os.kill(os.getpid(), signal.SIGINT)
    assert [signal.getsignal(number) for number in HANDLED] == before


def test_before_the_images_are_loaded_nothing_is_kept():
    worker = Loading(loaded=False)
    with steered_by_signals(worker, worker.controls.detach):
        os.kill(os.getpid(), signal.SIGINT)
    assert (worker.controls.stopping, worker.controls.keep) == (True, False)


def test_what_is_ignored_stays_ignored():
    """As nohup wants it."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        worker = Loading(loaded=True)
        with steered_by_signals(worker, worker.controls.detach):
            os.kill(os.getpid(), signal.SIGHUP)
        assert not worker.controls.ending
    finally:
        signal.signal(signal.SIGHUP, before)

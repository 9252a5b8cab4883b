"""train, interrupted by a person, a reader or a connection that goes away: what was learned is kept, and told where."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from netcore.models.library import model_path
from netcore.runs.run import Run
from netcore.training.controls import Controls
from tests.terminal import Terminal
from tests.tui.cli.conftest import Runs
from tui.cli.foreground import stopped_by_signals

ROOT = Path(__file__).resolve().parents[3]
TRAIN = [sys.executable, "-m", "tui", "train", "--like", "guesser", "--epochs", "100000", "--name", "kept"]


def training() -> subprocess.Popen[str]:
    """A run that would go on for long, as a process whose events can be read."""
    return subprocess.Popen([*TRAIN, "--json"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def read_until_epoch(process: subprocess.Popen[str], epoch: int) -> dict[str, Any]:
    assert process.stdout is not None
    for line in process.stdout:
        event: dict[str, Any] = json.loads(line)
        if event["event"] == "epoch_finished" and event["epoch"] == epoch:
            return event
    raise AssertionError(f"it ended before epoch {epoch}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_was_learned_is_kept(mnist_tui: Runs, guesser: Path, number: signal.Signals):
    with training() as process:
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


def test_a_second_signal_leaves_at_once(mnist_tui: Runs, guesser: Path):
    with training() as process:
        read_until_epoch(process, 1)
        # Held, so that both signals are there before it can do anything about the first.
        process.send_signal(signal.SIGSTOP)
        os.waitpid(process.pid, os.WUNTRACED)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGCONT)
        _, err = process.communicate()
    run = Run.open("kept")
    assert process.returncode == 130
    assert err == f"mnist-tui: left at once; mnist-tui resume {run.id} goes on from the newest checkpoint\n"
    assert run.checkpoint.exists()
    assert not model_path("kept").exists()
    assert mnist_tui("runs", "--json").json[0]["state"] == "broken"


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


def test_a_connection_that_drops_leaves_a_model(guesser: Path, home: Path):
    with Terminal(TRAIN, environment={"MNIST_TUI_HOME": str(home)}, cwd=ROOT) as terminal:
        terminal.wait_for("2/100000")
        terminal.hang_up()
        assert terminal.wait_exit() == 130
    assert model_path("kept").exists()
    assert Run.open("kept").history().state == "stopped"


def test_the_second_signal_interrupts_and_the_handlers_come_back():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    controls = Controls()
    with pytest.raises(KeyboardInterrupt), stopped_by_signals(controls):
        os.kill(os.getpid(), signal.SIGTERM)
        assert controls.stopping
        assert controls.keep
        os.kill(os.getpid(), signal.SIGINT)
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before


def test_what_is_ignored_stays_ignored():
    """As nohup wants it."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        controls = Controls()
        with stopped_by_signals(controls):
            os.kill(os.getpid(), signal.SIGHUP)
        assert not controls.stopping
    finally:
        signal.signal(signal.SIGHUP, before)

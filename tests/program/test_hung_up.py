"""Connections that are lost while something trains: every run goes on by itself, as if nothing had happened.

In each terminal there is a shell, as behind a real connection: it is the one that hears of the loss first.
"""

from __future__ import annotations

import shlex
import sys
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from netcore.models.model import load_model
from netcore.runs.follower import Follower
from netcore.runs.preparing import prepare
from netcore.runs.recorder import record
from netcore.runs.run import Run, list_runs
from netcore.training.config import TrainingConfig
from netcore.training.controls import Controls
from netcore.training.events import EpochFinished, RunDetached, RunStarted
from tests.netcore.runs.helpers import told, wait_until
from tests.netcore.toy import without_clock
from tests.terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
SHELL = ["/bin/bash", "--noprofile", "--norc", "-i"]
CONNECTIONS, AT_ONCE, EPOCHS, LATEST = 20, 5, 12, 6.0
SETTINGS = {
    "dataset": "little", "layers": "relu(12), softmax(4)", "epochs": EPOCHS, "batch_size": 5, "validation": 60,
    "dropout": 0.1, "input_dropout": 0.1, "average": 0.99, "workers": 1,
}  # fmt: skip
"""No augmentation: forty processes would each load SciPy for it, and `tests.netcore.runs.test_alone` has one."""


pytestmark = pytest.mark.usefixtures("little")


def connected(name: str) -> Terminal:
    """A connection, and in its shell a run that has begun."""
    flags = [word for key, value in SETTINGS.items() for word in (f"--{key.replace('_', '-')}", str(value))]
    terminal = Terminal(SHELL, environment={"PS1": "ready> "}, cwd=ROOT)
    terminal.wait_for("ready>")
    terminal.press(*shlex.join([sys.executable, "-m", "tui", "train", "--name", name, *flags]), "enter")
    return terminal


def lose(terminals: dict[str, Terminal], moments: dict[str, float]) -> None:
    """Lose each connection when its run has come so far, in epochs; wait until its shell has gone."""
    followed: dict[str, Follower] = {}

    def all_lost() -> bool:
        followed.update({run.config.name: Follower(run) for run in list_runs() if run.config.name not in followed})
        for name in moments.keys() & followed.keys():
            followed[name].catch_up()
            if followed[name].history.position >= moments[name]:
                terminals[name].hang_up()
                del moments[name]
        return not moments

    wait_until(all_lost)
    for terminal in terminals.values():
        terminal.wait_exit()


def test_a_connection_lost_at_20_random_moments():
    rng = np.random.default_rng(20)
    training = prepare(TrainingConfig(**SETTINGS, name="straight"))
    straight = Run.create(training.config)
    list(record(straight, training, Controls()))
    expected = [without_clock(epoch) for epoch in told(straight, EpochFinished)]
    parameters = load_model("straight").network.parameters

    names = [f"hung-up-{number}" for number in range(CONNECTIONS)]
    inside = 0
    for start in range(0, CONNECTIONS, AT_ONCE):
        with ExitStack() as opened:
            terminals = {name: opened.enter_context(connected(name)) for name in names[start : start + AT_ONCE]}
            lose(terminals, {name: rng.uniform(0, LATEST) for name in terminals})
    for name in names:
        run = Run.open(name)
        wait_until(lambda run=run: not run.alive)
        assert run.history().state == "completed", (run.path / "alone.log").read_text()
        (left,) = told(run, RunDetached)
        first, second = told(run, RunStarted)
        assert (first.epoch, second.epoch, second.batch) == (0, left.epoch, left.batch)
        inside += left.batch > 0
        assert [without_clock(epoch) for epoch in told(run, EpochFinished)] == expected  # each once
        np.testing.assert_array_equal(load_model(name).network.parameters, parameters)
    assert inside > CONNECTIONS / 2  # most of them in the middle of an epoch

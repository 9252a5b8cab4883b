"""stop and runs --remove: what becomes of runs of other processes, and of old ones."""

from __future__ import annotations

import os
import signal

import pytest

from netcore.models.library import model_path
from netcore.runs.run import Run
from tests.netcore.runs.helpers import wait_until
from tests.tui.cli.conftest import FLAGS, Runs


@pytest.mark.parametrize("name", ["", "endless"])
def test_stopped_and_kept(mnist_tui: Runs, endless: Run, name: str):
    said = mnist_tui("stop", *filter(None, [name]))
    finished = endless.history().finished
    assert (said.code, said.err) == (0, "")
    assert said.out == f"stopped after epoch {finished.epoch}; model endless is {model_path('endless')}\n"
    assert not endless.alive
    assert mnist_tui("evaluate", "endless", "--json").json["accuracy"] == finished.test_accuracy


def test_for_scripts(mnist_tui: Runs, endless: Run):
    said = mnist_tui("stop", endless.id, "--json").json
    finished = endless.history().finished
    assert said == {
        "run": endless.id,
        "state": "stopped",
        "epoch": finished.epoch,
        "test_accuracy": finished.test_accuracy,
        "test_loss": finished.test_loss,
        "model": "endless",
    }


def test_where_nobody_trains_it_it_says_what_can_be_done(mnist_tui: Runs, endless: Run):
    assert mnist_tui("stop").code == 0
    said = mnist_tui("stop")
    assert (said.code, said.out) == (1, "")
    assert said.err == (
        f"mnist-tui: run {endless.id} is not being trained: it has stopped; mnist-tui resume {endless.id} goes on with"
        " it; runs that are: none\n"
    )


def test_a_run_whose_process_is_gone(mnist_tui: Runs, endless: Run):
    os.kill(endless.holder or 0, signal.SIGKILL)
    wait_until(lambda: not endless.alive)
    assert "its process is gone; mnist-tui resume" in mnist_tui("stop").err
    assert mnist_tui("runs", "--json").json[0]["state"] == "broken"


def test_a_complete_run_names_those_that_are_trained(mnist_tui: Runs, endless: Run):
    assert mnist_tui("train", "--like", "endless").code == 1  # it has no model yet
    assert mnist_tui("train", *FLAGS, "--epochs", "1", "--name", "brief").code == 0
    assert mnist_tui("stop", "brief").err == (
        f"mnist-tui: run {Run.open('brief').id} is not being trained: it is complete; runs that are: {endless.id}\n"
    )
    lines = {line["name"]: (line["state"], line["process"]) for line in mnist_tui("runs", "--json").json}
    assert lines == {"endless": ("running", endless.holder), "brief": ("completed", None)}
    assert str(endless.holder) in mnist_tui("runs").out


def test_old_runs_are_removed_and_one_in_use_is_not(mnist_tui: Runs, endless: Run):
    for name in ("first", "second", "third"):
        assert mnist_tui("train", *FLAGS, "--epochs", "1", "--name", name).code == 0
    first, second, third = (Run.open(name) for name in ("first", "second", "third"))
    for refused in ("endless", "nobody", ""):
        assert mnist_tui("runs", "--remove", "first", refused).code == 1
        assert first.path.exists()
    again = Run.create(first.config)
    said = mnist_tui("runs", "--remove", "second", "first")
    assert second.path.exists()
    assert said.err == f"mnist-tui: 2 runs are called 'first': {again.id}, {first.id}; give their ids\n"
    assert mnist_tui("runs", "--remove", again.id).code == 0
    said = mnist_tui("runs", "--remove", "first", second.id, "first")
    assert (said.code, said.out) == (0, f"{first.id} is removed\n{second.id} is removed\n")
    assert mnist_tui("runs", "--remove", "third", "--json").json == [{"run": third.id, "removed": True}]
    assert [line["name"] for line in mnist_tui("runs", "--json").json] == ["endless"]
    assert model_path("first").exists()
    assert "mnist-tui stop " in mnist_tui("runs", "--remove", "endless").err
    assert endless.alive

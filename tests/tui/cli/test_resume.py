"""resume: which run it goes on with, what it prints, and what it refuses. Killed processes are in tests/program."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from netcore.models.library import model_path
from netcore.runs.preparing import prepare
from netcore.runs.recorder import record
from netcore.runs.run import Run
from netcore.training.config import TrainingConfig
from netcore.training.controls import Controls
from netcore.training.events import EpochFinished
from tests.tui.cli.conftest import Runs

BANDS = {"dataset": "bands", "layers": "relu(16), softmax(4)", "epochs": 5, "batch_size": 50, "validation": 100}


@pytest.fixture
def stopped(bands: Path) -> Run:
    """A run without a name of its own, stopped after two epochs; its model is bands-1."""
    config, controls = TrainingConfig(**BANDS), Controls()
    training = prepare(config)
    run = Run.create(training.config)
    for kept in record(run, training, controls):
        if isinstance(kept.event, EpochFinished) and kept.event.epoch == 2:
            controls.stop()
    return run


def events(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


@pytest.mark.parametrize("by", ["id", "model", "nothing"])
def test_it_goes_on_to_the_end(mnist_tui: Runs, stopped: Run, by: str):
    arguments = {"id": [stopped.id], "model": ["bands-1"], "nothing": []}[by]
    before = (stopped.path / "events.jsonl").read_text()
    said = mnist_tui("resume", *arguments, "--json")
    assert (said.code, said.err) == (0, "")
    found = events(said.out)
    assert (found[0]["event"], found[0]["epoch"], found[0]["run"]) == ("run_started", 2, stopped.id)
    assert [event["epoch"] for event in found if event["event"] == "epoch_finished"] == [3, 4, 5]
    assert (found[-1]["reason"], found[-1]["model"]) == ("completed", "bands-1")
    assert (stopped.path / "events.jsonl").read_text() == before + said.out
    assert mnist_tui("runs", "--json").json[0]["epoch"] == 5


def test_people_read_where_it_goes_on(mnist_tui: Runs, stopped: Run):
    said = mnist_tui("resume")
    assert said.code == 0
    assert "going on after epoch 2\n" in said.out
    assert [line.split()[0] for line in said.out.splitlines() if "/5 " in line] == ["3/5", "4/5", "5/5"]
    assert said.out.endswith(f"model bands-1 is {model_path('bands-1')}\n")


def test_people_read_that_a_checkpoint_was_damaged(mnist_tui: Runs, stopped: Run):
    stopped.checkpoint.write_bytes(b"damaged")
    said = mnist_tui("resume")
    assert said.code == 0
    assert re.search("^the newest checkpoint is damaged, going on from epoch [012]$", said.out, re.MULTILINE)


def test_where_there_is_nothing_to_go_on_with_it_is_an_error_on_one_line(mnist_tui: Runs, stopped: Run):
    assert mnist_tui("resume").code == 0
    for arguments, words in (([], f"run {stopped.id} is complete"), (["nobody"], "no run is called 'nobody'")):
        said = mnist_tui("resume", *arguments)
        assert (said.code, said.out) == (1, "")
        assert said.err.startswith(f"mnist-tui: {words}")
        assert said.err.count("\n") == 1


def test_a_run_in_use_says_who_has_it(mnist_tui: Runs, stopped: Run):
    with stopped.held():
        said = mnist_tui("resume")
    assert said.code == 1
    assert "is being trained by another process, number " in said.err


def test_a_disk_that_cannot_be_written_is_told_before_training(mnist_tui: Runs, bands: Path, home: Path):
    (home / "runs").write_text("a file where the folder should be")
    said = mnist_tui("train", "--dataset", "bands", "--layers", "softmax(4)", "--validation", "0")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"mnist-tui: {home / 'runs'}")

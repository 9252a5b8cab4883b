"""Runs of real processes that are killed again and again, resumed each time, and end as if nothing had happened."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netcore.models.library import list_models
from netcore.models.model import load_model
from netcore.runs.preparing import prepare
from netcore.runs.recorder import record
from netcore.runs.run import Run
from netcore.training.config import TrainingConfig
from netcore.training.controls import Controls
from netcore.training.events import CheckpointSaved, EpochFinished, RunStarted
from netcore.training.records import Record
from tests.netcore.toy import without_clock

ROOT = Path(__file__).resolve().parents[2]
EPOCHS = 220
COMMON = {"dataset": "little", "layers": "relu(12), softmax(4)", "epochs": EPOCHS, "batch_size": 50, "workers": 1}

# Between them, everything that a checkpoint has to remember, and 25 kills.
RUNS: dict[str, dict[str, Any]] = {
    "plain": {"optimizer": "sgd", "validation": 60, "schedule": "one-cycle", "warmup": 5.0, "input_dropout": 0.1},
    "momentum": {"dropout": 0.2, "label_smoothing": 0.1, "average": 0.99, "validation": 0},
    "adam": {"optimizer": "adam", "learning_rate": 0.002, "weight_decay": 0.01, "validation": 60},
    "warped": {"augment": "warp-flip", "dropout": 0.1, "validation": 60, "epochs": 100},
}
KILLS = {"plain": 7, "momentum": 7, "adam": 7, "warped": 4}
LINES = 20
"""Lines of output after which a process is killed, at the most: a hundredth of what it would print to its end."""


pytestmark = pytest.mark.usefixtures("little")


def begin(*arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tui", *arguments, "--json"]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def flags(config: TrainingConfig) -> list[str]:
    given = {name.replace("_", "-"): value for name, value in config.to_json().items() if value is not None}
    return [word for name, value in given.items() for word in (f"--{name}", str(value))]


def straight(config: TrainingConfig) -> list[Record]:
    """The same run from beginning to end, in this process."""
    training = prepare(config)
    return list(record(Run.create(training.config), training, Controls()))


def epochs(records: list[Record]) -> list[EpochFinished]:
    return [without_clock(kept.event) for kept in records if isinstance(kept.event, EpochFinished)]


def position(event: RunStarted | CheckpointSaved) -> tuple[int, int]:
    return event.epoch, event.batch


def check_left(run: Run) -> tuple[int, int] | None:
    """Check what a killed process has left; return where its newest checkpoint is, as far as the log tells."""
    assert not run.alive
    assert run.state(run.history()) == "broken"
    saved = [kept.event for kept in run.records() if isinstance(kept.event, CheckpointSaved)]
    return position(saved[-1]) if saved else None


@pytest.mark.parametrize("name", RUNS)
def test_killed_at_random_moments(name: str, home: Path):
    config = TrainingConfig(**(COMMON | RUNS[name]), name=name)
    rng = np.random.default_rng(sum(name.encode()))
    process, saved = begin("train", *flags(config)), None
    for _ in range(KILLS[name]):
        with process:
            assert process.stdout is not None
            first = Record.from_json(process.stdout.readline()).event
            assert isinstance(first, RunStarted)
            if saved is not None:
                assert position(first) >= saved  # nothing is lost but what came after the checkpoint
            for _ in range(rng.integers(LINES)):
                assert process.stdout.readline()
            process.send_signal(signal.SIGKILL)
        saved = check_left(Run.open(name))
        process = begin("resume", name)
    with process:
        out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    last = json.loads(out.splitlines()[-1])
    assert (last["event"], last["reason"], last["model"]) == ("run_finished", "completed", name)

    run = Run.open(name)
    never_killed = straight(TrainingConfig(**(COMMON | RUNS[name]), name="straight"))
    killed, expected = load_model(name), load_model("straight")
    np.testing.assert_array_equal(killed.network.parameters, expected.network.parameters)
    assert killed.card.test_loss == expected.card.test_loss == last["test_loss"]
    once = epochs(never_killed)
    assert [without_clock(epoch) for epoch in run.history().epochs] == once
    assert all(epoch == once[epoch.epoch - 1] for epoch in epochs(run.records()))  # also those that were trained twice
    assert sum(isinstance(kept.event, RunStarted) for kept in run.records()) == KILLS[name] + 1
    left = {path.name for path in run.path.iterdir()}
    assert left == {"config.json", "events.jsonl", "checkpoint.npz", "checkpoint-before.npz", "lock"}
    assert {entry.name for entry in list_models() if entry.card and entry.card.dataset == "little"} == {
        "mine",
        name,
        "straight",
    }


def test_stopped_and_resumed():
    """`train` stopped by SIGTERM has kept a model; resumed, and stopped and resumed, it is that of the straight run."""
    config = TrainingConfig(**(COMMON | RUNS["momentum"]), name="kept")
    process = begin("train", "--on-hangup", "stop", *flags(config))
    for _ in range(2):
        with process:
            assert process.stdout is not None
            for _ in range(20):
                assert process.stdout.readline()
            process.send_signal(signal.SIGTERM)
            out, _ = process.communicate()
        last = json.loads(out.splitlines()[-1])
        assert (process.returncode, last["reason"], last["model"]) == (130, "stopped", "kept")
        stopped = load_model("kept")
        assert stopped.card.epochs == last["epoch"] < EPOCHS
        process = begin("resume", "kept", "--on-hangup", "stop")
    with process:
        out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    straight(TrainingConfig(**(COMMON | RUNS["momentum"]), name="straight"))
    model, expected = load_model("kept"), load_model("straight")
    np.testing.assert_array_equal(model.network.parameters, expected.network.parameters)
    assert (model.card.epochs, model.card.run) == (EPOCHS, Run.open("kept").id)
    assert model.card.history["train_loss"] == expected.card.history["train_loss"]
    assert not any(entry.name.startswith("kept-") for entry in list_models())

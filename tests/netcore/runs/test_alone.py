"""A run that goes on in a process of its own: with the same numbers, nobody in between, and steered as before."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import numpy as np
import pytest

from netcore.datasets.library import load_part
from netcore.errors import RunError
from netcore.models.model import load_model
from netcore.runs.alone import continue_alone
from netcore.runs.preparing import prepare
from netcore.runs.recorder import record
from netcore.runs.requests import RemoteControls
from netcore.runs.run import Run
from netcore.training.config import TrainingConfig
from netcore.training.controls import Controls
from netcore.training.events import EpochFinished, Progress, RunDetached, RunPaused, RunStarted, SettingChanged
from netcore.training.loop import train
from tests.netcore.runs.helpers import ENDLESS, config, ended, straight, told, wait_until
from tests.netcore.toy import CLASSES

pytestmark = pytest.mark.usefixtures("toy_dataset")


def leave(settings: TrainingConfig, *, mode: str = "go_on") -> Run:
    """Begin a run here, pause it after the second epoch, and have another process go on with it."""
    controls, training = Controls(), prepare(settings)
    run = Run.create(training.config)
    for kept in record(run, training, controls):
        if isinstance(kept.event, EpochFinished) and kept.event.epoch == 2:
            controls.pause()
        if isinstance(kept.event, RunPaused):
            getattr(controls, mode)()
            controls.detach()
        if isinstance(kept.event, RunDetached):
            holder = run.holder
            number = continue_alone(run)
            # At no moment was it free.
            assert (holder, run.holder) == (os.getpid(), number)
            with pytest.raises(RunError, match=f"another process, number {number}"), Run.open(run.path).held():
                pass
    return run


def test_it_ends_as_if_it_had_never_been_left():
    settings = config(epochs=150, dropout=0.2, optimizer="adam", learning_rate=0.01, augment="shift", average=0.9)
    run = leave(TrainingConfig(**settings.to_json() | {"name": "left"}))
    with ended(run):
        wait_until(lambda: not run.alive)
        assert run.history().state == "completed"
    expected = straight(TrainingConfig(**settings.to_json() | {"name": "straight"}))
    np.testing.assert_array_equal(load_model("left").network.parameters, expected)
    assert [started.epoch for started in told(run, RunStarted)] == [0, 2]
    assert [epoch.epoch for epoch in told(run, EpochFinished)] == [*range(1, 151)]
    assert {"alone.log", "requests.jsonl"}.isdisjoint(path.name for path in run.path.iterdir())


def test_it_belongs_to_nobody():
    run = leave(config(epochs=ENDLESS))
    with ended(run):
        number = run.holder
        status = dict(line.split(":\t", 1) for line in Path(f"/proc/{number}/status").read_text().splitlines())
        assert int(status["PPid"]) != os.getpid()
        assert os.getsid(number) not in (number, os.getsid(0))  # and no leader, which could get a terminal
        assert Path(f"/proc/{number}/cwd").readlink() == Path("/")
        RemoteControls(run).pause()
        wait_until(lambda: run.history().state == "paused")
        open_files = {path.readlink().name for path in Path(f"/proc/{number}/fd").iterdir()}
        assert open_files == {"null", "alone.log", "lock", "events.jsonl"}
        os.kill(number, signal.SIGHUP)
        os.kill(number, signal.SIGINT)
        RemoteControls(run).stop()
        wait_until(lambda: not run.alive)
        assert run.history().finished.model == "toy-1"


@pytest.mark.parametrize("mode", ["pause", "one_epoch"])
def test_a_pause_stays_one(mode: str):
    run = leave(config(epochs=6, name="left"), mode=mode)
    with ended(run):
        wait_until(lambda: len(told(run, RunPaused)) == 2)
        assert run.history().state == "paused"
        assert told(run, RunPaused)[-1].epoch == (2 if mode == "pause" else 3)
        RemoteControls(run).go_on()
        wait_until(lambda: not run.alive)
    np.testing.assert_array_equal(load_model("left").network.parameters, straight(config(epochs=6, name="other")))


def test_with_another_learning_rate_on_the_way_the_numbers_are_those_of_one_process():
    """Paused and left, another rate in the pause, and another while it goes on: against a run that is told the same."""
    settings = config(epochs=400, optimizer="adam", learning_rate=0.01, dropout=0.2)
    run = leave(settings, mode="pause")
    steered = RemoteControls(run)
    with ended(run):
        wait_until(lambda: len(told(run, RunPaused)) == 2)
        steered.set_learning_rate(0.02)
        wait_until(lambda: told(run, SettingChanged))
        steered.go_on()
        wait_until(lambda: len(told(run, EpochFinished)) > 4)
        steered.scale_learning_rate(0.5)
        wait_until(lambda: not run.alive)
    changes = {(change.epoch, change.batch): change.new for change in told(run, SettingChanged)}
    assert len(changes) == 2

    controls, training = Controls(), prepare(settings)
    for event in train(training, load_part("toy", "test"), CLASSES, controls, report_seconds=0):
        match event:
            case RunStarted() | EpochFinished() | Progress():
                position = event.epoch, getattr(event, "batch", 0)
                if position in changes:
                    controls.set_learning_rate(changes.pop(position))
    assert not changes
    model = load_model(run.history().finished.model)
    np.testing.assert_array_equal(model.network.parameters, training.network.parameters)


def test_sigterm_stops_it_and_keeps_what_it_has_learned():
    run = leave(config(epochs=ENDLESS))
    with ended(run):
        wait_until(lambda: told(run, Progress) or len(told(run, EpochFinished)) > 3)
        os.kill(run.holder, signal.SIGTERM)
        wait_until(lambda: not run.alive)
        finished = run.history().finished
        assert (finished.reason, finished.model) == ("stopped", "toy-1")


def test_what_is_asked_while_it_changes_hands_is_not_lost():
    controls, training = Controls(), prepare(config(epochs=ENDLESS))
    run = Run.create(training.config)
    for kept in record(run, training, controls):
        if isinstance(kept.event, EpochFinished):
            controls.detach()
        if isinstance(kept.event, RunDetached):
            RemoteControls(run).set_learning_rate(0.004)
            continue_alone(run)
            controls.stop(keep=False)  # too late: it is not this process's to end any more
    with ended(run):
        wait_until(lambda: told(run, SettingChanged))
        assert told(run, SettingChanged)[0].new == 0.004


def test_a_run_that_nobody_holds_goes_on_too(monkeypatch: pytest.MonkeyPatch, home: Path):
    """And from a relative home, with modules that were found beside the present folder."""
    monkeypatch.chdir(home.parent)
    monkeypatch.setenv("MNIST_TUI_HOME", home.name)
    monkeypatch.setattr(sys, "path", [os.path.relpath(entry) if entry else "" for entry in sys.path])
    run = Run.create(config(name="begun"))
    continue_alone(run)
    with ended(run):
        wait_until(lambda: not run.alive)
        assert run.history().state == "completed"
    assert (home / "models" / "begun.npz").is_file()


def test_why_it_cannot_go_on_is_told():
    run = Run.create(config())
    list(record(run, prepare(run.config), Controls()))
    with pytest.raises(RunError, match=rf"{run.id} could not go on in a process of its own: run .* is complete"):
        continue_alone(run)
    assert not run.alive


def test_a_run_that_cannot_be_left_can_be_resumed(home: Path):
    controls, training = Controls(), prepare(config(name="kept"))
    run = Run.create(training.config)
    labels = home / "datasets" / "toy" / "train-labels-idx1-ubyte.gz"
    with pytest.raises(RunError, match="could not go on"):
        for kept in record(run, training, controls):
            if isinstance(kept.event, EpochFinished):
                controls.detach()
            if isinstance(kept.event, RunDetached):
                labels.rename(labels.with_suffix(".away"))
                continue_alone(run)
    assert not run.alive
    assert run.state(run.history()) == "broken"
    labels.with_suffix(".away").rename(labels)
    list(record(run, prepare(run.config), Controls()))
    np.testing.assert_array_equal(load_model("kept").network.parameters, straight(config()))


def test_a_process_that_dies_at_once_is_told_with_where_to_look(monkeypatch: pytest.MonkeyPatch):
    run = Run.create(config())
    monkeypatch.setattr(sys, "path", [])  # where it finds none of our modules
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RunError, match=r"could not go on in a process of its own: see .*alone\.log"):
        continue_alone(run)

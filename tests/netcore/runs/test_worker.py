"""The thread that trains while a screen shows."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from netcore.errors import DamagedFile, SettingError
from netcore.models.library import list_models
from netcore.models.model import load_model
from netcore.runs.run import list_runs
from netcore.runs.worker import TrainingWorker
from netcore.training.events import EpochFinished, RunDetached, RunFinished, RunPaused, RunStarted
from tests.netcore.runs.helpers import config, ended, wait_until

pytestmark = [pytest.mark.usefixtures("toy_dataset"), pytest.mark.filterwarnings("error")]


def worker(**settings: Any) -> TrainingWorker:
    return TrainingWorker(config(**settings))


def wait_for(condition: Callable[[], bool], of: TrainingWorker) -> None:
    """Look again and again, as the timer of a screen does."""
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        assert not of.join(0.005), of.error


def has(of: TrainingWorker, kind: type) -> bool:
    return any(isinstance(record.event, kind) for record in of.records)


def test_from_start_to_model():
    training = worker(name="net")
    assert (training.records, training.run, training.done) == ([], None, False)
    assert training.network_snapshot() is None
    training.start()
    assert training.join(30)
    assert training.error is None
    assert training.run is not None
    assert training.records == training.run.records()
    finished = training.records[-1].event
    assert (finished.reason, finished.model) == ("completed", "net")
    np.testing.assert_array_equal(training.network_snapshot().parameters, load_model("net").network.parameters)


def test_the_same_numbers_as_without_a_thread():
    first, second = worker(seed=3), worker(seed=3)
    for training in (first, second):
        training.start()
        assert training.join(30)
    np.testing.assert_array_equal(first.network_snapshot().parameters, second.network_snapshot().parameters)


def test_watched_paused_and_stopped():
    training = worker(epochs=100_000)
    training.controls.one_epoch()
    training.start()
    wait_for(lambda: has(training, RunPaused), training)
    assert training.run.alive
    assert not training.done
    assert not training.join(0.01)
    snapshot = training.network_snapshot()
    before = snapshot.parameters.copy()
    images = np.zeros((3, 28, 28), np.uint8)
    assert snapshot.probabilities(images).shape == (3, 10)

    count = len(training.records)
    training.controls.go_on()
    wait_for(lambda: sum(isinstance(r.event, EpochFinished) for r in training.records[count:]) >= 3, training)
    np.testing.assert_array_equal(snapshot.parameters, before)  # a snapshot stays as it was
    assert (training.network_snapshot().parameters != before).any()
    training.controls.stop()
    assert training.join(30)
    assert training.records[-1].event.reason == "stopped"
    assert not training.run.alive


def test_left_to_a_process_of_its_own():
    training = worker(epochs=100_000)
    training.start()
    wait_for(lambda: has(training, EpochFinished), training)
    training.controls.detach()
    assert training.join(30)
    with ended(training.run):
        assert (training.detached, training.error) == (True, None)
        assert isinstance(training.records[-1].event, RunDetached)
        assert training.run.holder not in (None, os.getpid())
        told = len(training.run.records())
        wait_until(lambda: len(training.run.records()) > told + 3)
        assert len(training.records) < told + 3  # here nothing comes any more


def test_a_run_that_cannot_be_left_says_why(home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    training = worker(epochs=100_000)
    training.controls.detach()
    training.start()
    assert training.join(30)
    assert not training.detached
    assert "could not go on in a process of its own" in str(training.error)
    assert not training.run.alive


def test_stopped_before_it_has_begun():
    training = worker(epochs=100_000)
    training.controls.stop(keep=False)
    training.start()
    assert training.join(30)
    assert training.error is None
    assert isinstance(training.records[0].event, RunStarted)
    assert isinstance(training.records[-1].event, RunFinished)
    assert list_runs() == []
    assert not any(not entry.bundled for entry in list_models())


def test_a_damaged_dataset_is_told_and_leaves_no_run(home):
    for file in (home / "datasets" / "toy").glob("train-images*"):
        file.write_bytes(file.read_bytes()[:-20])
    training = worker()
    training.start()
    assert training.join(30)
    assert isinstance(training.error, DamagedFile)
    assert (training.run, training.records) == (None, [])
    assert list_runs() == []


def test_settings_that_do_not_fit_are_told():
    training = worker(layers="softmax(7)")
    training.start()
    assert training.join(30)
    assert isinstance(training.error, SettingError)
    assert training.run is None


def test_a_fault_of_the_program_is_told_and_reported(monkeypatch: pytest.MonkeyPatch):
    def fault(*_: object) -> None:
        raise ZeroDivisionError

    reported = []
    monkeypatch.setattr("netcore.runs.worker.record", fault)
    monkeypatch.setattr("threading.excepthook", reported.append)
    training = worker()
    training.start()
    assert training.join(30)
    assert isinstance(training.error, ZeroDivisionError)
    assert [report.exc_type for report in reported] == [ZeroDivisionError]

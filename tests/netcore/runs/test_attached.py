"""A run of another process, followed and steered as one of this process is."""

from __future__ import annotations

import os
import signal

import numpy as np
import pytest

from netcore.models.model import load_model
from netcore.runs.alone import continue_alone
from netcore.runs.attached import AttachedRun
from netcore.runs.run import Run
from netcore.runs.watched import Watched
from netcore.training.checkpoint import load_checkpoint
from netcore.training.events import EpochFinished, Progress, RunFinished, RunPaused, RunStarted, SettingChanged
from tests.netcore.runs.helpers import ENDLESS, config, ended, told, wait_until

pytestmark = pytest.mark.usefixtures("toy_dataset")


def has(attached: Watched, kind: type) -> bool:
    return any(isinstance(kept.event, kind) for kept in attached.records)


def test_from_the_first_epoch_to_the_end():
    run = Run.create(config(epochs=ENDLESS))
    continue_alone(run)
    with ended(run):
        attached = AttachedRun(run)
        assert (attached.records, attached.done, attached.error) == ([], False, None)
        attached.start()
        wait_until(lambda: has(attached, EpochFinished))
        assert isinstance(attached.records[0].event, RunStarted)
        assert not attached.join(0.01)
        attached.controls.pause()
        wait_until(lambda: has(attached, RunPaused))
        attached.controls.set_learning_rate(0.004)
        wait_until(lambda: has(attached, SettingChanged))
        snapshot = attached.network_snapshot()
        np.testing.assert_array_equal(snapshot.parameters, load_checkpoint(run.checkpoint).parameters)
        attached.controls.stop()
        assert attached.join(30)
    assert (attached.done, attached.error) == (True, None)
    # Reports from within an epoch whose own numbers follow are left out.
    logged = [kept for kept in run.records() if not isinstance(kept.event, Progress)]
    assert [kept for kept in attached.records if not isinstance(kept.event, Progress)] == logged
    finished = attached.records[-1].event
    assert isinstance(finished, RunFinished)
    np.testing.assert_array_equal(attached.network_snapshot().parameters, load_model(finished.model).network.parameters)


def test_the_average_is_what_is_shown():
    run = Run.create(config(average=0.99, name="averaged"))
    continue_alone(run)
    attached = AttachedRun(run)
    attached.start()
    assert attached.join(30)
    np.testing.assert_array_equal(attached.network_snapshot().parameters, load_model("averaged").network.parameters)


def test_a_process_that_is_killed_is_told():
    run = Run.create(config(epochs=ENDLESS))
    continue_alone(run)
    with ended(run):
        attached = AttachedRun(run)
        attached.start()
        wait_until(lambda: has(attached, EpochFinished))
        os.kill(run.holder, signal.SIGKILL)
        assert attached.join(30)
    assert f"run {run.id} has lost its process; mnist-tui resume {run.id}" in str(attached.error)
    assert run.state(run.history()) == "broken"


def test_leaving_it_leaves_it_alone():
    run = Run.create(config(epochs=ENDLESS))
    continue_alone(run)
    with ended(run):
        attached = AttachedRun(run)
        attached.start()
        attached.leave()
        assert (attached.done, attached.error) == (True, None)
        count = len(told(run, EpochFinished))
        wait_until(lambda: len(told(run, EpochFinished)) > count)


def test_a_run_thrown_away_is_no_error():
    run = Run.create(config(epochs=ENDLESS))
    continue_alone(run)
    attached = AttachedRun(run)
    attached.start()
    attached.controls.stop(keep=False)
    assert attached.join(30)
    wait_until(lambda: not run.path.exists())
    assert attached.error is None
    assert not attached.controls.keep


def test_before_the_first_checkpoint_there_is_no_network():
    assert AttachedRun(Run.create(config())).network_snapshot() is None

"""Controls on their own: what was asked for is there for the loop, once."""

from __future__ import annotations

import math
from threading import Thread

import pytest

from netcore.errors import SettingError
from netcore.training.controls import Controls


def test_nothing_is_pending_at_first():
    controls = Controls()
    assert not controls.pending
    assert not controls.paused
    assert not controls.stopping
    assert controls.keep


def test_a_learning_rate_is_taken_once():
    controls = Controls()
    controls.scale_learning_rate(2)
    controls.scale_learning_rate(0.25)
    assert controls.pending
    assert controls.take_learning_rate(0.1) == pytest.approx(0.05)
    assert not controls.pending
    assert controls.take_learning_rate(0.05) == 0.05


def test_the_newest_wish_counts():
    controls = Controls()
    controls.scale_learning_rate(8)
    controls.set_learning_rate(0.3)
    controls.scale_learning_rate(0.5)
    assert controls.take_learning_rate(99) == pytest.approx(0.15)
    assert controls.take_learning_rate(99) == 99


@pytest.mark.parametrize("value", [0, -1, math.nan, math.inf])
def test_a_rate_that_cannot_work_is_refused(value: float):
    controls = Controls()
    with pytest.raises(SettingError, match="learning rate"):
        controls.set_learning_rate(value)
    with pytest.raises(SettingError, match="learning rate"):
        controls.scale_learning_rate(value)
    assert not controls.pending


@pytest.mark.parametrize("factor", [1e200, 1e-200])
def test_factors_that_are_too_much_together_change_nothing(factor: float):
    controls = Controls()
    controls.scale_learning_rate(factor)
    controls.scale_learning_rate(factor)
    assert controls.take_learning_rate(0.1) == 0.1
    assert not controls.pending


def test_pause_stays_pending_until_it_ends():
    controls = Controls()
    controls.toggle_pause()
    assert controls.paused
    controls.take_learning_rate(1)
    assert controls.pending
    controls.toggle_pause()
    assert not controls.paused
    controls.take_learning_rate(1)
    assert not controls.pending


def test_one_epoch_ends_in_a_pause():
    controls = Controls()
    controls.pause()
    controls.one_epoch()
    assert not controls.paused
    controls.epoch_finished()
    assert controls.paused
    controls.go_on()
    controls.epoch_finished()
    assert not controls.paused


def test_going_on_takes_back_one_epoch():
    controls = Controls()
    controls.one_epoch()
    controls.go_on()
    controls.epoch_finished()
    assert not controls.paused


def test_a_pause_takes_back_one_epoch():
    controls = Controls()
    controls.one_epoch()
    controls.toggle_pause()
    controls.toggle_pause()
    controls.epoch_finished()
    assert not controls.paused


@pytest.mark.parametrize(
    "wake",
    [
        Controls.go_on,
        Controls.stop,
        Controls.one_epoch,
        Controls.toggle_pause,
        Controls.detach,
        lambda controls: controls.set_learning_rate(2),
        lambda controls: controls.scale_learning_rate(2),
    ],
)
def test_whoever_waits_wakes_up(wake):
    controls = Controls()
    controls.pause()
    waiter = Thread(target=controls.wait, daemon=True)
    waiter.start()
    waiter.join(0.05)
    assert waiter.is_alive()
    wake(controls)
    waiter.join(10)
    assert not waiter.is_alive()


def test_a_stop_ends_a_pause_and_says_what_becomes_of_the_model():
    controls = Controls()
    controls.pause()
    controls.stop(keep=False)
    assert controls.stopping
    assert not controls.paused
    assert not controls.keep
    controls.take_learning_rate(1)
    assert controls.pending


def test_the_newest_stop_says_what_becomes_of_the_model():
    controls = Controls()
    controls.stop()
    controls.stop(keep=False)
    assert not controls.keep
    controls.stop()
    assert controls.keep


def test_leaving_the_run_to_another_process_is_seen_at_the_next_batch():
    controls = Controls()
    controls.detach()
    assert controls.pending
    assert controls.ending
    assert controls.detaching
    assert not controls.stopping
    controls.take_learning_rate(1)
    assert controls.pending

"""The loop's events: what they say, in which order, and how fast a person's wishes are followed."""

from __future__ import annotations

import math
from itertools import pairwise
from queue import SimpleQueue
from threading import Thread
from typing import Any

import numpy as np
import pytest

import netcore.training.common
import netcore.training.stopwatch
import netcore.training.team
from netcore.models.evaluation import evaluate
from netcore.nn.network import Network
from netcore.nn.turns import Turns
from netcore.training.checkpoint import StateCaptured
from netcore.training.controls import Controls
from netcore.training.events import (
    EpochFinished,
    Progress,
    RunContinued,
    RunDetached,
    RunFinished,
    RunPaused,
    RunStarted,
    SettingChanged,
)
from tests.netcore.toy import CLASSES, TEST, events, last_state, toy_run, toy_training

pytestmark = pytest.mark.filterwarnings("error")


def until(stream: Any, kind: type) -> Any:
    """Drive the loop up to the next event of a kind."""
    return next(event for event in stream if isinstance(event, kind))


def test_a_run_from_the_first_event_to_the_last():
    training = toy_training(epochs=2, validation=20)
    stream = list(toy_run(training))
    kinds = [type(item) for item in stream]
    epoch = [Progress, Progress, EpochFinished, StateCaptured]  # 40 images in 3 batches; the last ends the epoch
    assert kinds == [RunStarted, StateCaptured, *epoch, *epoch, RunFinished]
    started, finished = stream[0], stream[-1]
    assert started == RunStarted(
        config=training.config.to_json(),
        classes=CLASSES,
        parameters=784 * 6 + 6 + 6 * 10 + 10,
        train_images=40,
        validation_images=20,
        batches=3,
    )
    assert (finished.reason, finished.epoch, finished.model) == ("completed", 2, None)
    np.testing.assert_array_equal(last_state(stream).parameters, training.network.parameters)
    tested, held_out = evaluate(training.network, TEST), evaluate(training.network, training.validation)
    assert finished.test_accuracy == tested.accuracy
    assert finished.test_loss == pytest.approx(tested.loss)
    last = [item for item in stream if isinstance(item, EpochFinished)][-1]
    assert (last.epoch, last.epochs) == (2, 2)
    assert last.validation_accuracy == held_out.accuracy
    assert last.validation_loss == pytest.approx(held_out.loss)


def test_where_an_average_is_kept_it_is_what_is_measured():
    training = toy_training(epochs=2, validation=20, average=0.9)
    stream = list(toy_run(training))
    last = [item for item in stream if isinstance(item, EpochFinished)][-1]
    assert last.validation_loss == pytest.approx(evaluate(training.result, training.validation).loss)
    assert stream[-1].test_loss == pytest.approx(evaluate(training.result, TEST).loss)
    assert stream[-1].test_loss != pytest.approx(evaluate(training.network, TEST).loss)


def test_it_learns():
    stream = list(toy_run(toy_training(layers="relu(16), softmax(10)", epochs=30, schedule="cosine")))
    assert stream[-1].test_accuracy > 0.9
    losses = [event.train_loss for event in stream if isinstance(event, EpochFinished)]
    assert losses[-1] < 0.2 * losses[0]


def test_without_images_held_out_there_are_no_numbers_of_them():
    for event in toy_run(toy_training(epochs=1)):
        if isinstance(event, EpochFinished):
            assert event.validation_loss is None
            assert event.validation_accuracy is None


class Clock:
    """A clock that goes on by a tenth of a second whenever it is looked at."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(netcore.training.stopwatch, "perf_counter", self.read)

    def read(self) -> float:
        self.now += 0.1
        return self.now


def test_what_happens_between_two_epochs_does_not_slow_down_the_next_report(monkeypatch: pytest.MonkeyPatch):
    clock = Clock(monkeypatch)
    speeds = []
    for event in toy_run(toy_training(epochs=2), report_seconds=0.0):
        if isinstance(event, Progress):
            speeds.append(event.images_per_second)
        elif isinstance(event, StateCaptured | EpochFinished):
            clock.now += 1000  # a disk that is slow to take a checkpoint
    assert speeds == pytest.approx([16 / 0.1] * 6)


@pytest.mark.parametrize("report_seconds", [0.0, 0.15, 0.35, 1e9])
def test_reports_cover_every_batch_once(report_seconds: float, monkeypatch: pytest.MonkeyPatch):
    Clock(monkeypatch)
    settings = {"batch_size": 7, "epochs": 2, "validation": 9}
    by_hand = toy_training(**settings)
    steps = []
    for _ in range(2):
        steps.append([by_hand.step() for _ in range(by_hand.batches)])
        by_hand.finish_epoch()

    seen = 0
    for event in toy_run(toy_training(**settings), report_seconds=report_seconds):
        if isinstance(event, Progress):
            window = steps[event.epoch][seen : event.batch]
            seen = event.batch
        elif isinstance(event, EpochFinished):
            window, seen = steps[event.epoch - 1], 0
        else:
            continue
        images = sum(count for count, *_ in window)
        assert event.train_loss == pytest.approx(sum(loss for _, loss, *_ in window) / images)
        assert event.train_accuracy == pytest.approx(sum(correct for _, _, correct, _ in window) / images)
        assert event.learning_rate == window[-1][3]
        if isinstance(event, Progress):
            # One look at the clock a batch.
            assert event.images_per_second == pytest.approx(images / (0.1 * len(window)))
            assert event.seconds > 0


def test_how_often_it_reports(monkeypatch: pytest.MonkeyPatch):
    Clock(monkeypatch)
    stream = list(toy_run(toy_training(batch_size=5, epochs=2), report_seconds=0.25))
    # Twelve batches of a tenth of a second: a report every three of them, the last one being the epoch itself.
    assert [event.batch for event in stream if isinstance(event, Progress)] == [3, 6, 9, 3, 6, 9]


def test_seconds_leave_out_pauses(monkeypatch: pytest.MonkeyPatch):
    clock, controls = Clock(monkeypatch), Controls()
    stream = toy_run(toy_training(epochs=1), controls)
    until(stream, Progress)
    controls.pause()
    until(stream, RunPaused)
    clock.now += 5000
    controls.go_on()
    finished = until(stream, EpochFinished)
    assert finished.seconds < 2
    assert finished.images_per_second == pytest.approx(60 / 0.5)  # four batches, and what was before them


def test_an_epoch_counts_its_validation_but_not_its_speed(monkeypatch: pytest.MonkeyPatch):
    Clock(monkeypatch)
    stream = toy_run(toy_training(epochs=2, validation=20))
    for _ in range(2):
        finished = until(stream, EpochFinished)
        assert finished.seconds == pytest.approx(0.5)  # the start, three batches and the validation
        assert finished.images_per_second == pytest.approx(40 / 0.4)


def test_pause_acts_after_the_present_batch():
    controls = Controls()
    stream = toy_run(toy_training(), controls)
    report = until(stream, Progress)
    assert (report.epoch, report.batch) == (0, 1)
    controls.pause()
    state, paused = next(stream), next(stream)
    assert (state.state.epoch, state.state.batch) == (0, 1)
    assert paused == RunPaused(epoch=0, batch=1)
    controls.go_on()
    assert next(stream) == RunContinued(epoch=0, batch=1)
    assert until(stream, Progress).batch == 2


def test_a_pause_changes_no_number():
    straight = list(toy_run(toy_training(dropout=0.2, validation=9)))
    controls = Controls()
    stream, seen = toy_run(toy_training(dropout=0.2, validation=9), controls), []
    for event in stream:
        seen.append(event)
        if isinstance(event, Progress | EpochFinished):
            controls.pause()
        elif isinstance(event, RunPaused):
            controls.go_on()
    assert sum(isinstance(event, RunPaused) for event in seen) >= 6
    np.testing.assert_array_equal(last_state(seen).parameters, last_state(straight).parameters)
    assert seen[-1] == straight[-1]


def test_one_epoch_at_a_time():
    controls = Controls()
    controls.one_epoch()
    stream = toy_run(toy_training(epochs=3), controls)
    for done in (1, 2):
        assert until(stream, EpochFinished).epoch == done
        assert until(stream, RunPaused) == RunPaused(epoch=done, batch=0)
        controls.one_epoch()
        assert next(stream) == RunContinued(epoch=done, batch=0)
    assert [event.reason for event in stream if isinstance(event, RunFinished)] == ["completed"]


def test_one_epoch_from_the_middle_goes_to_the_end_of_this_epoch():
    controls = Controls()
    stream = toy_run(toy_training(), controls)
    until(stream, Progress)
    controls.pause()
    assert until(stream, RunPaused).batch == 1
    controls.one_epoch()
    assert until(stream, EpochFinished).epoch == 1
    assert until(stream, RunPaused) == RunPaused(epoch=1, batch=0)


@pytest.mark.parametrize("keep", [True, False])
def test_stop_acts_after_the_present_batch(keep: bool):
    controls, training = Controls(), toy_training()
    stream = toy_run(training, controls)
    until(stream, Progress)
    controls.stop(keep=keep)
    state, finished = stream
    assert (state.state.epoch, state.state.batch) == (0, 1)
    assert (finished.reason, finished.epoch) == ("stopped", 0)
    # What is thrown away is not measured.
    assert finished.test_accuracy == (evaluate(training.network, TEST).accuracy if keep else None)


def test_stop_before_the_start_and_in_a_pause():
    controls = Controls()
    controls.stop()
    assert [event.reason for event in toy_run(toy_training(), controls) if isinstance(event, RunFinished)] == [
        "stopped"
    ]

    controls = Controls()
    stream = toy_run(toy_training(), controls)
    controls.pause()
    until(stream, RunPaused)
    controls.stop()
    assert [type(event) for event in stream] == [RunFinished]  # what was captured before the pause is the newest


def test_stop_after_the_last_epoch_is_too_late():
    controls = Controls()
    stream = toy_run(toy_training(epochs=1), controls)
    until(stream, EpochFinished)
    controls.stop()
    assert until(stream, RunFinished).reason == "completed"


@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_another_learning_rate_acts_on_the_next_batch(schedule: str):
    controls, training = Controls(), toy_training(schedule=schedule, optimizer="sgd")
    stream = toy_run(training, controls)
    until(stream, Progress)
    controls.scale_learning_rate(0.5)
    captured, changed = next(stream), next(stream)
    straight = [event for event in toy_run(toy_training(schedule=schedule)) if isinstance(event, Progress)]
    in_force = straight[1].learning_rate  # that the second batch would have had
    assert changed == SettingChanged(
        setting="learning_rate", old=in_force, new=0.5 * in_force, epoch=0, batch=1, batches=4
    )
    assert next(stream).learning_rate == pytest.approx(0.5 * in_force)
    assert captured.state.batch == 1  # with the new rate: what the log tells of, a resumed run has
    assert captured.state.learning_rate == pytest.approx(0.5 * 0.05)
    # The schedule goes on from there, to the end.
    later = [event.learning_rate for event in stream if isinstance(event, Progress)]
    assert later == pytest.approx([0.5 * event.learning_rate for event in straight[2:]])


def test_a_learning_rate_is_set_while_paused():
    controls = Controls()
    stream = toy_run(toy_training(), controls)
    controls.pause()
    until(stream, RunPaused)
    for rate in (0.003, 0.004):
        controls.set_learning_rate(rate)
        # A crash must not lose it; before the first batch the schedule's factor is one.
        assert next(stream).state.learning_rate == pytest.approx(rate)
        assert next(stream).new == rate
    controls.go_on()
    assert [type(next(stream)) for _ in range(2)] == [RunContinued, Progress]


def test_asking_for_the_rate_in_force_changes_nothing():
    controls = Controls()
    controls.scale_learning_rate(2)
    controls.scale_learning_rate(0.5)
    assert not any(isinstance(event, SettingChanged) for event in toy_run(toy_training(), controls))


def test_from_another_thread():
    controls, arriving = Controls(), SimpleQueue()

    def drive() -> None:
        for event in toy_run(toy_training(epochs=10_000), controls):
            arriving.put(event)

    def arrival(kind: type) -> Any:
        while not isinstance(event := arriving.get(timeout=20), kind):
            pass
        return event

    thread = Thread(target=drive)
    thread.start()
    arrival(Progress)
    controls.pause()
    paused = arrival(RunPaused)
    for rate in (0.001, 0.002):
        controls.set_learning_rate(rate)
        assert isinstance(arriving.get(timeout=20), StateCaptured)  # the very next: it does nothing else meanwhile
        change = arriving.get(timeout=20)
        assert (change.new, change.epoch, change.batch) == (rate, paused.epoch, paused.batch)
    controls.go_on()
    arrival(RunContinued)
    arrival(Progress)
    controls.stop()
    assert arrival(RunFinished).reason == "stopped"
    thread.join(20)
    assert not thread.is_alive()


def test_a_stop_during_validation_is_heard_between_slices(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("netcore.models.evaluation.SLICE", 5)
    training, controls, measured = toy_training(validation=20), Controls(), []
    log_probabilities = Network.log_probabilities

    def stopped_after_two(network: Network, images: np.ndarray) -> np.ndarray:
        measured.append(len(images))
        if len(measured) == 2:
            controls.stop()
        return log_probabilities(network, images)

    monkeypatch.setattr(Network, "log_probabilities", stopped_after_two)
    stream = events(list(toy_run(training, controls)))
    assert measured[:2] == [5, 5]
    assert len(measured) == 2 + math.ceil(len(TEST) / 5)  # what has been learned is measured on the test images
    assert not any(isinstance(event, EpochFinished) for event in stream)
    assert (stream[-1].reason, stream[-1].epoch) == ("stopped", 0)
    assert training.batch == training.batches


@pytest.mark.parametrize("end", ["stop", "detach"])
@pytest.mark.parametrize("epoch", [1, 2])
def test_a_learning_rate_asked_for_with_the_end_while_an_epoch_is_measured_is_not_lost(
    epoch: int, end: str, monkeypatch: pytest.MonkeyPatch
):
    training, controls, measured = toy_training(validation=20, epochs=2), Controls(), 0
    log_probabilities = Network.log_probabilities

    def asked(network: Network, images: np.ndarray) -> np.ndarray:
        nonlocal measured
        measured += 1
        if measured == epoch:
            controls.scale_learning_rate(2)
            getattr(controls, end)()
        return log_probabilities(network, images)

    monkeypatch.setattr(Network, "log_probabilities", asked)
    monkeypatch.setattr("netcore.models.evaluation.SLICE", 10)
    stream = list(toy_run(training, controls))
    (change,) = [event for event in events(stream) if isinstance(event, SettingChanged)]
    assert change.new == pytest.approx(2 * change.old)
    assert last_state(stream).learning_rate == pytest.approx(2 * training.config.learning_rate)


@pytest.mark.parametrize("ask", ["go_on", "one_epoch", "pause"])
def test_left_after_the_present_batch_for_another_to_go_on(ask: str):
    controls, training = Controls(), toy_training()
    stream = toy_run(training, controls)
    until(stream, EpochFinished)
    until(stream, Progress)
    getattr(controls, ask)()
    if ask == "pause":
        until(stream, RunPaused)
    controls.detach()
    *_, captured, left = stream
    assert left == RunDetached(epoch=1, batch=1, mode=ask)
    assert (captured.state.epoch, captured.state.batch) == (1, 1)
    another, straight = toy_training(), toy_training()
    another.restore(captured.state)
    list(toy_run(another))
    list(toy_run(straight))
    np.testing.assert_array_equal(another.network.parameters, straight.network.parameters)


def test_a_stop_comes_before_leaving():
    for detach, stop in ((Controls.detach, Controls.stop), (Controls.stop, Controls.detach)):
        controls = Controls()
        stream = toy_run(toy_training(), controls)
        until(stream, Progress)
        detach(controls)
        stop(controls)
        *_, end = stream
        assert (end.reason, end.epoch) == ("stopped", 0)


def test_what_is_complete_is_not_left_to_another():
    controls = Controls()
    stream = toy_run(toy_training(epochs=1), controls)
    until(stream, EpochFinished)
    controls.detach()
    *_, end = stream
    assert end.reason == "completed"


def test_every_epoch_is_told_with_the_rate_of_its_last_batch():
    stream = list(toy_run(toy_training(schedule="cosine", batch_size=60)))
    rates = [event.learning_rate for event in stream if isinstance(event, EpochFinished)]
    assert rates == pytest.approx([0.05, 0.05 * 0.75, 0.05 * 0.25])
    assert all(first > second for first, second in pairwise(rates))


def test_who_looks_on_waits_for_a_slice_of_a_large_batch_at_the_most(monkeypatch: pytest.MonkeyPatch):
    class Counted(Turns):
        passes = 0

        def __enter__(self) -> None:
            self.passes += 1
            super().__enter__()

    turns = Counted()
    monkeypatch.setattr(netcore.training.team, "products", turns)
    monkeypatch.setattr(netcore.training.common, "SLICE", 16)
    toy_training(batch_size="all").step()
    assert turns.passes == 4  # slices of 60 images

"""The fold from events to what a screen shows, on curves made by hand."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from netcore.runs.history import History, Mark
from netcore.runs.verdict import verdict
from netcore.training.config import TrainingConfig
from netcore.training.events import (
    CheckpointFailed,
    CheckpointSaved,
    EpochFinished,
    Event,
    Progress,
    RunContinued,
    RunDetached,
    RunFinished,
    RunPaused,
    RunStarted,
    SettingChanged,
)
from netcore.training.records import Record


def started(**changes) -> RunStarted:
    usual = {
        "config": TrainingConfig(epochs=10, learning_rate=0.05).to_json(),
        "classes": ("a", "b"),
        "parameters": 7,
        "train_images": 900,
        "validation_images": 300,
        "batches": 10,
    }
    return RunStarted(**(usual | changes))


def progress(epoch: int, batch: int, **changes) -> Progress:
    usual = {
        "train_loss": 1.0,
        "train_accuracy": 0.5,
        "learning_rate": 0.04,
        "seconds": 3.0,
        "images_per_second": 500.0,
    }
    return Progress(epoch=epoch, epochs=10, batch=batch, batches=10, **(usual | changes))


def epoch(number: int, loss: float = 1.0, validation: float | None = None, accuracy: float | None = None, **changes):
    usual = {"train_accuracy": 0.5, "learning_rate": 0.03, "seconds": 2.0, "images_per_second": 450.0}
    return EpochFinished(
        epoch=number,
        epochs=10,
        train_loss=loss,
        validation_loss=validation,
        validation_accuracy=accuracy,
        **(usual | changes),
    )


def history(*events: Event) -> History:
    folded = History()
    for at, event in enumerate(events):
        folded.add(Record("run", float(at), event))
    return folded


def curves(losses: Iterable[float], validation: Iterable[float] | None = None) -> History:
    rows = list(losses)
    others = list(validation) if validation is not None else [None] * len(rows)
    return history(started(), *(epoch(i + 1, *row) for i, row in enumerate(zip(rows, others, strict=True))))


def test_before_anything_has_happened():
    empty = History()
    assert (empty.state, empty.started, empty.finished, empty.progress) == ("waiting", None, None, None)
    assert (empty.wanted_epochs, empty.position, empty.seconds, empty.verdict) == (0, 0.0, 0, "")
    assert (empty.learning_rate, empty.images_per_second, empty.best_epoch) == (None, None, None)


def test_states():
    run = [started()]
    assert history(*run).state == "running"
    run += [RunPaused(epoch=0, batch=1)]
    assert history(*run).state == "paused"
    run += [CheckpointSaved(epoch=0, batch=1), CheckpointFailed(epoch=0, batch=1, message="full")]
    assert history(*run).state == "paused"
    run += [RunContinued(epoch=0, batch=1)]
    assert history(*run).state == "running"
    for reason in ("completed", "stopped", "diverged", "failed"):
        assert history(*run, RunFinished(reason=reason, epoch=0)).state == reason


def test_changing_hands_is_no_state_of_its_own():
    run = [started(), epoch(1), progress(1, 4)]
    assert history(*run, RunDetached(epoch=1, batch=4)).state == "running"
    paused = history(*run, RunPaused(epoch=1, batch=4), RunDetached(epoch=1, batch=4, mode="pause"))
    assert paused.state == "paused"


def test_gone_on_with_in_the_middle_of_an_epoch_it_is_there():
    folded = history(started(), epoch(1), progress(1, 4), started(epoch=1, batch=4))
    assert (folded.position, folded.progress) == (1.4, None)
    folded.add(Record("run", 9.0, epoch(2)))
    assert folded.position == 2


def test_gone_on_with_it_has_what_happened_at_its_checkpoint():
    change = SettingChanged(setting="learning_rate", old=0.04, new=0.02, epoch=1, batch=4, batches=10)
    folded = history(started(), epoch(1), progress(1, 4), change, started(epoch=1, batch=4))
    assert [step[0] for step in folded.steps] == [1.4]
    assert [mark.epoch for mark in folded.marks] == [1.4]
    assert folded.learning_rate == 0.02


def test_columns():
    folded = history(started(), epoch(1, 0.9, 0.8, 0.7), epoch(2, 0.5, 0.6, 0.75, train_accuracy=2 / 3))
    assert folded.train_loss == [0.9, 0.5]
    assert folded.train_accuracy == [0.5, 2 / 3]
    assert folded.validation_loss == [0.8, 0.6]
    assert folded.validation_accuracy == [0.7, 0.75]
    assert folded.columns() == {
        "train_loss": [0.9, 0.5],
        "train_accuracy": [0.5, 0.666667],
        "validation_loss": [0.8, 0.6],
        "validation_accuracy": [0.7, 0.75],
        "learning_rate": [0.03, 0.03],
        "seconds": [2.0, 2.0],
    }
    assert curves([0.9]).columns()["validation_loss"] == [None]


def test_position_and_newest_numbers():
    run = [started()]
    assert history(*run).position == 0
    assert history(*run).learning_rate == 0.05
    run += [progress(0, 3)]
    folded = history(*run)
    assert (folded.position, folded.learning_rate, folded.images_per_second) == (0.3, 0.04, 500)
    run += [epoch(1)]
    folded = history(*run)
    assert (folded.position, folded.learning_rate, folded.images_per_second) == (1, 0.03, 450)
    assert folded.progress is None
    run += [progress(1, 5)]
    assert history(*run).position == 1.5
    run += [SettingChanged(setting="learning_rate", old=0.04, new=0.02, epoch=1, batch=5, batches=10)]
    folded = history(*run)
    assert folded.learning_rate == 0.02
    assert folded.marks == [Mark(1.5, "rate 0.04 → 0.02")]
    assert folded.steps == [(0.3, 1.0, 0.5), (1.5, 1.0, 0.5)]


def test_the_present_epoch_is_the_one_under_way_or_the_one_that_has_just_ended():
    run = [started()]
    assert (History().present_epoch, history(*run).present_epoch) == (0, 1)
    for number in range(1, 11):
        run.append(progress(number - 1, 3))
        assert history(*run).present_epoch == number
        run.append(epoch(number))
        assert history(*run).present_epoch == number


def test_a_lost_line_does_not_move_the_epochs():
    folded = history(started(), epoch(1), epoch(3))
    assert folded.position == 3
    assert folded.seconds_left == pytest.approx(7 * 2)


def test_seconds_left_from_the_first_report_on():
    assert history(started()).seconds_left is None
    # 10 epochs of 900 images, and of 300 that cost a third, at 500 a second; a tenth of the first epoch is done.
    assert history(started(), progress(0, 1)).seconds_left == pytest.approx(9.9 * (900 + 100) / 500)


def test_seconds_left_at_the_pace_of_the_newest_epochs():
    folded = history(started(), epoch(1, seconds=100.0), *(epoch(i, seconds=2.0) for i in range(2, 7)))
    assert folded.seconds_left == pytest.approx(4 * 2)
    folded.add(Record("run", 9, progress(6, 5)))
    assert folded.seconds_left == pytest.approx(3.5 * 2)


def test_nothing_is_left_of_a_run_that_has_ended():
    assert history(started(), progress(0, 1), RunFinished(reason="stopped", epoch=0)).seconds_left == 0
    assert history(started(), *(epoch(i + 1) for i in range(10))).seconds_left == 0


def test_seconds_spent():
    assert history(started(), epoch(1), epoch(2, seconds=1.5)).seconds == 3.5
    assert history(started(), epoch(1), progress(1, 1, seconds=2.25)).seconds == 2.25


def test_the_best_epoch_is_the_first_of_the_most_accurate():
    rows = [(1, 0.5, 0.5, 0.8), (2, 0.4, 0.4, 0.9), (3, 0.3, 0.6, 0.9), (4, 0.2, 0.7, 0.85)]
    assert history(started(), *(epoch(*row) for row in rows)).best_epoch.epoch == 2
    without = [epoch(1, train_accuracy=0.4), epoch(2, train_accuracy=0.6), epoch(3, train_accuracy=0.5)]
    assert history(started(), *without).best_epoch.epoch == 2


def test_resumed_from_a_checkpoint_what_came_after_it_is_done_again():
    run = [
        started(),
        progress(0, 5),
        epoch(1),
        progress(1, 2),
        SettingChanged(setting="learning_rate", old=0.1, new=0.2, epoch=1, batch=2, batches=10),
        epoch(2),
        progress(2, 5),
        SettingChanged(setting="learning_rate", old=0.2, new=0.4, epoch=2, batch=5, batches=10),
        epoch(3, 0.9),
        RunFinished(reason="failed", epoch=3),
    ]
    folded = history(*run, started(epoch=2, batch=3))
    assert [row.epoch for row in folded.epochs] == [1, 2]
    assert [step[0] for step in folded.steps] == [0.5, 1.2]
    assert [mark.epoch for mark in folded.marks] == [1.2]
    assert (folded.state, folded.finished, folded.progress) == ("running", None, None)
    folded.add(Record("run", 99, epoch(3, 0.1)))
    assert folded.train_loss == [1.0, 1.0, 0.1]


# Verdicts


def test_no_verdict_before_the_third_epoch():
    assert curves([2.0, 1.0]).verdict == ""


def test_learning():
    assert curves([2.0, 1.0, 0.5]).verdict == "learning"
    assert curves([2, 1, 0.5, 0.4, 0.3, 0.25, 0.2], [2, 1, 0.6, 0.5, 0.45, 0.44, 0.43]).verdict == "learning"


def test_overfitting_says_since_when():
    train = [1.0, 0.6, 0.4, 0.3, 0.2, 0.1, 0.05]
    said = curves(train, [1.0, 0.7, 0.5, 0.55, 0.6, 0.7, 0.8]).verdict
    assert said.startswith("overfitting since epoch 3")
    little = curves(train, [1.0, 0.7, 0.5, 0.51, 0.52, 0.525, 0.53]).verdict
    assert little.startswith("overfitting since epoch 3")
    # Without images held out nobody can know.
    assert "overfitting" not in curves(train).verdict


def test_a_validation_loss_that_only_wavers_is_no_overfitting():
    assert curves([1, 0.6, 0.4, 0.3, 0.2, 0.1], [1, 0.7, 0.5, 0.505, 0.51, 0.515]).verdict == "learning"
    assert curves([1, 0.6, 0.4, 0.3, 0.2], [1, 0.7, 0.5, 0.6, 0.7]).verdict == "learning"  # too soon to say
    assert curves([1, 0.6, 0.4, 0.3, 0.2, 0.1], [1, 0.7, 0.5, 0.6, 0.7, 0.8]).verdict == "learning"  # still too soon


def test_a_rising_training_loss():
    assert curves([1.0, 0.4, 0.5, 0.9]).verdict.startswith("the training loss is rising")
    assert curves([1.0, 0.1, 0.1, 0.16]).verdict.startswith("the training loss is rising")
    # What rises from nearly nothing to nearly nothing is noise.
    assert "rising" not in curves([1.0, 0.001, 0.002, 0.003]).verdict


def test_plateau():
    still = curves([1.0, 0.5, 0.3, 0.2999, 0.2998, 0.2997])
    assert still.verdict.startswith("plateau")
    assert verdict(still.epochs, finished=True) == ""
    assert curves([1.0, 0.5, 0.3, 0.2999, 0.2998]).verdict == "learning"  # five epochs are too few
    assert curves([1.0, 0.5, 0.3, 0.298, 0.296, 0.294]).verdict == "learning"
    assert curves([1.0, 0.5, 0.3, 0.2994, 0.2988, 0.2982]).verdict == "learning"  # 0.6 % in three epochs


@pytest.mark.parametrize("slow", [0.04, 0.001])
def test_a_loss_that_stands_still_because_the_schedule_is_ending_is_no_plateau(slow: float):
    ending = ((1.0, 0.1), (0.5, 0.1), (0.3, 0.1), (0.2999, slow), (0.2998, slow), (0.2997, slow))
    slowed = [epoch(number, loss, learning_rate=rate) for number, (loss, rate) in enumerate(ending, start=1)]
    assert verdict(slowed, finished=False) == "learning"
    assert verdict(slowed, finished=True) == ""


def test_validation_that_rises_together_with_the_training_loss_is_no_overfitting():
    assert curves([1, 0.6, 0.4, 0.42, 0.45, 0.46, 0.47], [1, 0.7, 0.5, 0.55, 0.6, 0.7, 0.8]).verdict == "learning"


def test_a_checkpoint_that_failed_is_a_warning_until_one_is_saved():
    failed = CheckpointFailed(epoch=1, batch=0, message="the disk is full")
    assert history(started(), failed).warning == "the disk is full"
    assert history(started(), failed, CheckpointSaved(epoch=2, batch=0)).warning == ""


def test_diverged_says_where():
    folded = history(started(), RunFinished(reason="diverged", epoch=0, message="after epoch 0, batch 3"))
    assert folded.verdict == "diverged: after epoch 0, batch 3"

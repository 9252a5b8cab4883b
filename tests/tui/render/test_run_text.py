"""What is said of a run, and its curves, from events with numbers that were worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netcore.errors import SettingError
from netcore.runs.history import History
from netcore.training.config import TrainingConfig
from netcore.training.events import (
    CheckpointFailed,
    EpochFinished,
    Event,
    Progress,
    RunFinished,
    RunStarted,
    SettingChanged,
)
from netcore.training.records import Record
from tui.render.curves import Series
from tui.render.run_text import Phase, batch_text, epoch_text, headline, reading
from tui.render.settings_text import settings_rows
from tui.render.training_curves import accuracy_curves, loss_curves

CONFIG = TrainingConfig(epochs=4, learning_rate=0.05)


def history(*events: Event, validation: int = 5000) -> History:
    result = History()
    begin = RunStarted(
        config=CONFIG.to_json(),
        classes=("a", "b"),
        parameters=10,
        train_images=40_000,
        validation_images=validation,
        batches=400,
    )
    for event in (begin, *events):
        result.add(Record("run", 0.0, event))
    return result


def progress(epoch: int, batch: int, loss: float = 0.5) -> Progress:
    return Progress(
        epoch=epoch,
        epochs=4,
        batch=batch,
        batches=400,
        train_loss=loss,
        train_accuracy=0.8,
        learning_rate=0.05,
        seconds=1.0,
        images_per_second=182_000.0,
    )


def finished(epoch: int, accuracy: float | None = 0.95) -> EpochFinished:
    return EpochFinished(
        epoch=epoch,
        epochs=4,
        train_loss=1 / epoch,
        train_accuracy=0.9,
        validation_loss=None if accuracy is None else 0.2,
        validation_accuracy=accuracy,
        learning_rate=0.05,
        seconds=2.0,
        images_per_second=20_000.0,
    )


def test_the_curve_grows_within_an_epoch_until_its_mean_is_known():
    run = history(progress(0, 100, 2.0), progress(0, 200, 1.5))
    assert loss_curves(run) == [Series("train", [0.25, 0.5], [2.0, 1.5]), Series("validation", [], [])]
    run = history(progress(0, 100, 2.0), progress(0, 200, 1.5), finished(1), progress(1, 100, 0.7))
    assert loss_curves(run) == [Series("train", [1.0, 1.25], [1.0, 0.7]), Series("validation", [1.0], [0.2])]
    assert accuracy_curves(run)[0] == Series("train", [1.0, 1.25], [0.9, 0.8])


def test_without_held_out_images_there_is_one_curve():
    run = history(finished(1, None), validation=0)
    assert [series.name for series in loss_curves(run)] == ["train"]


def test_a_report_cut_short_by_a_pause_is_no_point_of_the_curve():
    run = history(progress(0, 100), progress(0, 104, 9.0), progress(0, 200), progress(0, 300))
    assert loss_curves(run)[0].epochs == [0.25, 0.5, 0.75]


def test_a_changed_setting_is_marked_where_it_was_changed():
    change = SettingChanged(setting="learning_rate", old=0.05, new=0.1, epoch=1, batch=100, batches=400)
    run = history(finished(1), change)
    assert [(mark.epoch, mark.text) for mark in run.marks] == [(1.25, "rate 0.05 → 0.1")]
    assert "learning rate 0.1" in batch_text(run)


def test_the_bars_are_explained():
    assert epoch_text(history()) == "1 / 4   –"
    # 3.75 epochs of 40,000 images to train on and 5,000 to measure, at a third of the work, at 182,000 a second.
    assert epoch_text(history(progress(0, 100))) == "1 / 4   0.9 s left"
    run = history(finished(1), finished(2, 0.97), finished(3, 0.96), progress(3, 100))
    assert epoch_text(run) == "4 / 4   best 2 (97.00 %)   1.5 s left"
    assert batch_text(run) == "100 / 400   182 k images/s   learning rate 0.05"
    run = history(*(finished(epoch) for epoch in (1, 2, 3, 4)), RunFinished(reason="completed", epoch=4))
    assert epoch_text(run) == "4 / 4   best 1 (95.00 %)   took 8.0 s"
    assert batch_text(run).startswith("400 / 400 ")
    # Of a run that nobody trains any more, the log may not say that it has ended.
    assert epoch_text(history(finished(1)), under_way=False) == "1 / 4   best 1 (95.00 %)   took 2.0 s"
    run = history(finished(1), progress(1, 100), RunFinished(reason="stopped", epoch=1))
    assert epoch_text(run).startswith("1 / 4   best 1 (95.00 %)   took ")


def test_the_numbers_are_those_of_the_newest_epoch_or_of_the_chosen_one():
    assert reading(history()).texts == ()
    assert reading(history(progress(0, 100))).head == "epoch 1 so far"
    run = history(finished(1), finished(2))
    assert (reading(run).head, reading(run).chosen) == ("← epoch 2 →", False)
    assert reading(run, 1).chosen
    assert reading(run, 1).texts == ("train loss 1.0000 · 90.00 %", "validation loss 0.2000 · 95.00 %")


@pytest.mark.parametrize(
    ("phase", "word", "part"),
    [
        ("loading", "LOADING", "reading"),
        ("running", "RUNNING", "too early"),
        ("paused", "PAUSED", "space goes on"),
        ("stopping", "STOPPING", "measuring"),
        ("completed", "COMPLETED", "98.27 % on the test images · saved as mine · enter tests it"),
        ("stopped", "STOPPED", "saved as mine"),
        ("failed", "FAILED", "layers: no such layer · n changes"),
    ],
)
def test_each_phase_has_its_word(phase: Phase, word: str, part: str):
    run = history(RunFinished(reason="completed", epoch=4, test_accuracy=0.9827, model="mine"))
    said = headline(phase, run, SettingError("layers", "no such layer"))
    assert said[0] == word
    assert part in said[1]


@pytest.mark.parametrize("phase", ["running", "paused"])
def test_what_went_wrong_beside_the_training_is_said_as_long_as_it_lasts(phase: Phase):
    run = history(CheckpointFailed(epoch=0, batch=0, message="the disk is full"))
    run.started = replace(run.started, note="going on from epoch 2")
    assert headline(phase, run)[1].endswith("going on from epoch 2 · the disk is full")


def test_a_run_that_has_ended_well_says_what_its_curves_look_like():
    losses = zip((1, 0.6, 0.4, 0.3, 0.2, 0.1), (1, 0.5, 0.6, 0.7, 0.8, 0.9), strict=True)
    epochs = [replace(finished(n), train_loss=train, validation_loss=held) for n, (train, held) in enumerate(losses, 1)]
    run = history(*epochs, RunFinished(reason="completed", epoch=6, test_accuracy=0.9, model="mine"))
    assert "overfitting since epoch 2" in headline("completed", run)[1]


def test_a_fault_of_the_program_is_named_by_its_kind():
    assert headline("failed", history(), ValueError("seven"))[1].startswith("ValueError: seven")


def test_the_card_tells_what_is_set_and_leaves_out_what_is_off():
    rows = dict(settings_rows(CONFIG, "net"))
    assert rows["parameters"] == "109,386"
    assert rows["epochs"] == "4, each 430 batches of 128 images"
    assert rows["optimizer"] == "momentum, learning rate 0.05, cosine schedule"
    assert "regularised" not in rows
    other = TrainingConfig(
        batch_size="all",
        schedule="constant",
        dropout=0.2,
        weight_decay=1e-4,
        validation=0,
        name="mine",
        start_from="mnist",
    )
    rows = dict(settings_rows(other, "mine"))
    assert rows["dataset"] == "mnist: 60,000 images, 10,000 to test"
    assert rows["epochs"] == "10, each 1 batch of all images"
    assert rows["optimizer"].endswith("learning rate 0.1")
    assert rows["regularised"] == "weight decay 0.0001, dropout 0.2"
    assert (rows["saved as"], rows["start from"]) == ("mine", "mnist")
    gentle = TrainingConfig(epochs=20, warmup=0.5, augment="warp", input_dropout=0.1, average=0.99)
    rows = dict(settings_rows(gentle, "net"))
    assert rows["epochs"] == "20, each 430 batches of 128 images; the first 0.5 warm up"
    assert rows["regularised"] == "input dropout 0.1, augmentation warp, average 0.99"

"""Following a log that grows, against reading the whole of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from netcore.errors import RunError
from netcore.runs.follower import Follower
from netcore.runs.log import LogReader
from netcore.runs.run import Run
from netcore.training.config import TrainingConfig
from netcore.training.events import EpochFinished, Event, Progress, RunFinished, RunPaused, RunStarted

CONFIG = TrainingConfig(name="followed", epochs=5)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("MNIST_TUI_HOME", str(tmp_path))
    return Run.create(CONFIG)


def started(epoch: int = 0) -> RunStarted:
    return RunStarted(
        config=CONFIG.to_json(), classes=("a", "b"), parameters=3, train_images=90, validation_images=10, batches=4,
        epoch=epoch,
    )  # fmt: skip


def report(epoch: int, batch: int) -> Progress:
    return Progress(
        epoch=epoch, epochs=5, batch=batch, batches=4, train_loss=1 / (epoch + batch), train_accuracy=0.5,
        learning_rate=0.1, seconds=1.0, images_per_second=100.0,
    )  # fmt: skip


def finished(epoch: int) -> EpochFinished:
    return EpochFinished(
        epoch=epoch, epochs=5, train_loss=1 / epoch, train_accuracy=1 - 0.5 / epoch, validation_loss=1.1 / epoch,
        validation_accuracy=1 - 0.6 / epoch, learning_rate=0.1, seconds=1.0, images_per_second=90.0,
    )  # fmt: skip


EVENTS: list[Event] = [
    started(),
    *(event for epoch in range(3) for event in (report(epoch, 1), report(epoch, 3), finished(epoch + 1))),
    report(3, 2),
    RunPaused(epoch=3, batch=2),
    started(epoch=2),  # resumed from an earlier checkpoint: the third epoch is done again
    report(2, 1),
    finished(3),
    report(3, 1),
]


def write(run: Run, *events: Event) -> None:
    with run.held():
        for event in events:
            run.append(event)


def same(follower: Follower, run: Run) -> bool:
    """Whether following has brought what reading the whole log brings, as far as anybody looks at it."""
    mine, whole = follower.history, run.history()
    done = len(whole.epochs)
    return (
        (mine.epochs, mine.state, mine.progress, mine.learning_rate, mine.marks, mine.finished)
        == (whole.epochs, whole.state, whole.progress, whole.learning_rate, whole.marks, whole.finished)
    ) and [step for step in mine.steps if step[0] > done] == [step for step in whole.steps if step[0] > done]


def test_at_once_is_as_one_by_one(run: Run):
    step_by_step, at_once = Follower(run), Follower(run)
    for event in EVENTS:
        write(run, event)
        assert step_by_step.catch_up()
        assert same(step_by_step, run)
    assert at_once.catch_up()
    assert same(at_once, run)
    assert [epoch.epoch for epoch in at_once.history.epochs] == [1, 2, 3]


def test_nothing_new_is_nothing(run: Run):
    follower = Follower(run)
    assert not follower.catch_up()  # no log yet
    write(run, *EVENTS)
    assert follower.catch_up()
    assert not follower.catch_up()


def test_what_was_read_is_not_read_again(run: Run):
    follower = Follower(run)
    write(run, *EVENTS[:4])
    follower.catch_up()
    log = run.path / "events.jsonl"
    log.write_bytes(b"x" * (log.stat().st_size - 1) + b"\n")
    write(run, *EVENTS[4:7])
    assert follower.catch_up()
    assert [epoch.epoch for epoch in follower.history.epochs] == [1, 2]


def test_reports_of_epochs_that_have_ended_are_passed_over(run: Run):
    write(run, *EVENTS)
    events = [record.event for record in LogReader(run.path / "events.jsonl").new_records()]
    assert [event for event in events if isinstance(event, Progress)] == [report(3, 1)]


def test_half_a_line_waits_for_its_other_half(run: Run):
    follower = Follower(run)
    write(run, started(), finished(1))
    log = run.path / "events.jsonl"
    whole = log.read_bytes()
    log.write_bytes(whole[:-30])
    assert follower.catch_up()
    assert not follower.history.epochs
    assert not follower.catch_up()
    log.write_bytes(whole)
    assert follower.catch_up()
    assert [epoch.epoch for epoch in follower.history.epochs] == [1]


def test_a_line_that_cannot_be_read_is_left_out(run: Run):
    write(run, started(), finished(1))
    with (run.path / "events.jsonl").open("ab") as log:
        log.write(b'{"event": "epoch_fin\n')
    write(run, finished(2))
    follower = Follower(run)
    follower.catch_up()
    assert [epoch.epoch for epoch in follower.history.epochs] == [1, 2]


def test_the_state_is_the_logs_as_long_as_the_lock_is_held(run: Run):
    follower = Follower(run)
    with run.held():
        run.append(started())
        follower.catch_up()
        assert follower.state == "running"
    assert follower.state == "broken"
    write(run, RunFinished(reason="stopped", epoch=0))
    assert follower.state == "stopped"  # it looks once more before it says broken


def test_a_log_that_cannot_be_read_is_named(run: Run):
    (run.path / "events.jsonl").mkdir()
    with pytest.raises(RunError, match=r"events\.jsonl"):
        Follower(run).catch_up()

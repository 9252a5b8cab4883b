"""The log of a run: whole while it grows, and whatever a crash left of it. See also the tests of `Follower`."""

from __future__ import annotations

import json

import pytest

from netcore.runs.run import Run
from netcore.training.config import TrainingConfig
from netcore.training.events import RunPaused

pytestmark = pytest.mark.usefixtures("home")


def events_of(run: Run) -> list[object]:
    return [record.event for record in run.records()]


def test_the_log_keeps_what_was_appended():
    run = Run.create(TrainingConfig())
    with run.held():
        kept = [run.append(RunPaused(epoch=1, batch=batch)) for batch in range(3)]
        assert run.records() == kept  # readable while it grows
    assert Run.open(run.id).records() == kept
    assert all(record.run == run.id for record in kept)
    lines = (run.path / "events.jsonl").read_text().splitlines()
    assert [json.loads(line)["batch"] for line in lines] == [0, 1, 2]


def test_an_error_of_another_file_is_not_the_log_s():
    run = Run.create(TrainingConfig())
    with pytest.raises(OSError, match="of another file"), run.log.open():
        raise OSError("of another file")


def test_appending_needs_the_run_to_be_held():
    with pytest.raises(RuntimeError, match="held"):
        Run.create(TrainingConfig()).append(RunPaused(epoch=0, batch=0))


def test_lines_that_cannot_be_read_are_left_out():
    run = Run.create(TrainingConfig())
    with run.held():
        run.append(RunPaused(epoch=1, batch=0))
    with (run.path / "events.jsonl").open("ab") as log:
        log.write(b"garbage \xff\x00\n\n[1, 2]\n")
        log.write(b'{"event": "run_pau')
    assert events_of(run) == [RunPaused(epoch=1, batch=0)]
    assert run.history().state == "paused"


def test_after_half_a_line_the_next_event_is_whole():
    run = Run.create(TrainingConfig())
    with run.held():
        run.append(RunPaused(epoch=1, batch=0))
    with (run.path / "events.jsonl").open("ab") as log:
        log.write(b'{"event": "run_pau')
    with run.held():
        run.append(RunPaused(epoch=2, batch=0))
    assert events_of(run) == [RunPaused(epoch=1, batch=0), RunPaused(epoch=2, batch=0)]

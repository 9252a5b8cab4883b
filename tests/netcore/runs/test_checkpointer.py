"""Checkpoints written beside the training."""

from __future__ import annotations

from pathlib import Path
from threading import Event as Flag

import pytest

from netcore.runs import checkpointer
from netcore.runs.checkpointer import Checkpointer
from netcore.training.checkpoint import TrainingState, load_checkpoint, save_checkpoint
from netcore.training.events import CheckpointFailed, CheckpointSaved
from tests.netcore.toy import toy_training


def states(count: int) -> list[TrainingState]:
    training, captured = toy_training(), []
    for _ in range(count):
        training.step()
        captured.append(training.capture())
    return captured


def test_nobody_waits_for_a_slow_disk_and_the_newest_state_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    begun, go_on = Flag(), Flag()

    def slowly(path: Path, state: TrainingState) -> None:
        begun.set()
        assert go_on.wait(10)
        save_checkpoint(path, state)

    monkeypatch.setattr(checkpointer, "save_checkpoint", slowly)
    path, captured = tmp_path / "checkpoint.npz", states(4)
    with Checkpointer(path) as checkpoints:
        checkpoints.save(captured[0])
        assert list(checkpoints.news()) == []
        assert begun.wait(10)
        for state in captured[1:]:  # while the first is being written
            checkpoints.save(state)
            assert list(checkpoints.news()) == []
        go_on.set()
        news = list(checkpoints.news(wait=True))
        assert news == [CheckpointSaved(epoch=0, batch=1), CheckpointSaved(epoch=0, batch=4)]
        assert load_checkpoint(path).batch == 4
        assert list(checkpoints.news(wait=True)) == []


def test_leaving_waits_for_what_is_being_written(tmp_path: Path):
    path = tmp_path / "checkpoint.npz"
    with Checkpointer(path) as checkpoints:
        checkpoints.save(states(1)[0])
        list(checkpoints.news())
    assert load_checkpoint(path).batch == 1


def test_what_cannot_be_written_is_told_and_the_next_is_tried(tmp_path: Path):
    path, captured = tmp_path / "checkpoint.npz", states(2)
    path.mkdir()  # a folder cannot be replaced by a file
    with Checkpointer(path) as checkpoints:
        checkpoints.save(captured[0])
        (failed,) = checkpoints.news(wait=True)
        assert isinstance(failed, CheckpointFailed)
        assert (failed.batch, str(path) in failed.message) == (1, True)
        path.rmdir()
        checkpoints.save(captured[1])
        assert list(checkpoints.news(wait=True)) == [CheckpointSaved(epoch=0, batch=2)]

"""A run's folder: made, found, whatever lies about there, removed; its state."""

from __future__ import annotations

import errno
import os
import shutil
import time
from pathlib import Path

import pytest

from netcore.errors import RunError, RunNotFound, StorageError
from netcore.runs.history import History
from netcore.runs.run import Run, list_runs
from netcore.training.config import TrainingConfig
from netcore.training.events import CheckpointSaved, RunFinished, RunPaused

pytestmark = pytest.mark.usefixtures("home")


def test_make_and_open(home: Path):
    config = TrainingConfig(epochs=3, seed=5, name="my-net")
    run = Run.create(config)
    assert run.path.parent == home / "runs"
    assert run.id.endswith("-my-net")
    for again in (Run.open(run.id), Run.open("my-net"), Run.open(), Run.open(run.path)):
        assert (again.id, again.path, again.config) == (run.id, run.path, config)
    assert run.records() == []
    assert not run.alive
    assert run.state(run.history()) == "broken"


def test_two_of_the_same_second_have_folders_of_their_own():
    runs = [Run.create(TrainingConfig()) for _ in range(3)]
    assert len({run.path for run in runs}) == 3
    assert len(list_runs()) == 3


def test_the_newest_first(home: Path):
    for name in ("20250101-000000-mnist", "20260101-000000-mnist", "20251231-235959-mnist"):
        Run.create(TrainingConfig()).path.rename(home / "runs" / name)
    assert [run.id[:8] for run in list_runs()] == ["20260101", "20251231", "20250101"]
    assert Run.open().id == "20260101-000000-mnist"


def test_a_name_stands_for_its_newest_run(home: Path):
    for name in ("20250101-000000-a", "20260101-000000-a"):
        Run.create(TrainingConfig(name="a")).path.rename(home / "runs" / name)
    assert Run.open("a").id == "20260101-000000-a"
    assert Run.open("20250101-000000-a").id == "20250101-000000-a"


def test_a_run_is_found_by_the_name_of_its_own_model_alone():
    for name in ("a-1", "b-1"):
        run = Run.create(TrainingConfig())
        with run.held():
            run.append(RunFinished(reason="completed", epoch=1, model=name))
    assert Run.open("a-1").history().finished.model == "a-1"
    for name in ("c-1", "mnist"):
        with pytest.raises(RunNotFound):
            Run.open(name)


def test_a_dataset_of_any_name_has_runs_that_are_found():
    run = Run.create(TrainingConfig(dataset="Ziffern für alle"))
    assert Run.open().path == run.path


def test_no_run_of_that_name_names_some():
    for name in ("", "x"):
        with pytest.raises(RunNotFound, match="there are no runs yet"):
            Run.open(name)
    run = Run.create(TrainingConfig())
    with pytest.raises(RunNotFound, match=f"'x'.*{run.id}"):
        Run.open("x")


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"{",
        b"[]",
        b"{}",
        b"\xff",
        b'{"config": null}',
        b'{"config": 5}',
        b'{"config": {"epochs": 0}}',
        b'{"config": {"layers": null}}',
        b'{"config": {"learning_rate": 1e999}}',
        b'{"config": {"cooling": 1}}',
    ],
)
def test_a_folder_without_usable_settings_is_a_named_error_and_left_out(home: Path, content: bytes | None):
    fine = Run.create(TrainingConfig(name="fine"))
    broken = home / "runs" / "20990101-000000-mnist"
    broken.mkdir()
    if content is not None:
        (broken / "config.json").write_bytes(content)
    with pytest.raises(RunError, match=r"20990101-000000-mnist: its config\.json cannot be read") as caught:
        Run.open(broken.name)
    assert "\n" not in str(caught.value)
    assert [run.id for run in list_runs()] == [fine.id]
    assert Run.open().id == Run.open("fine").id == fine.id


def test_other_things_among_the_runs_are_left_alone(home: Path):
    (home / "runs" / "notes").mkdir(parents=True)
    (home / "runs" / "20990101-000000-file").write_text("")
    assert list_runs() == []


def test_a_run_that_finishes_while_one_looks_is_not_broken():
    run = Run.create(TrainingConfig())
    with run.held():
        run.append(RunPaused(epoch=1, batch=0))
        before = run.history()
        run.append(RunFinished(reason="completed", epoch=1))
    assert run.state(before) == "completed"


def test_a_run_that_has_finished_needs_no_process():
    run = Run.create(TrainingConfig())
    with run.held():
        run.append(RunFinished(reason="stopped", epoch=1))
    assert run.state(run.history()) == "stopped"


def test_removed():
    run = Run.create(TrainingConfig())
    with run.held():
        run.append(CheckpointSaved(epoch=0, batch=0))
    run.remove()
    assert not run.path.exists()
    assert list_runs() == []
    assert not run.alive
    assert run.records() == []


def test_removed_at_once(monkeypatch: pytest.MonkeyPatch):
    """Nobody who watches finds a part of it, and takes it for one whose process is gone."""
    run, seen = Run.create(TrainingConfig()), []
    remove = shutil.rmtree
    monkeypatch.setattr(shutil, "rmtree", lambda path: (seen.append(run.path.exists()), remove(path)))
    run.remove()
    assert seen == [False]
    assert list(run.path.parent.iterdir()) == []


def test_what_a_killed_process_has_not_removed_goes_with_the_next():
    left, other, busy = (Run.create(TrainingConfig(name=name)) for name in ("left", "other", "busy"))
    for run in (left, busy):
        run.path.rename(run.path.with_name(f".{run.id}"))
    an_hour_ago = time.time() - 3600
    os.utime(left.path.with_name(f".{left.id}"), (an_hour_ago, an_hour_ago))
    other.remove()
    assert [path.name for path in other.path.parent.iterdir()] == [f".{busy.id}"]


def test_what_cannot_be_removed_stays_in_sight(monkeypatch: pytest.MonkeyPatch):
    run = Run.create(TrainingConfig())

    def refuse(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(shutil, "rmtree", refuse)
    with pytest.raises(StorageError, match=run.id):
        run.remove()
    assert [left.id for left in list_runs()] == [run.id]


def test_a_place_that_cannot_be_written_is_a_storage_error(home: Path):
    home.write_text("a file where the folder should be")
    with pytest.raises(StorageError, match=str(home)):
        Run.create(TrainingConfig())


def test_history_of_an_empty_log():
    history = Run.create(TrainingConfig()).history()
    assert isinstance(history, History)
    assert history.state == "waiting"

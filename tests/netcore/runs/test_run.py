"""A run's folder: made, opened, read while it grows or lies in pieces, held by one process at a time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from netcore.errors import RunError, RunNotFound, StorageError
from netcore.runs.history import History
from netcore.runs.run import Run, list_runs
from netcore.training.config import TrainingConfig
from netcore.training.events import CheckpointSaved, RunFinished, RunPaused

pytestmark = pytest.mark.usefixtures("home")

ROOT = Path(__file__).resolve().parents[3]

HOLDER = """
import sys
from pathlib import Path
from netcore.runs.run import Run
from netcore.training.events import RunPaused
run = Run.open(Path(sys.argv[1]))
with run.held():
    run.append(RunPaused(epoch=1, batch=2))
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_elsewhere(run: Run) -> Iterator[subprocess.Popen[str]]:
    """Another process holds the run until its input ends."""
    command = [sys.executable, "-c", HOLDER, str(run.path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def events_of(run: Run) -> list[object]:
    return [record.event for record in run.records()]


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


def test_a_dataset_of_any_name_has_runs_that_are_found():
    run = Run.create(TrainingConfig(dataset="Ziffern für alle"))
    assert Run.open().path == run.path


def test_no_run_of_that_name_names_some():
    with pytest.raises(RunNotFound, match="'x'; the newest are: none"):
        Run.open("x")
    with pytest.raises(RunNotFound, match="''"):
        Run.open()
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


def test_the_log_keeps_what_was_appended():
    run = Run.create(TrainingConfig())
    with run.held():
        kept = [run.append(RunPaused(epoch=1, batch=batch)) for batch in range(3)]
        assert run.records() == kept  # readable while it grows
    assert Run.open(run.id).records() == kept
    assert all(record.run == run.id for record in kept)
    lines = (run.path / "events.jsonl").read_text().splitlines()
    assert [json.loads(line)["batch"] for line in lines] == [0, 1, 2]


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


def test_held_once_at_a_time():
    run = Run.create(TrainingConfig())
    with run.held():
        assert run.alive
        with pytest.raises(RunError, match=f"{run.id} is being trained"), Run.open(run.id).held():
            pass
        assert run.alive
    assert not run.alive
    with run.held():
        pass


def test_held_by_another_process_until_that_is_killed():
    run = Run.create(TrainingConfig())
    with held_elsewhere(run) as process:
        assert run.alive
        assert run.state(run.history()) == "paused"
        with pytest.raises(RunError, match="another process"), run.held():
            pass
        with pytest.raises(RunError, match="another process, number"):
            run.remove()
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert not run.alive
        assert run.state(run.history()) == "broken"
    with run.held():  # and can be gone on with
        run.append(RunPaused(epoch=2, batch=0))
    assert len(run.records()) == 2


def test_a_number_that_another_program_has_by_now_is_nobody():
    """As after a reboot, or where numbers have come round: what counts is who holds the lock."""
    run = Run.create(TrainingConfig())
    with run.held():
        run.append(RunPaused(epoch=1, batch=0))
        assert run.holder == os.getpid()
    (run.path / "lock").write_text(str(os.getpid()))
    assert (run.alive, run.holder) == (False, None)
    assert run.state(run.history()) == "broken"
    with run.held():
        (run.path / "lock").write_bytes(b"")  # it has not said yet who it is
        assert (run.alive, run.holder) == (True, None)


def test_what_is_in_use_is_not_removed_by_whoever_comes_between():
    run = Run.create(TrainingConfig())
    with run.held(), pytest.raises(RunError, match="being trained"):
        Run.open(run.path).remove()
    assert run.path.exists()


def test_who_asks_whether_it_is_alive_does_not_stand_in_the_way():
    run = Run.create(TrainingConfig())
    asking = (
        "import sys; from pathlib import Path; from netcore.runs.run import Run\n"
        "run = Run.open(Path(sys.argv[1])); print('asking', flush=True)\n"
        "while True: run.alive"
    )
    with run.held():
        pass  # so that there is a lock to ask about
    command = [sys.executable, "-c", asking, str(run.path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            for _ in range(200):
                with run.held():
                    pass
        finally:
            process.kill()


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


def test_a_place_that_cannot_be_written_is_a_storage_error(home: Path):
    home.write_text("a file where the folder should be")
    with pytest.raises(StorageError, match=str(home)):
        Run.create(TrainingConfig())


def test_history_of_an_empty_log():
    history = Run.create(TrainingConfig()).history()
    assert isinstance(history, History)
    assert history.state == "waiting"
    assert os.environ["MNIST_TUI_HOME"]

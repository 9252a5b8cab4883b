"""Who trains a run: one process at a time, and nobody once that has gone, however it went."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from netcore.errors import RunError
from netcore.runs.lock import Lock
from netcore.runs.run import Run
from netcore.training.config import TrainingConfig
from netcore.training.events import RunPaused

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


def test_held_once_at_a_time():
    run = Run.create(TrainingConfig())
    with run.held():
        assert run.alive
        with pytest.raises(RunError, match=f"{run.id} is being trained"), Run.open(run.id).held():
            pass
        with pytest.raises(RunError, match=f"{run.id} is being trained"):
            run.check_free()
        assert run.alive
    assert not run.alive
    run.check_free()
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


def test_the_number_is_that_of_the_newest_holder_alone():
    run = Run.create(TrainingConfig())
    for _ in range(2):
        with run.held():
            assert run.holder == os.getpid()


def test_a_lock_that_was_handed_over_is_not_for_what_this_process_starts(tmp_path: Path):
    descriptor = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT)
    os.set_inheritable(descriptor, True)
    lock = Lock(tmp_path / "lock", descriptor)
    try:
        assert not os.get_inheritable(descriptor)
    finally:
        lock.let_go()


def test_what_is_in_use_is_not_removed_by_whoever_comes_between():
    run = Run.create(TrainingConfig())
    with run.held(), pytest.raises(RunError, match="being trained"):
        Run.open(run.path).remove()
    assert run.path.exists()


def test_two_who_ask_do_not_take_one_another_for_a_holder(tmp_path: Path):
    path = tmp_path / "lock"
    path.touch()
    with path.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_SH)  # as whoever asks does for some microseconds
        assert not Lock(path).taken


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

"""What other processes ask of a run: it reaches the controls of the one that trains, once, in order, whole."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from threading import enumerate as enumerate_threads

import pytest

from netcore.errors import RunError, SettingError
from netcore.runs.preparing import prepare
from netcore.runs.recorder import record
from netcore.runs.requests import Inbox, RemoteControls
from netcore.runs.run import Run
from netcore.training.controls import Controls
from netcore.training.events import EpochFinished, RunFinished, RunPaused, SettingChanged
from netcore.training.steering import Request
from tests.netcore.runs.helpers import ENDLESS, config, wait_until

pytestmark = pytest.mark.usefixtures("toy_dataset")

ROOT = Path(__file__).resolve().parents[3]


class Kept(Controls):
    """Controls that remember what was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Request] = []

    def request(self, request: Request) -> None:
        super().request(request)
        self.asked.append(request)


def test_everything_that_can_be_asked_arrives():
    run, controls = Run.create(config()), Kept()
    remote = RemoteControls(run)
    with run.held(), Inbox(run, controls):
        remote.pause()
        remote.go_on()
        remote.toggle_pause()
        remote.one_epoch()
        remote.scale_learning_rate(2)
        remote.set_learning_rate(0.25)
        assert not remote.stopping
        remote.stop(keep=False)
        wait_until(lambda: len(controls.asked) == 7)
    actions = ["pause", "go_on", "toggle_pause", "one_epoch", "scale_learning_rate", "set_learning_rate", "throw_away"]
    assert [request.action for request in controls.asked] == actions
    assert (controls.stopping, controls.keep) == (remote.stopping, remote.keep) == (True, False)
    assert controls.take_learning_rate(99) == 0.25


def test_nobody_to_ask():
    run = Run.create(config())
    with pytest.raises(RunError, match=f"run {run.id} is not being trained; mnist-tui resume {run.id}"):
        RemoteControls(run).pause()
    assert {path.name for path in run.path.iterdir()} == {"config.json"}


def test_a_rate_that_cannot_work_is_refused_where_it_is_asked_for():
    run = Run.create(config())
    with run.held(), pytest.raises(SettingError, match="learning rate"):
        RemoteControls(run).set_learning_rate(-1)


def test_what_was_asked_of_the_process_before_is_void():
    run, controls = Run.create(config()), Kept()
    with run.held():
        RemoteControls(run).stop()
    with run.held(), Inbox(run, controls):
        RemoteControls(run).pause()
        wait_until(lambda: controls.asked)
    assert controls.asked == [Request("pause")]


def test_what_is_asked_after_a_detach_is_left_for_the_next_process():
    run, controls = Run.create(config()), Kept()
    with run.held():
        controls.detach()
        with Inbox(run, controls):
            RemoteControls(run).pause()
            wait_until(lambda: "inbox" not in {thread.name for thread in enumerate_threads()})
        assert controls.asked == []
        assert json.loads((run.path / "requests.jsonl").read_text())["action"] == "pause"


def test_lines_that_cannot_be_read_are_left_out():
    run, controls = Run.create(config()), Kept()
    lines = [b"garbage \xff\x00", b"[1, 2]", b"{}", b'{"action": "explode"}', b'{"action": "set_learning_rate"', b"5"]
    lines += [b"[" * 200_000, b'{"action": "set_learning_rate", "value": 1' + 400 * b"0" + b"}"]
    lines += [b'{"action": "set_learning_rate", "value": 0}', b'{"action": "set_learning_rate", "value": "much"}']
    lines += [b'{"action": "scale_learning_rate", "value": NaN}', b""]
    with run.held(), Inbox(run, controls):
        with (run.path / "requests.jsonl").open("ab") as file:
            file.write(b"\n".join([*lines, b'{"action": "one_epoch"}\n']))
        wait_until(lambda: controls.asked)
    assert controls.asked == [Request("one_epoch")]


def test_many_who_ask_at_once_lose_nothing(monkeypatch: pytest.MonkeyPatch):
    """Processes ask while this one reads and empties the file: whatever was written has been read once."""
    monkeypatch.setattr("netcore.runs.requests._SECONDS", 0)  # again and again
    run, controls = Run.create(config()), Kept()
    asking = (
        "import sys; from pathlib import Path; from netcore.runs.run import Run\n"
        "from netcore.runs.requests import RemoteControls\n"
        "controls = RemoteControls(Run.open(Path(sys.argv[1])))\n"
        "for number in range(1, 301): controls.set_learning_rate(int(sys.argv[2]) + number / 1000)"
    )
    with run.held(), Inbox(run, controls):
        processes = [
            subprocess.Popen([sys.executable, "-c", asking, str(run.path), str(who)], cwd=ROOT) for who in range(3)
        ]
        assert [process.wait(30) for process in processes] == [0, 0, 0]
        wait_until(lambda: len(controls.asked) == 900)
    for who in range(3):
        mine = [request.value for request in controls.asked if int(request.value) == who]
        assert mine == [who + number / 1000 for number in range(1, 301)]


def test_a_run_is_steered_by_another_process():
    run = Run.create(config(epochs=ENDLESS))
    remote, events = RemoteControls(run), []
    for kept in record(run, prepare(run.config), Controls()):
        events.append(kept.event)
        match kept.event:
            case EpochFinished(epoch=1):
                remote.one_epoch()
            case RunPaused():
                remote.set_learning_rate(0.003)
            case SettingChanged():
                remote.stop()
    kinds = [type(event) for event in events if isinstance(event, RunPaused | SettingChanged | RunFinished)]
    assert kinds == [RunPaused, SettingChanged, RunFinished]
    assert events[-1].reason == "stopped"

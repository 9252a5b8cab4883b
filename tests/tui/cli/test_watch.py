"""watch: what is printed of a run that another process trains, how soon, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from netcore.runs.requests import RemoteControls
from netcore.runs.run import Run
from tests.tui.cli.conftest import FLAGS, Runs

ROOT = Path(__file__).resolve().parents[3]
DIVERGING = "relu(64), linear(64), softmax(4)"


@contextmanager
def watching(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tui", "watch", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_run_that_is_over_prints_its_log(mnist_tui: Runs, bands: Path):
    assert mnist_tui("train", *FLAGS, "--epochs", "4", "--name", "over").code == 0
    run = Run.open("over")
    said = mnist_tui("watch", "over", "--json")
    assert (said.code, said.err) == (0, "")
    lines = (run.path / "events.jsonl").read_text().splitlines()
    assert said.out.splitlines() == [line for line in lines if json.loads(line)["event"] != "progress"]
    text = mnist_tui("watch")
    assert (text.code, text.err) == (0, "")
    assert [line.split()[0] for line in text.out.splitlines() if "/4 " in line] == ["1/4", "2/4", "3/4", "4/4"]
    assert "test accuracy " in text.out.splitlines()[-1]


def test_from_the_first_epoch_live_to_the_end(endless: Run):
    with watching("endless", "--json") as process:
        assert process.stdout is not None
        first = json.loads(process.stdout.readline())
        assert (first["event"], first["run"]) == ("run_started", endless.id)
        delays, epochs = [], []
        begun = time.time()
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] == "epoch_finished":
                epochs.append(event["epoch"])
                if event["at"] > begun:
                    delays.append(time.time() - event["at"])
                if len(delays) == 40:
                    RemoteControls(endless).stop()
        assert process.wait(30) == 0
        assert event["event"] == "run_finished"
    assert epochs == list(range(1, event["epoch"] + 1))
    assert median(delays) < 0.5


def test_a_line_an_epoch(endless: Run):
    with watching() as process:  # the newest
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(10)]
        RemoteControls(endless).stop()
        out = process.stdout.read()
        assert process.wait(30) == 0
    assert lines[0] == "bands: relu(16), softmax(4)\n"
    shown = [line.split()[0] for line in [*lines, *out.splitlines()] if "/100000 " in line]
    assert shown == [f"{number}/100000" for number in range(1, len(shown) + 1)]
    assert "test accuracy " in out


def test_a_process_that_is_killed_is_an_error(endless: Run):
    with watching("--json") as process:
        assert process.stdout is not None
        process.stdout.readline()
        os.kill(endless.holder or 0, signal.SIGKILL)
        _, err = process.communicate()
    assert process.returncode == 1
    assert err == f"mnist-tui: run {endless.id} has lost its process; mnist-tui resume {endless.id} goes on with it\n"


def test_leaving_it_leaves_the_run_alone(endless: Run):
    with watching("--json") as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert (process.returncode, err) == (130, "mnist-tui: interrupted\n")
    with watching("--json") as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()  # as `| head -1` does
        assert process.wait(30) == 0
    assert endless.alive


def test_a_run_that_diverged_is_an_error(mnist_tui: Runs, guesser: Path):
    assert mnist_tui("train", "--like", "guesser", "--learning-rate", "1000", "--layers", DIVERGING).code == 1
    said = mnist_tui("watch", "--json")
    assert said.code == 1
    assert "has diverged: the loss is not a finite number" in said.err


def test_no_such_run(mnist_tui: Runs):
    said = mnist_tui("watch", "nobody")
    assert (said.code, said.out) == (1, "")
    assert said.err == "mnist-tui: there are no runs yet; mnist-tui train begins one\n"

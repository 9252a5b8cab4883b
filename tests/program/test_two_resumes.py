"""Two who resume the same run at the same moment: one trains, the other says who that is."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from netcore.runs.run import Run
from netcore.training.config import TrainingConfig
from netcore.training.events import RunStarted
from tests.netcore.runs.helpers import told, wait_until

ROOT = Path(__file__).resolve().parents[2]


def test_one_trains_and_the_other_says_who(little: Path):
    run = Run.create(TrainingConfig(dataset="little", layers="softmax(4)", validation=60, epochs=100_000, workers=1))
    command = [sys.executable, "-m", "tui", "resume", run.id]
    both = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        wait_until(lambda: any(process.poll() is not None for process in both))
        loser, winner = sorted(both, key=lambda process: process.poll() is None)
        assert (loser.poll(), winner.poll()) == (1, None)
        assert loser.stderr is not None
        assert f"by another process, number {winner.pid}; mnist-tui watch {run.id}" in loser.stderr.read()
        assert run.holder == winner.pid
        wait_until(lambda: len(told(run, RunStarted)) == 1)
        winner.send_signal(signal.SIGINT)
        assert winner.wait(30) == 130
        assert len(told(run, RunStarted)) == 1
    finally:
        for process in both:
            process.kill()
            process.communicate()

"""What is timed is the job: the limit has the products of a training step, everyone has a turn, and all is told."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import netcore.bench.report
from netcore.bench.job import Contestant, Job
from netcore.bench.limit import limit
from netcore.bench.ours import ours
from netcore.bench.report import measure_all
from netcore.bench.rounds import interleaved, peak_memory
from tests.netcore.toy import TEST, TRAIN


def test_the_limit_is_the_products_of_training(monkeypatch: pytest.MonkeyPatch):
    seen: list[tuple[tuple[int, ...], tuple[int, ...]]] = []

    def noting(multiply: Any) -> Any:
        def noted(a: Any, b: Any, out: Any = None) -> Any:
            seen.append((a.shape, b.shape))
            return multiply(a, b, out=out)

        return noted

    monkeypatch.setattr(np, "matmul", noting(np.matmul))
    monkeypatch.setattr(np, "dot", noting(np.dot))
    job = Job(layers="relu(8), relu(5), softmax(10)", batch_size=20)
    contestant = limit(job, len(TRAIN))
    contestant.epoch()  # in which it finds out how many threads are best
    with ours(job, TRAIN) as trained:
        seen.clear()
        trained.epoch()
    training = seen[:]
    seen.clear()
    contestant.epoch()
    assert len(seen) == 3 * 8
    assert seen == training


def test_ours_trains_on_from_epoch_to_epoch_and_loads_no_core_but_its_own():
    with ours(Job(layers="relu(6), softmax(10)", batch_size=16), TRAIN) as contestant:
        contestant.epoch()
        contestant.epoch()
    assert contestant.threads == 1


def test_the_most_memory_is_that_of_the_family_that_runs():
    fill = "import sys; room = bytearray(100_000_000); print('there', flush=True); sys.stdin.read()"
    before = peak_memory()
    with subprocess.Popen([sys.executable, "-c", fill], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"there\n"
        assert 100e6 < peak_memory() - before < 130e6
        child.communicate()
    assert peak_memory() - before < 30e6


def test_of_a_child_counts_what_is_its_own():
    """And not what this process has, which is much by now."""
    before = peak_memory()
    assert before > 60e6
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as child:
        assert peak_memory() - before < 20e6
        child.communicate()


def test_everyone_has_a_turn_each_round_and_the_first_round_does_not_count():
    turns: list[str] = []
    told: list[int] = []
    contestants = [Contestant(name, lambda name=name: turns.append(name)) for name in "ab"]  # type: ignore[misc]
    timings = interleaved(contestants, 3, told.append)
    assert turns == list("ab") * 4
    assert told == [0, 1, 2, 3]
    assert [(timing.name, len(timing.seconds)) for timing in timings] == [("a", 3), ("b", 3)]
    assert timings[0].ratio == 1


def test_the_report_has_every_job_and_is_json(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(netcore.bench.report, "load_part", lambda _, part: TRAIN if part == "train" else TEST)
    report = measure_all(["reference", "batch all"], 1, compare=False)
    told = json.loads(json.dumps(report.to_json()))
    assert list(told["jobs"]) == ["reference", "batch all"]
    assert [row["name"] for row in told["jobs"]["reference"]["epoch"]] == ["limit", "netcore"]
    assert told["jobs"]["batch all"]["batch_size"] == "all"
    assert min(told["prediction_images_per_second"], told["own_memory_bytes"]) > 0

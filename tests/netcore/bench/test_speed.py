"""What is timed is the job: the limit has the products of a training step, everyone has a turn, and all is told."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import netcore.bench.report
from netcore.bench.job import Contestant, Job
from netcore.bench.limit import limit
from netcore.bench.ours import ours
from netcore.bench.report import measure_all
from netcore.bench.rounds import interleaved
from tests.netcore.toy import TEST, TRAIN


def test_the_limit_is_the_products_of_each_batch(monkeypatch: pytest.MonkeyPatch):
    seen: list[tuple[tuple[int, ...], tuple[int, ...]]] = []

    def noting(multiply: Any) -> Any:
        def noted(a: Any, b: Any, out: Any = None) -> Any:
            seen.append((a.shape, b.shape))
            return multiply(a, b, out=out)

        return noted

    monkeypatch.setattr(np, "matmul", noting(np.matmul))
    monkeypatch.setattr(np, "dot", noting(np.dot))
    contestant = limit(Job(layers="relu(8), softmax(10)", batch_size=20), 50)
    contestant.epoch()  # in which it finds out how many threads are best
    seen.clear()
    contestant.epoch()
    batch = lambda n: [  # noqa: E731  # a formula
        ((n, 784), (784, 8)), ((n, 8), (8, 10)),  # forward
        ((8, n), (n, 10)), ((n, 10), (10, 8)), ((784, n), (n, 8)),  # backward, without the pixels' gradient
    ]  # fmt: skip
    assert seen == batch(20) + batch(20) + batch(10)


def test_ours_has_epochs_and_uses_one_thread_a_product():
    with ours(Job(layers="relu(6), softmax(10)", batch_size=16), TRAIN) as contestant:
        contestant.epoch()
        contestant.epoch()
    assert contestant.threads == 1


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

"""The whole benchmark: what is measured, and the object that holds it."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from netcore.bench.job import REFERENCE, Contestant, Job
from netcore.bench.limit import limit
from netcore.bench.ours import ours
from netcore.bench.peers import peers
from netcore.bench.rounds import Timing, interleaved, peak_memory
from netcore.datasets.library import Part, load_part
from netcore.nn.network import Network
from netcore.nn.threads import available_threads, use_threads

__all__ = ["JOBS", "Measured", "Report", "measure_all"]

JOBS: dict[str, Job] = {
    "reference": REFERENCE,
    "batch 20": Job(batch_size=20, learning_rate=0.01),
    "batch 512": Job(batch_size=512),
    "batch all": Job(batch_size="all"),
    "392-196-49": Job(layers="relu(392), relu(196), relu(49), softmax(10)"),
}
"""What is timed, by name. The first is the reference, which the libraries are compared on; batch 20 is, too."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One job, and what everyone took; the first timing is the limit."""

    job: Job
    timings: tuple[Timing, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was measured.

    Attributes:
        jobs: By name.
        images_per_second: Predicted by the reference network.
        own_memory: Most memory of this process and a helper, before any other library was imported (bytes).
        versions: Of whatever took part.
    """

    jobs: dict[str, Measured]
    images_per_second: float
    own_memory: int
    versions: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        """As plain values: for each job, its settings and for each contestant median, ratio to the limit and rounds."""
        return {
            "jobs": {
                name: asdict(measured.job)
                | {
                    "epoch": [
                        {"name": t.name, "median_seconds": t.median, "limits": t.ratio, "seconds": t.seconds}
                        for t in measured.timings
                    ]
                }
                for name, measured in self.jobs.items()
            },
            "prediction_images_per_second": self.images_per_second,
            "own_memory_bytes": self.own_memory,
            "versions": self.versions,
        }


def measure_all(
    names: Sequence[str], rounds: int, *, compare: bool, tell: Callable[[str, int], None] = lambda *_: None
) -> Report:
    """Measure the jobs of these names.

    Args:
        names: Keys of `JOBS`.
        rounds: Epochs of each contestant that count; one more comes before them.
        compare: Whether the installed other libraries take part, in the reference and at batch 20.
        tell: Called with the job's name and the number of the finished round.
    """
    part = load_part("mnist", "train")
    speed = _prediction_speed(load_part("mnist", "test"))
    memory = 0
    for name in names:  # before any other library is imported
        with ours(JOBS[name], part) as own:
            own.epoch()
            memory = max(memory, peak_memory())
    measured = {}
    for name in names:
        with ours(JOBS[name], part) as own:
            contestants: list[Contestant] = [limit(JOBS[name], len(part)), own]
            if compare and name in ("reference", "batch 20"):
                contestants.extend(peers(JOBS[name], part))
            timings = interleaved(contestants, rounds, partial(tell, name))
        measured[name] = Measured(JOBS[name], tuple(timings))
    return Report(measured, speed, memory, _versions())


def _prediction_speed(part: Part) -> float:
    """Images a second through the reference network: the median over nine passes of the test images."""
    network = Network.initialised(REFERENCE.architecture, np.random.default_rng(0))
    use_threads(available_threads())
    seconds = []
    for _ in range(9):
        begin = perf_counter()
        network.log_probabilities(part.images)
        seconds.append(perf_counter() - begin)
    return len(part) / median(seconds)


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for name in ("numpy", "torch", "jax", "scikit-learn"):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions

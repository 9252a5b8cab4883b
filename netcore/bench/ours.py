"""Our own training, as `netcore.training.loop.train` does it, one epoch at a time."""

from __future__ import annotations

from netcore.bench.job import Contestant, Job
from netcore.datasets.library import Part
from netcore.nn.threads import use_threads
from netcore.training.config import TrainingConfig
from netcore.training.step import Training

__all__ = ["ours"]


def ours(job: Job, part: Part) -> Contestant:
    """Train on ``part``, epoch after epoch."""
    config = TrainingConfig(
        layers=job.layers,
        batch_size=job.batch_size,
        optimizer="momentum",
        learning_rate=job.learning_rate,
        schedule="constant",
        validation=0,
        epochs=100_000,
    )
    training = Training(config, part, job.sizes[-1])

    def epoch() -> None:
        use_threads(training.threads)  # the others may have changed it
        for _ in range(training.batches):
            training.step()
        training.finish_epoch()

    threads = training.config.threads
    return Contestant("netcore", epoch, threads if isinstance(threads, int) else None)

"""Our own training, as `netcore.training.loop.train` does it, one epoch at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from netcore.bench.job import Contestant, Job
from netcore.datasets.library import Part
from netcore.nn.choices import AugmentationName
from netcore.training.config import TrainingConfig
from netcore.training.step import Training

__all__ = ["ours"]


@contextmanager
def ours(job: Job, part: Part, name: str = "netcore", augment: AugmentationName = "none") -> Iterator[Contestant]:
    """Train on ``part``, epoch after epoch, with the help of other processes while the ``with`` lasts.

    Args:
        job: What an epoch is.
        part: The images.
        name: Of the contestant.
        augment: How the images are changed at random.
    """
    config = TrainingConfig(
        layers=job.layers,
        batch_size=job.batch_size,
        optimizer="momentum",
        learning_rate=job.learning_rate,
        augment=augment,
        schedule="constant",
        validation=0,
        epochs=100_000,
    )
    training = Training(config, part, job.sizes[-1])

    def epoch() -> None:
        for _ in range(training.batches):
            training.step()
        training.finish_epoch()

    with training.at_work():
        yield Contestant(name, epoch, 1)

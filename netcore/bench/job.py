"""The job that everyone in the benchmark is timed on: one epoch of training a small network on MNIST."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from netcore.nn.architecture import Architecture
from netcore.training.config import BatchSize

__all__ = ["REFERENCE", "Contestant", "Job"]


@dataclass(frozen=True, slots=True)
class Job:
    """One epoch: all training images of MNIST, shuffled, in float32, with the loss and accuracy over the epoch.

    Attributes:
        layers: Architecture.
        batch_size: Images a step, or ``all``.
        learning_rate: With Nesterov momentum 0.9.
    """

    layers: str = "relu(128), relu(64), softmax(10)"
    batch_size: BatchSize = 128
    learning_rate: float = 0.05

    def images_a_step(self, images: int) -> int:
        """Images in a whole batch, of an epoch over so many."""
        return images if self.batch_size == "all" else self.batch_size

    @property
    def architecture(self) -> Architecture:
        """The layers over 784 pixels."""
        return Architecture.parse(self.layers)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Pixels, then the neurons of each layer."""
        return self.architecture.sizes


REFERENCE = Job()


@dataclass(frozen=True, slots=True)
class Contestant:
    """Who is timed.

    Attributes:
        name: To tell it by.
        epoch: Does one epoch, with everything in memory already.
        threads: Of NumPy's matrix products while it does; None is all that there are.
    """

    name: str
    epoch: Callable[[], object]
    threads: int | None = None

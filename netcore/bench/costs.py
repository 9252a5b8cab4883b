"""What is added to an epoch of the reference job: by changing its images, and by keeping the run on the disk."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, thread_time
from typing import get_args

from netcore.bench.job import REFERENCE
from netcore.bench.ours import ours
from netcore.bench.rounds import Timing, interleaved
from netcore.datasets.library import Part
from netcore.nn.choices import AugmentationName
from netcore.training.checkpoint import save_checkpoint
from netcore.training.config import TrainingConfig
from netcore.training.step import Training

__all__ = ["CheckpointCost", "augmentation_costs", "checkpoint_cost"]


@dataclass(frozen=True, slots=True)
class CheckpointCost:
    """What a checkpoint takes, once an epoch.

    Attributes:
        copying: Seconds for which training waits, while its state is copied.
        working: Seconds of a processor to write it, in a thread beside the training.
        writing: Seconds until it is safely on the disk.
    """

    copying: float
    working: float
    writing: float

    def share(self, epoch: float) -> float:
        """Of an epoch of so many seconds, at the most: as if all the work was taken away from the training."""
        return (self.copying + self.working) / epoch


def augmentation_costs(part: Part, rounds: int, tell: Callable[[int], None] = lambda _: None) -> list[Timing]:
    """Time an epoch with each augmentation, in turn; the first is none, with which the others are compared.

    Args:
        part: Images to train on.
        rounds: Epochs of each that count.
        tell: Called after each round with its number.
    """
    names: tuple[AugmentationName, ...] = get_args(AugmentationName)
    with ExitStack() as stack:
        everyone = [stack.enter_context(ours(REFERENCE, part, name, name)) for name in names]
        return interleaved(everyone, rounds, tell)


def checkpoint_cost(part: Part, times: int = 20) -> CheckpointCost:
    """Measure checkpoints of the reference job, in the system's folder for temporary files.

    Measured as what they do and not as a longer epoch: one epoch differs from the next by more than a checkpoint takes.

    Raises:
        StorageError: They cannot be written there.
    """
    config = TrainingConfig(layers=REFERENCE.layers, batch_size=REFERENCE.batch_size, validation=0, workers=1)
    training = Training(config, part, REFERENCE.sizes[-1])
    training.step()  # from then on the order of the images is part of it
    copying, working, writing = [], [], []
    with TemporaryDirectory(prefix="mnist-tui-bench-") as folder:
        for _ in range(times):
            begin = perf_counter()
            state = training.capture()
            copying.append(perf_counter() - begin)
            begin, worked = perf_counter(), thread_time()
            save_checkpoint(Path(folder) / "checkpoint.npz", state)
            writing.append(perf_counter() - begin)
            working.append(thread_time() - worked)
    return CheckpointCost(median(copying), median(working), median(writing))

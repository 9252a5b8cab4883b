"""Growth: what more images cost. They lie in a file, so there may be more than memory holds.

Each size is measured in a process of its own (this module run as a program), so that its memory is its own.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np

from netcore.bench.job import REFERENCE
from netcore.bench.program import run_program
from netcore.bench.rounds import peak_memory
from netcore.datasets.library import Part
from netcore.resources import storing
from netcore.training.config import TrainingConfig
from netcore.training.step import Training

__all__ = ["UNIT", "Grown", "epoch_over", "growth"]

UNIT = 60_000
"""Images for which the seconds are told."""

_PIECE = 10_000
"""Images written at a time."""


@dataclass(frozen=True, slots=True)
class Grown:
    """An epoch over so many images.

    Attributes:
        images: How many.
        seconds: For the epoch.
        memory: The most of the process and of a helper together (bytes); what they share is counted twice.
    """

    images: int
    seconds: float
    memory: int

    @property
    def seconds_per_unit(self) -> float:
        """For 60,000 images."""
        return self.seconds * UNIT / self.images


def growth(sizes: Sequence[int]) -> list[Grown]:
    """Measure an epoch over each of these numbers of images, from a temporary file that is removed.

    Raises:
        StorageError: There is no room for the file: 784 bytes an image.
        NetcoreError: A measurement did not end well.
    """
    with TemporaryDirectory(prefix="mnist-tui-bench-") as folder:
        file = Path(folder) / "images"
        _write(file, max(sizes))
        return [_measure(file, size) for size in sizes]


def _measure(file: Path, images: int) -> Grown:
    ended = run_program((sys.executable, "-m", __name__, str(file), str(images)))
    seconds, memory = json.loads(ended.output)
    return Grown(images, seconds, memory)


def epoch_over(file: Path, images: int) -> tuple[float, int]:
    """Train an epoch of the reference job on the first images of such a file.

    Returns:
        Its seconds, and the memory as in `Grown`.
    """
    mapped = np.memmap(file, np.uint8, mode="r", shape=(images, 28, 28))
    labels = np.random.default_rng(0).integers(0, REFERENCE.sizes[-1], images, dtype=np.uint8)
    config = TrainingConfig(
        layers=REFERENCE.layers,
        batch_size=REFERENCE.batch_size,
        learning_rate=REFERENCE.learning_rate,
        validation=0,
        schedule="constant",
    )
    training = Training(config, Part(mapped, labels), REFERENCE.sizes[-1])
    with training.at_work():
        begin = perf_counter()
        for _ in range(training.batches):
            training.step()
        seconds = perf_counter() - begin
        memory = peak_memory()
    return seconds, memory


def _write(file: Path, images: int) -> None:
    rng = np.random.default_rng(0)
    with storing(file), file.open("wb") as out:
        for start in range(0, images, _PIECE):
            out.write(rng.bytes(784 * min(_PIECE, images - start)))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(epoch_over(Path(sys.argv[1]), int(sys.argv[2]))))

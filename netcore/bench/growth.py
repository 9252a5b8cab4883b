"""Growth: what more images cost. They lie in a file that is mapped into memory, so there may be more than fit.

Each size is measured in a process of its own (this module run as a program), so that its memory is its own.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np

from netcore.bench.job import REFERENCE
from netcore.bench.program import run_program
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
        memory: The most of the process's own (bytes), asked for after each hundredth of the epoch; the pages of the
            mapped file, which the system takes back when it needs them, do not count. 0 where the system cannot tell.
        with_file: The most of the process with those pages (bytes).
    """

    images: int
    seconds: float
    memory: int
    with_file: int

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
    return Grown(images, seconds, memory, ended.memory)


def epoch_over(file: Path, images: int) -> tuple[float, int]:
    """Train an epoch of the reference job on the first images of such a file.

    Returns:
        Its seconds, and the process's own memory as in `Grown`.
    """
    mapped = np.memmap(file, np.uint8, mode="r", shape=(images, 28, 28))
    labels = np.random.default_rng(0).integers(0, REFERENCE.sizes[-1], images, dtype=np.uint8)
    config = TrainingConfig(layers=REFERENCE.layers, validation=0, schedule="constant")
    training = Training(config, Part(mapped, labels), REFERENCE.sizes[-1])
    memory, often = 0, max(training.batches // 100, 1)
    with training.at_work():
        begin = perf_counter()
        for batch in range(training.batches):
            training.step()
            if batch % often == 0:
                memory = max(memory, _own_memory())
        return perf_counter() - begin, memory


def _write(file: Path, images: int) -> None:
    rng = np.random.default_rng(0)
    with storing(file), file.open("wb") as out:
        for start in range(0, images, _PIECE):
            out.write(rng.bytes(784 * min(_PIECE, images - start)))


def _own_memory() -> int:
    """Bytes that lie in memory and belong to no file, as Linux tells them."""
    status = Path("/proc/self/status")
    told = re.search(r"^RssAnon:\s+(\d+) kB$", status.read_text(), re.MULTILINE) if status.exists() else None
    return int(told[1]) * 1024 if told else 0


if __name__ == "__main__":
    sys.stdout.write(json.dumps(epoch_over(Path(sys.argv[1]), int(sys.argv[2]))))

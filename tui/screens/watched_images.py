"""The same few test images through a whole run, and what the network takes them for at the moment.

Reading the test part takes 0.05 s, and a prediction waits for its turn behind a batch of the training: both happen off
the screen's thread, which awaits them.
"""

from __future__ import annotations

import asyncio
import dataclasses

import numpy as np

from netcore.datasets.info import find_dataset
from netcore.datasets.library import load_part
from netcore.runs.watched import Watched
from tui.render.thumbnails import Thumbnail

__all__ = ["WatchedImages"]

_IMAGES = 16
"""More than fit on a terminal of 200 columns."""


class WatchedImages:
    """The first test images of a dataset.

    Attributes:
        items: They, with the newest predictions.
    """

    def __init__(self) -> None:
        self.items: tuple[Thumbnail, ...] = ()
        self._dataset = ""
        self._classes: tuple[str, ...] = ()

    async def look(self, dataset: str, worker: Watched | None) -> None:
        """Bring the items up to date.

        Args:
            dataset: Whose images.
            worker: The run whose network predicts; None where none is to.

        Raises:
            DatasetError: The dataset is missing or damaged.
        """
        if dataset != self._dataset:
            self.items, self._dataset = (), ""
            self.items, self._classes = await asyncio.to_thread(_load, dataset)
            self._dataset = dataset
        labels = await asyncio.to_thread(_predict, self.items, worker) if worker else None
        names = [self._classes[label] for label in labels] if labels else [None] * len(self.items)
        self.items = tuple(
            dataclasses.replace(item, predicted=name) for item, name in zip(self.items, names, strict=True)
        )


def _load(dataset: str) -> tuple[tuple[Thumbnail, ...], tuple[str, ...]]:
    info = find_dataset(dataset)
    part = load_part(info, "test")
    few = zip(part.images[:_IMAGES].copy(), part.labels[:_IMAGES], strict=True)
    return tuple(Thumbnail(image, info.classes[label]) for image, label in few), info.classes


def _predict(items: tuple[Thumbnail, ...], worker: Watched) -> list[int] | None:
    """Label of each, or None while there is no network."""
    network = worker.network_snapshot()
    if network is None or not items:
        return None
    return list(network.probabilities(np.stack([item.image for item in items])).argmax(axis=1).tolist())

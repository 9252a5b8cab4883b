"""A model before the test images of a dataset: one answer at once, all of them from a thread of its own.

The screens that show what a network makes of images all look at one of these. It holds no widgets.
"""

from __future__ import annotations

from threading import Thread

import numpy as np
from numpy.typing import NDArray

from netcore.datasets.info import DatasetInfo
from netcore.datasets.library import Part
from netcore.models.evaluation import Evaluation, evaluate
from netcore.models.model import Model
from netcore.nn.activations import Array

__all__ = ["Exam", "neighbour"]


class Exam:
    """A model and the test part of a dataset.

    Attributes:
        model: The model.
        dataset: Where the images come from.
        part: They and their labels.
        remark: What a person should know about this pair; empty where there is nothing to say.
    """

    def __init__(self, model: Model, dataset: DatasetInfo, part: Part, remark: str = "") -> None:
        self.model, self.dataset, self.part, self.remark = model, dataset, part, remark
        self._evaluation: Evaluation | None = None
        # A daemon: leaving the app must not wait until a large network has looked at every image.
        self._thread = Thread(target=self._look_at_all, name="evaluation", daemon=True)
        self._started = False

    def start(self) -> None:
        """Begin to look at all images, if that has not begun yet."""
        if not self._started:
            self._started = True
            self._thread.start()

    @property
    def evaluation(self) -> Evaluation | None:
        """What came of all images; None until they have been looked at."""
        return self._evaluation

    @property
    def results(self) -> Evaluation:
        """The evaluation, for those who may only be called once it is there."""
        if self._evaluation is None:
            raise RuntimeError("not all images have been looked at")
        return self._evaluation

    @property
    def running(self) -> bool:
        """Whether the thread is still looking."""
        return self._thread.is_alive()

    def probabilities(self, number: int) -> Array:
        """Probability of each class for one image, (classes,): the evaluation's once it is there."""
        if self._evaluation is not None:
            return np.asarray(self._evaluation.probabilities[number])
        return np.asarray(self.model.network.probabilities(self.part.images[number : number + 1])[0])

    def wrong(self) -> NDArray[np.intp]:
        """Numbers of the images whose predicted class is not the true one. All must have been looked at."""
        return np.flatnonzero(self.results.predictions != self.part.labels)

    def numbers(self, cell: tuple[int, int] | None = None) -> NDArray[np.intp]:
        """Numbers of all images, or of those in the (true, predicted) cell of the confusion matrix, ascending.

        For a cell all must have been looked at.
        """
        if cell is None:
            return np.arange(len(self.part))
        true, predicted = cell
        return np.flatnonzero((self.part.labels == true) & (self.results.predictions == predicted))

    def _look_at_all(self) -> None:
        self._evaluation = evaluate(self.model.network, self.part)


def neighbour(numbers: NDArray[np.intp], number: int, step: int) -> int:
    """The next (``step`` 1) or previous (-1) of some ascending numbers from where one is, round the ends.

    ``number`` itself need not be among them.
    """
    place = np.searchsorted(numbers, number, side="right") if step > 0 else np.searchsorted(numbers, number) - 1
    return int(numbers[place % len(numbers)])

"""A model before the test images of a dataset: one answer at once, all of them from a thread of its own.

The screens that show what a network makes of images all look at one of these. It holds no widgets.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import numpy as np
from numpy.typing import NDArray

from netcore.datasets.info import DatasetInfo, find_dataset, list_datasets
from netcore.datasets.library import Part, load_part
from netcore.errors import DatasetError, DatasetNotFound, ModelError, ModelNotFound
from netcore.models.evaluation import Evaluation, evaluate
from netcore.models.library import find_model, list_models
from netcore.models.model import Model, load_model
from netcore.nn.activations import Array

__all__ = ["Exam", "Exams", "first_model", "fitting_datasets", "neighbour"]

_TRIED = 200
"""Test images of each dataset that a model without a card is tried on, to find out which it was trained for."""


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

    def cell(self, true: int, predicted: int) -> NDArray[np.intp]:
        """Numbers of the images of one cell of the confusion matrix. All must have been looked at."""
        return np.flatnonzero((self.part.labels == true) & (self.results.predictions == predicted))

    def _look_at_all(self) -> None:
        self._evaluation = evaluate(self.model.network, self.part)


@dataclass(frozen=True)
class _Key:
    """Which exam: a file that was written anew holds another model."""

    path: Path
    written: int
    dataset: str | None


class Exams:
    """Opens exams, and keeps them: coming back to a model costs nothing."""

    def __init__(self) -> None:
        self._exams: dict[_Key, Exam] = {}
        self._parts: dict[Path, Part] = {}

    def open(self, model: str, dataset: str | None = None) -> Exam:
        """The exam of a model.

        Args:
            model: Its name or path.
            dataset: Name of a dataset; None takes the one that the model was trained for.

        Raises:
            NetcoreError: The model or the dataset is missing or damaged, or they do not fit each other.
        """
        path = find_model(model)
        key = _Key(path, path.stat().st_mtime_ns, dataset)
        if key not in self._exams:
            self._exams[key] = self._opened(load_model(path), dataset)
        return self._exams[key]

    def _opened(self, model: Model, dataset: str | None) -> Exam:
        trained_for = model.card.dataset if model.card else None
        if dataset or trained_for:
            info = find_dataset(dataset or trained_for or "")
            remark = "" if trained_for in (None, info.name) else f"trained for {trained_for}"
        else:
            info = self._likeliest(model)
            remark = f"no card, {info.name} assumed"
        return Exam(model, info, self._part(model, info), remark)

    def _likeliest(self, model: Model) -> DatasetInfo:
        """The dataset whose first test images the network knows best."""

        def known(info: DatasetInfo) -> int:
            part = self._part(model, info)
            guesses = model.network.probabilities(part.images[:_TRIED]).argmax(axis=1)
            return int(np.count_nonzero(guesses == part.labels[:_TRIED]))

        fitting = fitting_datasets(model.network.architecture.classes)
        if not fitting:
            raise DatasetNotFound(
                f"{model.name} tells {model.network.architecture.classes} classes apart: no dataset has so many"
            )
        return max(fitting, key=known)

    def _part(self, model: Model, info: DatasetInfo) -> Part:
        """The test part, checked to fit the network."""
        if info.folder not in self._parts:
            self._parts[info.folder] = load_part(info, "test")
        part = self._parts[info.folder]
        classes = model.network.architecture.classes
        if not len(part):
            raise DatasetError(f"{info.name}: its test part is empty; choose another dataset")
        if classes != len(info.classes):
            raise ModelError(
                f"{model.name} tells {classes} classes apart, {info.name} has {len(info.classes)}; "
                "choose another dataset or another model"
            )
        return part


def first_model() -> str:
    """The model to show where none was chosen: the first of the list that can be used.

    Raises:
        ModelNotFound: There is none.
    """
    for entry in list_models():
        if entry.problem is None:
            return entry.reference
    raise ModelNotFound("there is no model yet; press 2 to train one")


def fitting_datasets(classes: int) -> list[DatasetInfo]:
    """The healthy datasets with a test part and so many classes."""
    return [
        info
        for info in list_datasets()
        if info.problem is None and len(info.classes) == classes and info.counts.get("test", 0)
    ]


def neighbour(numbers: NDArray[np.intp], number: int, step: int) -> int:
    """The next (``step`` 1) or previous (-1) of some ascending numbers from where one is, round the ends.

    ``number`` itself need not be among them.
    """
    place = np.searchsorted(numbers, number, side="right") if step > 0 else np.searchsorted(numbers, number) - 1
    return int(numbers[place % len(numbers)])

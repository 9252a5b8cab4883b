"""Opening exams: which model, which dataset, and whether they fit each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from netcore.datasets.info import DatasetInfo, find_dataset, list_datasets
from netcore.datasets.library import Part, load_part
from netcore.errors import DatasetError, DatasetNotFound, ModelError, ModelNotFound
from netcore.models.library import find_model, list_models
from netcore.models.model import Model, load_model
from tui.screens.exam import Exam

__all__ = ["Exams", "first_model", "testable_datasets"]

_TRIED = 200
"""Test images of each dataset that a model without a card is tried on, to find out which it was trained for."""


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

        classes = model.classes
        fitting = [info for info in testable_datasets() if len(info.classes) == classes]
        if not fitting:
            raise DatasetNotFound(f"{model.name} tells {classes} classes apart, and no dataset has so many")
        return max(fitting, key=known)

    def _part(self, model: Model, info: DatasetInfo) -> Part:
        """The test part, checked to fit the network."""
        if info.folder not in self._parts:
            self._parts[info.folder] = load_part(info, "test")
        part = self._parts[info.folder]
        classes = model.classes
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


def testable_datasets() -> list[DatasetInfo]:
    """The healthy datasets that have a test part."""
    return [info for info in list_datasets() if info.problem is None and info.counts.get("test")]

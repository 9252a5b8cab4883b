"""Drives the training loop of a run: keeps its log, its checkpoints, and at the end its model.

The same generator serves the worker thread behind the app and ``mnist-tui train`` in the foreground.
"""

from __future__ import annotations

import dataclasses
import platform
from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np

import netcore
from netcore.datasets.info import DatasetInfo, find_dataset
from netcore.datasets.library import load_part
from netcore.models.calibration import calibrate
from netcore.models.card import Card
from netcore.models.library import check_free, free_name, model_path, taken
from netcore.models.model import load_model, save_model
from netcore.runs.checkpointer import Checkpointer
from netcore.runs.history import History
from netcore.runs.run import Run
from netcore.training.checkpoint import StateCaptured
from netcore.training.config import TrainingConfig
from netcore.training.controls import Controls
from netcore.training.events import Event, Record, RunFinished, RunPaused
from netcore.training.loop import train
from netcore.training.step import Training

__all__ = ["prepare", "record"]


def prepare(config: TrainingConfig) -> Training:
    """Load what a run needs and set it up at its beginning.

    Raises:
        DatasetError: The dataset is missing or damaged.
        ModelError: The model to start from is.
        SettingError: The settings do not fit the dataset, the model to start from, or a model that is there already.
    """
    if config.name is not None:
        check_free(config.name)
    dataset = find_dataset(config.dataset)
    start = load_model(config.start_from).network if config.start_from else None
    return Training(config, load_part(dataset, "train"), len(dataset.classes), start)


def record(run: Run, training: Training, controls: Controls) -> Iterator[Record]:
    """Train to the end, or until told to stop, and yield every event after it is in the log.

    A run that is thrown away leaves no folder. A run that fails says so in its log before the error goes on.

    Raises:
        RunError: Another process trains this run.
        StorageError: The log cannot be written.
    """
    history = History()
    for old in run.records():
        history.add(old)
    with run.held():
        try:
            for event in _events(run, training, controls, history):
                kept = run.append(event)
                history.add(kept)
                yield kept
        except Exception as error:
            # Not swallowed: whoever watches the run learns of it from the log, whoever drives it from the error.
            run.append(RunFinished(reason="failed", epoch=training.epoch, message=f"{type(error).__name__}: {error}"))
            raise
    if not controls.keep:
        run.remove()


def _events(run: Run, training: Training, controls: Controls, history: History) -> Iterator[Event]:
    """The loop's events, with what becomes of its captured states."""
    dataset = find_dataset(training.config.dataset)
    with Checkpointer(run.checkpoint) as checkpoints:
        for event in train(training, load_part(dataset, "test"), dataset.classes, controls):
            if isinstance(event, StateCaptured):
                checkpoints.save(event.state)
            # A pause or an end is told when what it leaves behind is on the disk.
            yield from checkpoints.news(wait=isinstance(event, RunPaused | RunFinished))
            if isinstance(event, RunFinished) and event.reason != "diverged" and controls.keep:
                yield dataclasses.replace(event, model=_save(training, dataset, history, event))
            elif not isinstance(event, StateCaptured):
                yield event


def _save(training: Training, dataset: DatasetInfo, history: History, finished: RunFinished) -> str:
    """Save the model under the name that was asked for, or a free one; return the name."""
    config = training.config
    name = config.name
    if name is None or taken(name):  # by another run that was given the same name, and ended first
        name = free_name(name or config.dataset)
    last = history.epochs[-1] if history.epochs else None
    held_out = training.validation
    calibration = calibrate(training.result.log_probabilities(held_out.images), held_out.labels) if held_out else None
    card = Card(
        name=name,
        dataset=dataset.name,
        classes=dataset.classes,
        architecture=config.layers,
        settings=config.to_json(),
        seed=config.seed,
        epochs=finished.epoch,
        test_accuracy=finished.test_accuracy,
        test_loss=finished.test_loss,
        validation_accuracy=last.validation_accuracy if last else None,
        validation_loss=last.validation_loss if last else None,
        ece_validation=calibration.ece if calibration else None,
        temperature=calibration.temperature if calibration else None,
        history=history.columns(),
        seconds=round(training.seconds, 3),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        versions={
            "mnist-tui": netcore.__version__,
            "python": platform.python_version(),
            "numpy": np.__version__,
        },
    )
    save_model(model_path(name), training.result, card)
    return name

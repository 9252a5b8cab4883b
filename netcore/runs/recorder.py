"""Drives the training loop of a run: keeps its log, its checkpoints, and at the end its model.

The same generator serves the thread behind the app and ``mnist-tui train``, and a process that trains a run alone.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator

from netcore.datasets.info import DatasetInfo, find_dataset
from netcore.datasets.library import load_part
from netcore.errors import FileTaken, RunError
from netcore.models.calibration import calibrate
from netcore.models.card import Card
from netcore.models.library import free_name, list_models, model_path, taken
from netcore.models.model import save_model
from netcore.models.origin import now, versions
from netcore.runs.checkpointer import Checkpointer
from netcore.runs.history import History
from netcore.runs.requests import Inbox
from netcore.runs.resuming import check_unfinished, go_back
from netcore.runs.run import Run
from netcore.training.checkpoint import StateCaptured
from netcore.training.controls import Controls
from netcore.training.events import (
    Event,
    RunDetached,
    RunFinished,
    RunPaused,
    RunStarted,
    SettingChanged,
)
from netcore.training.loop import train
from netcore.training.records import Record
from netcore.training.step import Training

__all__ = ["record"]


def record(run: Run, training: Training, controls: Controls) -> Iterator[Record]:
    """Train to the end, or until told to stop, and yield every event after it is in the log.

    A run that has a checkpoint goes on from there. A run that is thrown away leaves no folder. A run that fails says so
    in its log before the error goes on. Other processes steer it as well. A run that this process leaves is held until
    `RunDetached` has been taken in: the time to call `netcore.runs.alone.continue_alone`.

    Raises:
        RunError: Another process trains this run, or nothing is left to do, or its checkpoint cannot be gone on from,
            or memory does not suffice.
        StorageError: The log cannot be written.
    """
    with run.held(), Inbox(run, controls):
        history = run.history()  # read when nobody else can go on with it any more
        check_unfinished(run, history)
        note = go_back(run, training)
        try:
            for event in _events(run, training, controls, history, note):
                kept = run.append(event)
                history.add(kept)
                yield kept
        except Exception as error:
            # Not swallowed: whoever watches the run learns of it from the log, whoever drives it from the error.
            run.append(RunFinished(reason="failed", epoch=training.epoch, message=f"{type(error).__name__}: {error}"))
            if isinstance(error, MemoryError):
                raise RunError(f"{run.id}: there is too little memory to train it; use fewer neurons") from error
            raise
    # Who asks to throw it away while its model is being saved comes too late.
    if history.finished and not history.finished.model and not controls.keep:
        run.remove()


def _events(run: Run, training: Training, controls: Controls, history: History, note: str) -> Iterator[Event]:
    """The loop's events, with what becomes of its captured states."""
    dataset = find_dataset(training.config.dataset)
    with Checkpointer(run.checkpoint) as checkpoints:
        for event in train(training, load_part(dataset, "test"), dataset.classes, controls):
            if isinstance(event, StateCaptured):
                checkpoints.save(event.state)
            # A pause, another setting and an end are told when what they leave behind is on the disk.
            settled = isinstance(event, RunPaused | SettingChanged | RunDetached | RunFinished)
            yield from checkpoints.news(wait=settled)
            if isinstance(event, RunStarted):
                yield dataclasses.replace(event, note=note)
            elif isinstance(event, RunFinished) and event.reason != "diverged" and controls.keep:
                yield dataclasses.replace(event, model=_save(run, training, dataset, history, event))
            elif not isinstance(event, StateCaptured):
                yield event


def _save(run: Run, training: Training, dataset: DatasetInfo, history: History, finished: RunFinished) -> str:
    """Save the model; return its name."""
    config = training.config
    last = history.epochs[-1] if history.epochs else None
    held_out = training.validation
    calibration = calibrate(training.result.log_probabilities(held_out.images), held_out.labels) if held_out else None
    card = Card(
        name="",
        dataset=dataset.name,
        classes=dataset.classes,
        architecture=config.layers,
        settings=config.to_json(),
        seed=config.seed,
        epochs=finished.epoch,
        batch=training.batch,
        test_accuracy=finished.test_accuracy,
        test_loss=finished.test_loss,
        validation_accuracy=last.validation_accuracy if last else None,
        validation_loss=last.validation_loss if last else None,
        ece_validation=calibration.ece if calibration else None,
        temperature=calibration.temperature if calibration else None,
        history=history.columns(),
        seconds=round(training.seconds, 3),
        run=run.id,
        made_at=now(),
        versions=versions(),
    )
    before = _saved_before(run, (finished.epoch, training.batch))
    if before is not None:
        save_model(model_path(before), training.result, dataclasses.replace(card, name=before))
        return before
    name = config.name or free_name(dataset.name)
    while True:  # another run may take the name that was asked for, or that was free a moment ago
        if not taken(name):
            with contextlib.suppress(FileTaken):
                save_model(model_path(name), training.result, dataclasses.replace(card, name=name), new=True)
                return name
        name = free_name(config.name or dataset.name)


def _saved_before(run: Run, position: tuple[int, int]) -> str | None:
    """Name of the model that this very run saved before, unless that has learned longer: epochs, and batches.

    Found by its card, not by the log: a process may end between the two.
    """
    for entry in list_models():
        card = entry.card
        # A copy has another name than its card says. A bundled one is not ours to replace.
        ours = card and not entry.bundled and (card.run, card.name) == (run.id, entry.name)
        if card and ours and (card.epochs or 0, card.batch) <= position:
            return entry.name
    return None

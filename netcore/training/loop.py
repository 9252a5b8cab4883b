"""The training loop: a generator of events that does nothing else with the outside world.

Whoever drives it may log the events, show them or drop them; the numbers are the same. It asks `Controls` at each batch
what a person wants.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from netcore.datasets.library import Part
from netcore.models.evaluation import measure
from netcore.training.checkpoint import StateCaptured
from netcore.training.controls import Controls
from netcore.training.events import (
    EpochFinished,
    Event,
    RunContinued,
    RunDetached,
    RunFinished,
    RunPaused,
    RunStarted,
    SettingChanged,
)
from netcore.training.step import Diverged, Training
from netcore.training.stopwatch import Stopwatch

__all__ = ["train"]


def train(
    training: Training,
    test: Part,
    classes: tuple[str, ...],
    controls: Controls | None = None,
    *,
    report_seconds: float = 0.25,
) -> Iterator[Event | StateCaptured]:
    """Train to the end, or until told to stop or to leave the run to another process.

    Yields `RunStarted` first and `RunFinished` or `RunDetached` last; `StateCaptured` at the start, after each epoch,
    before a pause, another learning rate and an end within an epoch, so that the last one holds what is to be kept: of
    a diverged run the last finite parameters.

    Args:
        training: The run, at its beginning or restored from a checkpoint.
        test: Looked at once, at the end.
        classes: Names of the classes, for whoever shows the events.
        controls: What a person may ask for.
        report_seconds: Between two `Progress` events.
    """
    controls = controls or Controls()
    watch = Stopwatch(training, report_seconds)
    yield RunStarted(
        config=training.config.to_json(),
        classes=classes,
        parameters=len(training.network.parameters),
        train_images=len(training.rows),
        validation_images=len(training.validation or ()),
        batches=training.batches,
        epoch=training.epoch,
        batch=training.batch,
    )
    safe = StateCaptured(training.capture())
    yield safe
    try:
        with training.at_work():
            while training.epoch < training.config.epochs and not controls.ending:
                yield from _batches(training, controls, watch)
                finished = _finish_epoch(training, controls, watch)
                if finished is None:
                    break
                safe = StateCaptured(training.capture())
                yield finished
                yield safe
                controls.epoch_finished()
        if training.epoch < training.config.epochs:
            yield from _change_rate(training, controls)  # asked for while the epoch was measured
        if training.batch:  # else the state after the last epoch is the newest
            yield StateCaptured(training.capture())
        end = _finish_run(training, test, controls)
    except Diverged:
        # Said before the state is restored: where it happened, and at which rate.
        message = (
            f"the loss is not a finite number after epoch {training.epoch}, batch {training.batch};"
            f" try a learning rate below {training.learning_rate:g}"
        )
        if not training.finite:
            training.restore(safe.state)
        yield StateCaptured(training.capture())
        end = RunFinished(reason="diverged", epoch=training.epoch, message=message)
    yield end


def _batches(training: Training, controls: Controls, watch: Stopwatch) -> Iterator[Event | StateCaptured]:
    """The rest of an epoch, batch by batch."""
    watch.tick()  # the time since the epoch before, or the start, counts, but not for the speed of the next batches
    watch.begin_window()
    while training.batch < training.batches:
        if controls.pending:
            yield from _obey(training, controls, watch)
            if controls.ending:
                return
        rate = _some_batches(training, controls, watch)
        if watch.report_due() and training.batch < training.batches:
            yield watch.progress(rate)


def _some_batches(training: Training, controls: Controls, watch: Stopwatch) -> float:
    """Train until there is something to tell or to obey; return the last batch's learning rate."""
    # A loss that overflows is reported once, as Diverged, not as warnings in the middle of a screen.
    with np.errstate(all="ignore"):
        while True:
            images, loss, correct, rate = training.step()
            watch.count(images, loss, correct)
            if training.batch == training.batches or controls.pending or watch.report_due():
                return rate


def _obey(training: Training, controls: Controls, watch: Stopwatch) -> Iterator[Event | StateCaptured]:
    """Change the learning rate, and wait while paused."""
    yield from _change_rate(training, controls)
    if not controls.paused:
        return
    if watch.images:
        yield watch.progress(training.learning_rate * training.schedule_factor(training.batch))
    yield StateCaptured(training.capture())
    yield RunPaused(epoch=training.epoch, batch=training.batch)
    while controls.paused:
        controls.wait()
        yield from _change_rate(training, controls)
    watch.skip()
    if not controls.ending:
        yield RunContinued(epoch=training.epoch, batch=training.batch)


def _change_rate(training: Training, controls: Controls) -> Iterator[Event | StateCaptured]:
    factor = training.schedule_factor(min(training.batch, training.batches - 1))
    old = training.learning_rate * factor
    new = controls.take_learning_rate(old)
    if new == old:
        return
    training.learning_rate = new / factor
    # First the checkpoint, then the log: what a log tells of, a resumed run has.
    yield StateCaptured(training.capture())
    yield SettingChanged(
        setting="learning_rate",
        old=old,
        new=new,
        epoch=training.epoch,
        batch=training.batch,
        batches=training.batches,
    )


def _finish_epoch(training: Training, controls: Controls, watch: Stopwatch) -> EpochFinished | None:
    """Measure what an epoch has brought; None where the loop is to end before that is known.

    Raises:
        Diverged: The validation loss is not a finite number.
    """
    if training.batch < training.batches:
        return None
    training_seconds = training.epoch_seconds
    validation: tuple[float, float] | None = None
    if training.validation is not None:
        validation = measure(training.result, training.validation, lambda: controls.ending)
        if validation is None:
            return None
        if not math.isfinite(validation[0]):
            raise Diverged
        watch.tick()
    finished = EpochFinished(
        epoch=training.epoch + 1,
        epochs=training.config.epochs,
        train_loss=training.loss / len(training.rows),
        train_accuracy=training.correct / len(training.rows),
        validation_loss=validation[0] if validation else None,
        validation_accuracy=validation[1] if validation else None,
        learning_rate=training.learning_rate * training.schedule_factor(training.batches - 1),
        seconds=training.epoch_seconds,
        images_per_second=len(training.rows) / max(training_seconds, 1e-9),
    )
    training.finish_epoch()
    return finished


def _finish_run(training: Training, test: Part, controls: Controls) -> RunDetached | RunFinished:
    completed = training.epoch == training.config.epochs
    if controls.detaching and not completed:
        return RunDetached(epoch=training.epoch, batch=training.batch, mode=controls.mode)
    measured = measure(training.result, test, lambda: not controls.keep)
    if measured and not math.isfinite(measured[0]):
        raise Diverged
    return RunFinished(
        reason="completed" if completed else "stopped",
        epoch=training.epoch,
        test_loss=measured[0] if measured else None,
        test_accuracy=measured[1] if measured else None,
    )

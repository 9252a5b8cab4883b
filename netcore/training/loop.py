"""The training loop: a generator of events that does nothing else with the outside world.

Whoever drives it may log the events, show them or drop them; the numbers are the same. It asks `Controls` at each batch
what a person wants.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from time import perf_counter

from netcore.datasets.library import Part
from netcore.models.evaluation import measure
from netcore.training.checkpoint import StateCaptured
from netcore.training.controls import Controls
from netcore.training.events import (
    EpochFinished,
    Event,
    Progress,
    RunContinued,
    RunFinished,
    RunPaused,
    RunStarted,
    SettingChanged,
)
from netcore.training.step import Diverged, Training

__all__ = ["train"]


def train(
    training: Training,
    test: Part,
    classes: tuple[str, ...],
    controls: Controls | None = None,
    *,
    report_seconds: float = 0.25,
) -> Iterator[Event | StateCaptured]:
    """Train to the end, or until told to stop.

    Yields `RunStarted` first and `RunFinished` last; `StateCaptured` at the start, after each epoch, at each pause, and
    before the end, so that the last one holds what is to be kept: of a diverged run the last finite parameters.

    Args:
        training: The run, at its beginning or restored from a checkpoint.
        test: Looked at once, at the end.
        classes: Names of the classes, for whoever shows the events.
        controls: What a person may ask for.
        report_seconds: Between two `Progress` events.
    """
    controls = controls or Controls()
    watch = _Stopwatch(training, report_seconds)
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
        while training.epoch < training.config.epochs and not controls.stopping:
            yield from _batches(training, controls, watch)
            finished = _finish_epoch(training, controls, watch)
            if finished is None:
                break
            safe = StateCaptured(training.capture())
            yield finished
            yield safe
            controls.epoch_finished()
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


def _batches(training: Training, controls: Controls, watch: _Stopwatch) -> Iterator[Event | StateCaptured]:
    """The rest of an epoch, batch by batch."""
    watch.begin_window()
    while training.batch < training.batches:
        if controls.pending:
            yield from _obey(training, controls, watch)
            if controls.stopping:
                return
        images, loss, correct, rate = training.step()
        watch.count(images, loss, correct)
        if watch.report_due() and training.batch < training.batches:
            yield watch.progress(rate)


def _obey(training: Training, controls: Controls, watch: _Stopwatch) -> Iterator[Event | StateCaptured]:
    """Change the learning rate, and wait while paused."""
    paused = False
    while not controls.stopping:
        factor = training.schedule_factor(training.batch)
        old = training.learning_rate * factor
        new = controls.take_learning_rate(old)
        if new != old:
            training.learning_rate = new / factor
            yield SettingChanged(
                setting="learning_rate",
                old=old,
                new=new,
                epoch=training.epoch,
                batch=training.batch,
                batches=training.batches,
            )
            if paused:  # the checkpoint of the pause does not know of it yet
                yield StateCaptured(training.capture())
        if not controls.paused:
            break
        if not paused:
            paused = True
            if watch.images:
                yield watch.progress(new)
            yield StateCaptured(training.capture())
            yield RunPaused(epoch=training.epoch, batch=training.batch)
        controls.wait()
        watch.skip()
    if paused and not controls.stopping:
        yield RunContinued(epoch=training.epoch, batch=training.batch)


def _finish_epoch(training: Training, controls: Controls, watch: _Stopwatch) -> EpochFinished | None:
    """Measure what an epoch has brought; None where the run is to stop before that is known.

    Raises:
        Diverged: The validation loss is not a finite number.
    """
    if training.batch < training.batches:
        return None
    training_seconds = training.epoch_seconds
    validation: tuple[float, float] | None = None
    if training.validation is not None:
        validation = measure(training.result, training.validation, lambda: controls.stopping)
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


def _finish_run(training: Training, test: Part, controls: Controls) -> RunFinished:
    measured = measure(training.result, test, lambda: not controls.keep)
    if measured and not math.isfinite(measured[0]):
        raise Diverged
    return RunFinished(
        reason="completed" if training.epoch == training.config.epochs else "stopped",
        epoch=training.epoch,
        test_loss=measured[0] if measured else None,
        test_accuracy=measured[1] if measured else None,
    )


class _Stopwatch:
    """Counts the time spent training, and sums up what happened since the last report."""

    def __init__(self, training: Training, report_seconds: float) -> None:
        self._training = training
        self._report_seconds = report_seconds
        self._last_tick = perf_counter()
        self.begin_window()

    def tick(self) -> None:
        """Count the time since the last tick."""
        now = perf_counter()
        self._training.seconds += now - self._last_tick
        self._training.epoch_seconds += now - self._last_tick
        self._last_tick = now

    def skip(self) -> None:
        """Leave out the time since the last tick: a pause."""
        self._last_tick = perf_counter()

    def begin_window(self) -> None:
        """Forget what was summed up."""
        self.images, self._correct, self._loss, self._since = 0, 0, 0.0, self._training.seconds

    def count(self, images: int, loss: float, correct: int) -> None:
        """Add a batch."""
        self.tick()
        self.images += images
        self._loss += loss
        self._correct += correct

    def report_due(self) -> bool:
        """Whether it is time to tell."""
        return self._training.seconds - self._since >= self._report_seconds

    def progress(self, rate: float) -> Progress:
        """Where the run is, and what happened since the last report."""
        training, images = self._training, max(self.images, 1)
        seconds = training.seconds - self._since
        event = Progress(
            epoch=training.epoch,
            epochs=training.config.epochs,
            batch=training.batch,
            batches=training.batches,
            train_loss=self._loss / images,
            train_accuracy=self._correct / images,
            learning_rate=rate,
            seconds=training.seconds,
            images_per_second=self.images / seconds if seconds else 0.0,
        )
        self.begin_window()
        return event

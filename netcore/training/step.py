"""A run in memory: the network, the optimizer, the generator, where it stands, and one training step.

The loop decides when to step; this decides what a step is. Everything that the next step depends on is in `capture`.
"""

from __future__ import annotations

import dataclasses
import math
from contextlib import AbstractContextManager

import numpy as np

from netcore.datasets.library import Part
from netcore.errors import CheckpointError, SettingError
from netcore.nn.activations import Array
from netcore.nn.network import Network
from netcore.nn.schedules import factor
from netcore.nn.threads import sensible_shares, use_threads
from netcore.nn.turns import products
from netcore.training.checkpoint import TrainingState
from netcore.training.common import Step
from netcore.training.config import TrainingConfig
from netcore.training.identity import check_made_with, made_with
from netcore.training.pixels import Pixels
from netcore.training.team import Team

__all__ = ["Diverged", "Training"]


class Diverged(ArithmeticError):
    """The loss, or a parameter, is no longer a finite number."""


class Training:
    """A run in memory.

    Attributes:
        config: Its settings, with the number of workers that was chosen.
        validation: The images held out; None where there are none.
        rows: (train images,) which of the training part's images are trained on.
        epoch: Finished epochs.
        batch: Finished batches of the present epoch.
        batches: Batches an epoch.
        loss: Summed over the images of the present epoch so far (nats).
        correct: Of these images, how many were right.
        learning_rate: Before the schedule's factor.
        seconds: Spent training, without pauses; kept by the loop.
        epoch_seconds: Of these, in the present epoch; kept by the loop.
    """

    def __init__(self, config: TrainingConfig, part: Part, classes: int, start: Network | None = None) -> None:
        """Set up a run at its beginning.

        Args:
            config: Its settings.
            part: The training images, of which ``config.validation`` are held out.
            classes: Of the dataset.
            start: Network whose parameters to start from.

        Raises:
            SettingError: The settings do not fit the dataset or the network to start from.
        """
        architecture = config.architecture(part.pixels.shape[1])
        if architecture.classes != classes:
            raise SettingError(
                "layers",
                f"the last is {architecture.layers[-1]}, the dataset has {classes} classes; use softmax({classes})",
            )
        if config.validation >= len(part):
            raise SettingError(
                "validation", f"{config.validation} of {len(part)} training images would leave none; hold out fewer"
            )
        if start is not None and start.architecture != architecture:
            raise SettingError(
                "layers", f"{architecture} differs from {start.architecture} of the model to start from; use the same"
            )
        shares = config.workers
        if shares == "auto":
            shares = sensible_shares(architecture, config.images_a_step(len(part)))
        self.config = config = dataclasses.replace(config, workers=shares)
        use_threads(1)  # a product that is cut up waits for the slowest part; a batch is cut up instead
        self._rng = np.random.default_rng(config.seed)
        # Drawn first, so that a resumed run holds out the same images. Files sorted by label make drawing necessary.
        shuffled = self._rng.permutation(len(part))
        held_out, self.rows = np.sort(shuffled[: config.validation]), np.sort(shuffled[config.validation :])
        self.validation = None
        if config.validation:
            self.validation = Part(Pixels(part.images).images(held_out), part.labels[held_out])
        self._team = Team(config, part, len(self.rows), shares)
        begin = start or Network.initialised(architecture, self._rng)
        kept = "average" if config.average else "parameters"
        self._network, self._result = (Network(architecture, self._team.arrays[name]) for name in ("parameters", kept))
        for network in (self._network, self._result):
            network.parameters[...] = begin.parameters
        self._made_with = made_with(config, part)
        self._batch_size = config.images_a_step(len(self.rows))
        self.batches = math.ceil(len(self.rows) / self._batch_size)
        self._key = 0
        self._ordered = False
        self.epoch = self.batch = self.correct = 0
        self.loss = self.seconds = self.epoch_seconds = 0.0
        self.learning_rate = config.learning_rate

    @property
    def network(self) -> Network:
        """What is trained."""
        self._team.settle()
        return self._network

    @property
    def result(self) -> Network:
        """What is measured and kept: the network, or where the settings ask for one, its average over the steps."""
        self._team.settle()
        return self._result

    def snapshot(self) -> Network:
        """A copy of the result as it is between two batches; for other threads."""
        with products:
            result = self.result
            return Network(result.architecture, result.parameters.copy())

    def schedule_factor(self, batch: int) -> float:
        """What the schedule multiplies the learning rate by for a batch of the present epoch, counted from 0."""
        done = (self.epoch + batch / self.batches) / self.config.epochs
        return factor(self.config.schedule, done, self.config.warmup / self.config.epochs)

    @property
    def finite(self) -> bool:
        """Whether every parameter is a finite number."""
        return bool(np.isfinite(self.network.parameters).all() and np.isfinite(self.result.parameters).all())

    def step(self) -> tuple[int, float, int, float]:
        """Train on the next batch.

        Numbers that overflow on the way are warned of as NumPy is set to.

        Returns:
            Images in it, their summed loss (nats), how many were right, and the learning rate used.

        Raises:
            Diverged: The loss is not finite; nothing was changed.
        """
        if not self._ordered:
            self._team.arrays["order"][...] = self.rows[self._rng.permutation(len(self.rows))]
            self._key = int(self._rng.integers(2**63))
            self._ordered = True
        start = self.batch * self._batch_size
        stop = min(start + self._batch_size, len(self.rows))
        rate = self.learning_rate * self.schedule_factor(self.batch)
        count = self.epoch * self.batches + self.batch + 1
        # The average's decay is smaller over the first steps, so that the random beginning is soon forgotten.
        follow = 1 - min(self.config.average, count / (9 + count))
        shrink = 1 - rate * self.config.weight_decay
        loss, correct = self._team.step(Step(start, stop, self._key, count, rate, shrink, follow))
        if not math.isfinite(loss):
            raise Diverged
        self.batch += 1
        self.loss += loss
        self.correct += correct
        return stop - start, loss, correct, rate

    def at_work(self) -> AbstractContextManager[None]:
        """Inside it other processes help, where the settings ask for them."""
        return self._team.at_work()

    def finish_epoch(self) -> None:
        """Count the epoch as done."""
        self.epoch += 1
        self.batch = self.correct = 0
        self.loss = self.epoch_seconds = 0.0
        self._ordered = False

    def capture(self) -> TrainingState:
        """A copy of all that the rest of the run depends on.

        Raises:
            Diverged: A parameter is not a finite number; such a state is not worth keeping.
        """
        if not self.finite:
            raise Diverged
        return TrainingState(
            parameters=self.network.parameters.copy(),
            optimizer={name: array.copy() for name, array in self._remembered().items()},
            generator=dict(self._rng.bit_generator.state),
            order=self._team.arrays["order"].copy() if self._ordered else np.empty(0, np.intp),
            key=self._key,
            epoch=self.epoch,
            batch=self.batch,
            loss=self.loss,
            correct=self.correct,
            learning_rate=self.learning_rate,
            seconds=self.seconds,
            epoch_seconds=self.epoch_seconds,
            made_with=self._made_with,
        )

    def _remembered(self) -> dict[str, Array]:
        """What the next step depends on beside the parameters: the optimizer's arrays, and the average."""
        return {
            name.removeprefix("optimizer."): array
            for name, array in self._team.arrays.items()
            if name.startswith("optimizer.") or name == "average"
        }

    def restore(self, state: TrainingState) -> None:
        """Go back to, or on from, ``state``.

        Raises:
            CheckpointError: The state belongs to a run with other settings or another dataset.
        """
        check_made_with(state.made_with, self._made_with, self.config.dataset)
        ours = self._remembered()
        fits = state.parameters.shape == self.network.parameters.shape and _shapes(state.optimizer) == _shapes(ours)
        # In the middle of an epoch the order must be one of these very images: the dataset may have been replaced.
        if not fits or (len(state.order) and not np.array_equal(np.sort(state.order), self.rows)):
            raise CheckpointError("the checkpoint does not fit the run's settings or dataset; start the run again")
        self.network.parameters[...] = state.parameters
        for name, array in state.optimizer.items():
            ours[name][...] = array
        self._rng.bit_generator.state = state.generator
        self._key, self._ordered = state.key, len(state.order) > 0
        if self._ordered:
            self._team.arrays["order"][...] = state.order
        self._team.forget()
        self.epoch, self.batch = state.epoch, state.batch
        self.loss, self.correct = state.loss, state.correct
        self.learning_rate = state.learning_rate
        self.seconds, self.epoch_seconds = state.seconds, state.epoch_seconds


def _shapes(arrays: dict[str, Array]) -> dict[str, tuple[int, ...]]:
    return {name: array.shape for name, array in arrays.items()}

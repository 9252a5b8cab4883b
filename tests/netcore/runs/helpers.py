"""Runs for the tests of this room: on the toy dataset, in this process or in one of their own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcore.models.model import load_model
from netcore.runs.preparing import prepare
from netcore.runs.recorder import record
from netcore.runs.requests import RemoteControls
from netcore.runs.run import Run
from netcore.training.config import TrainingConfig
from netcore.training.controls import Controls
from netcore.training.events import Event

ENDLESS = 100_000


def config(**settings: Any) -> TrainingConfig:
    usual = {
        "dataset": "toy",
        "layers": "relu(6), softmax(10)",
        "epochs": 3,
        "batch_size": 16,
        "validation": 12,
        "workers": 1,
    }
    return TrainingConfig(**(usual | settings))


def straight(settings: TrainingConfig) -> NDArray[np.float32]:
    """The parameters after the same run in one go, in this process."""
    training = prepare(settings)
    for kept in record(Run.create(training.config), training, Controls()):
        model = getattr(kept.event, "model", None)
    return load_model(model).network.parameters


def wait_until(condition: Callable[[], object]) -> None:
    """Look again and again; the limit is far away."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "never came true"
        time.sleep(0.005)  # what is waited for needs the core


def told(run: Run, kind: type[Event]) -> list[Any]:
    """All events of a kind that are in the log."""
    return [kept.event for kept in run.records() if isinstance(kept.event, kind)]


@contextmanager
def ended(run: Run) -> Iterator[None]:
    """Whatever happens, the process that trains the run ends with the block."""
    try:
        yield
    finally:
        if run.alive:
            RemoteControls(run).stop(keep=False)
            wait_until(lambda: not run.alive)

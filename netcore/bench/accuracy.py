"""Time to accuracy: how long the presets train, from nothing, and how long other libraries need for as much."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

from netcore.bench.job import REFERENCE
from netcore.bench.limit import limit
from netcore.bench.program import run_program
from netcore.bench.rounds import interleaved
from netcore.datasets.library import Part
from netcore.nn.network import as_inputs
from netcore.nn.threads import available_threads, use_threads

__all__ = ["Reached", "limit_seconds", "peers_until", "time_program"]

Epoch = Callable[[], object]
Accuracy = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Reached:
    """How far somebody came.

    Attributes:
        name: Who.
        epochs: How many it trained.
        seconds: Spent training.
        test_accuracy: After that, in [0, 1].
        around: Seconds of everything else: start of the process, loading, evaluation, saving; None where not measured.
        memory: The most that the process had (bytes); None where it is not one of its own.
    """

    name: str
    epochs: int
    seconds: float
    test_accuracy: float
    around: float | None = None
    memory: int | None = None


def limit_seconds(images: int, rounds: int = 3) -> float:
    """Seconds of one limit: the products of an epoch of the reference job over so many images."""
    return interleaved([limit(REFERENCE, images)], rounds)[0].median


def time_program(name: str, command: Sequence[str]) -> Reached:
    """Time a training command that prints its events as JSON, in a process and a home of its own.

    Raises:
        NetcoreError: It did not end well.
    """
    with TemporaryDirectory() as home:
        ended = run_program(command, {"MNIST_TUI_HOME": home})
    events = [json.loads(line) for line in ended.output.splitlines()]
    epochs = [event["seconds"] for event in events if event["event"] == "epoch_finished"]
    seconds = sum(epochs)
    accuracy = events[-1]["test_accuracy"]
    return Reached(name, len(epochs), seconds, accuracy, ended.seconds - seconds, ended.memory)


def peers_until(train: Part, test: Part, accuracy: float, epochs: int) -> list[Reached]:
    """PyTorch and scikit-learn, where installed, at their usual settings, until they are that good on the test images.

    Args:
        train: Images to train on.
        test: Images to measure on after each epoch, which does not count.
        accuracy: At which they may stop, in [0, 1].
        epochs: After which they must.
    """
    use_threads(available_threads())
    makers: dict[str, Callable[[Part, Part], tuple[Epoch, Accuracy]]] = {"torch": _torch, "sklearn": _sklearn}
    names = {"torch": "PyTorch (Adam)", "sklearn": "scikit-learn (Adam)"}
    installed = [library for library in makers if importlib.util.find_spec(library)]
    return [_until(names[library], *makers[library](train, test), accuracy, epochs) for library in installed]


def _until(name: str, epoch: Epoch, measure: Accuracy, accuracy: float, most: int) -> Reached:
    """Train until the accuracy is reached, or for so many epochs.

    Args:
        name: Who trains.
        epoch: Trains for one; this is what is timed.
        measure: The accuracy on the test images so far.
        accuracy: At which to stop, in [0, 1].
        most: Epochs.
    """
    seconds, reached, done = 0.0, 0.0, 0
    while reached < accuracy and done < most:
        begin = perf_counter()
        epoch()
        seconds += perf_counter() - begin
        reached = measure()
        done += 1
    return Reached(name, done, seconds, reached)


def _torch(train: Part, test: Part) -> tuple[Epoch, Accuracy]:
    """PyTorch as its tutorials have it: Adam with its defaults, batches of 64, the data in memory."""
    import torch  # noqa: PLC0415  # may not be installed

    torch.manual_seed(0)
    images, labels = torch.from_numpy(as_inputs(train.images)), torch.from_numpy(train.labels.astype(np.int64))
    unseen, truth = torch.from_numpy(as_inputs(test.images)), torch.from_numpy(test.labels.astype(np.int64))
    layers: list[Any] = []
    for inputs, outputs in pairwise(REFERENCE.sizes):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    optimizer = torch.optim.Adam(model.parameters())

    def epoch() -> None:
        for chosen in torch.randperm(len(images)).split(64):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(images[chosen]), labels[chosen]).backward()
            optimizer.step()

    def measure() -> float:
        with torch.no_grad():
            return float((model(unseen).argmax(1) == truth).float().mean())

    return epoch, measure


def _sklearn(train: Part, test: Part) -> tuple[Epoch, Accuracy]:
    """scikit-learn's MLPClassifier with its defaults: Adam, batches of 200."""
    from sklearn.neural_network import MLPClassifier  # noqa: PLC0415  # may not be installed

    images, unseen = as_inputs(train.images), as_inputs(test.images)
    model = MLPClassifier(hidden_layer_sizes=REFERENCE.sizes[1:-1], random_state=0)
    classes = np.arange(REFERENCE.sizes[-1])
    return (
        lambda: model.partial_fit(images, train.labels, classes=classes),
        lambda: float(model.score(unseen, test.labels)),
    )

"""A trained network and its file: an ``.npz`` with ``W0, b0, W1, b1, ...`` and a card.

Files of other from-scratch programs are read too: no card, any float type, biases of shape (1, n).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from netcore.errors import BadModelFile
from netcore.models.card import Card, read_card
from netcore.models.headers import read_architecture, reading
from netcore.models.library import find_model
from netcore.nn.activations import Array
from netcore.nn.network import Network
from netcore.resources import replacing

__all__ = ["Model", "load_model", "save_model"]


@dataclass(frozen=True, slots=True)
class Model:
    """A network with its card, if it has one, and the file that it came from."""

    name: str
    path: Path
    network: Network
    card: Card | None


def load_model(name: str | Path) -> Model:
    """Read a model.

    Args:
        name: Of a bundled or own model, or a path to an ``.npz``.

    Raises:
        ModelNotFound: There is none of that name or path.
        BadModelFile: The file is not a model: damaged, arrays missing or not fitting each other, numbers that are not
            finite, or Python objects, which could run code and are never loaded.
    """
    path = find_model(name)
    card = read_card(path)
    network = Network(read_architecture(path, card.architecture if card else None))
    # A number too large for float32 becomes infinite, and is found below.
    with reading(path), np.load(path, allow_pickle=False) as arrays, np.errstate(over="ignore"):
        for i, (weights, biases) in enumerate(zip(network.weights, network.biases, strict=True)):
            weights[...] = arrays[f"W{i}"]
            biases[...] = arrays[f"b{i}"].reshape(-1)
    if not np.isfinite(network.parameters).all():
        raise BadModelFile(f"{path}: some of its parameters are not finite numbers; train it again")
    return Model(path.stem, path, network, card)


def save_model(path: Path, network: Network, card: Card) -> None:
    """Write a model; ``path`` is either as it was or whole.

    Raises:
        StorageError: The disk is full or the folder cannot be written.
    """
    arrays: dict[str, Array] = {}
    for i, (weights, biases) in enumerate(zip(network.weights, network.biases, strict=True)):
        arrays[f"W{i}"], arrays[f"b{i}"] = weights, biases
    with replacing(path) as file:
        np.savez(file, allow_pickle=False, card=np.array(card.to_json()), **arrays)

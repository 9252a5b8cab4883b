"""A trained network and its file: an ``.npz`` with ``W0, b0, W1, b1, ...`` and a card.

Files of other from-scratch programs are read too: no card, any float type, biases of shape (1, n).
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from netcore.errors import ArchitectureError, BadModelFile
from netcore.models.card import Card, read_card
from netcore.models.library import find_model
from netcore.nn.activations import Array
from netcore.nn.architecture import Architecture, Layer
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
    weights, biases = _read_arrays(path)
    architecture = _architecture(path, weights, card)
    network = Network(architecture)
    for layer, (ours, theirs) in enumerate(zip(network.weights, weights, strict=True)):
        ours[...] = theirs
        network.biases[layer][...] = biases[layer]
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


def _read_arrays(path: Path) -> tuple[list[Array], list[Array]]:
    """Weights (inputs, outputs) and biases (outputs,), each layer fitting the one before."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            layers = sum(1 for name in arrays.files if name.startswith("W") and name[1:].isdigit())
            weights = [arrays[f"W{i}"] for i in range(layers)]
            biases = [arrays[f"b{i}"].reshape(-1) for i in range(layers)]
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error, AttributeError) as error:
        raise BadModelFile(f"{path}: not a model file ({error}); expected an .npz with W0, b0, W1, b1, ...") from error
    if not layers:
        raise BadModelFile(f"{path}: holds no weights; expected W0, b0, W1, b1, ...")
    for i, (w, b) in enumerate(zip(weights, biases, strict=True)):
        if w.dtype.kind != "f" or b.dtype.kind != "f":
            raise BadModelFile(f"{path}: W{i} and b{i} are of type {w.dtype} and {b.dtype}; expected floats")
        if w.ndim != 2 or b.shape != w.shape[1:]:
            raise BadModelFile(f"{path}: W{i} {w.shape} and b{i} {b.shape} do not fit; expected (inputs, n) and (n,)")
    for i, (first, second) in enumerate(pairwise(weights)):
        if first.shape[1] != second.shape[0]:
            raise BadModelFile(f"{path}: W{i} {first.shape} and W{i + 1} {second.shape} do not follow each other")
    return weights, biases


def _architecture(path: Path, weights: list[Array], card: Card | None) -> Architecture:
    """From the card; without one, hidden layers are taken as relu and the last as softmax."""
    inputs = len(weights[0])
    try:
        if card is None:
            sizes = [w.shape[1] for w in weights]
            return Architecture((*(Layer("relu", size) for size in sizes[:-1]), Layer("softmax", sizes[-1])), inputs)
        architecture = Architecture.parse(card.architecture, inputs)
    except ArchitectureError as error:
        raise BadModelFile(f"{path}: {error}") from error
    if architecture.sizes != (inputs, *(w.shape[1] for w in weights)):
        raise BadModelFile(f"{path}: its card says {architecture}, its arrays have {[w.shape for w in weights]}")
    return architecture

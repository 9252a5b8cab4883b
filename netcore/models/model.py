"""A trained network, or a committee of some, and its file: an ``.npz`` with its arrays and a card.

    W0, b0, W1, b1, ...        of a network; Wi is (inputs, outputs), bi is (outputs,)
    0/W0, 0/b0, ..., 1/W0, ... of a committee, its members one after the other
    card                       a JSON text, see `netcore.models.card`

They are kept in float32 or, where the card says so, in float16; in memory they are float32. Files of other from-scratch
programs are read too: no card, any float type, biases of shape (1, n).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from netcore.errors import BadModelFile, ModelError
from netcore.models.card import Card, read_card
from netcore.models.committee import Committee
from netcore.models.headers import read_architectures, reading
from netcore.models.library import find_model
from netcore.models.members import committee_refused, layers_text
from netcore.nn.network import Network
from netcore.resources import replacing

__all__ = ["Model", "load_model", "save_model"]


@dataclass(frozen=True, slots=True)
class Model:
    """A network with its card, if it has one, and the file that it came from.

    Attributes:
        name: Of the file, without its ending.
        path: Of the file.
        network: What gives probabilities for images.
        card: What is known of it.
    """

    name: str
    path: Path
    network: Network | Committee
    card: Card | None

    @property
    def members(self) -> tuple[Network, ...]:
        """The networks that it is made of."""
        return self.network.members if isinstance(self.network, Committee) else (self.network,)

    @property
    def classes(self) -> int:
        """Number of classes that it tells apart."""
        return self.members[0].architecture.classes

    @property
    def layers(self) -> str:
        """Its layers, for people."""
        return layers_text(str(self.network.architecture), len(self.members))

    def single(self) -> Network:
        """The network, for those who need one and not a committee.

        Raises:
            ModelError: It is a committee.
        """
        if isinstance(self.network, Committee):
            raise ModelError(committee_refused(self.name, len(self.members)))
        return self.network


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
    architectures = read_architectures(path, card.layers if card else None)
    networks = {head: Network(architecture) for head, architecture in architectures.items()}
    # A number too large for float32 becomes infinite, and is found below.
    with reading(path), np.load(path, allow_pickle=False) as arrays, np.errstate(over="ignore"):
        for head, network in networks.items():
            for i, (weights, biases) in enumerate(zip(network.weights, network.biases, strict=True)):
                weights[...] = arrays[f"{head}W{i}"]
                biases[...] = arrays[f"{head}b{i}"].reshape(-1)
    if not all(np.isfinite(network.parameters).all() for network in networks.values()):
        raise BadModelFile(f"{path}: some of its parameters are not finite numbers; train it again")
    return Model(path.stem, path, networks[""] if "" in networks else Committee(tuple(networks.values())), card)


def save_model(path: Path, network: Network | Committee, card: Card, *, new: bool = False) -> None:
    """Write a model, its parameters as ``card.stored`` says; ``path`` is either as it was or whole.

    For float16 the parameters should be rounded already, see `netcore.models.compact`: then nothing is lost here.

    Args:
        path: The file.
        network: What is written.
        card: What is told of it.
        new: Whether there must be no such file yet.

    Raises:
        FileTaken: There is one.
        StorageError: The disk is full or the folder cannot be written.
    """
    networks = (
        {f"{i}/": member for i, member in enumerate(network.members)}
        if isinstance(network, Committee)
        else {"": network}
    )
    arrays: dict[str, NDArray[np.floating]] = {}
    for head, one in networks.items():
        for i, (weights, biases) in enumerate(zip(one.weights, one.biases, strict=True)):
            arrays[f"{head}W{i}"] = weights.astype(card.stored, copy=False)
            arrays[f"{head}b{i}"] = biases.astype(card.stored, copy=False)
    with replacing(path, new=new) as file:
        np.savez(file, allow_pickle=False, card=np.array(card.to_json()), **arrays)

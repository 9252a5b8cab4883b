"""Everything needed to go on with a run from one batch as if it had never stopped, and its file.

``checkpoint.npz`` holds the parameters, the optimizer's arrays, the order of the epoch's images, and one JSON text with
the rest. It is written to a temporary file, synced and renamed, and the one before is kept as
``checkpoint-before.npz``: there is always a whole checkpoint, and a second one where the disk has spoilt the first.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcore.archives import UNREADABLE
from netcore.errors import CheckpointError, DamagedCheckpoint
from netcore.nn.activations import Array
from netcore.resources import replacing

__all__ = ["StateCaptured", "TrainingState", "checkpoint_before", "load_checkpoint", "save_checkpoint"]

FORMAT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingState:
    """A run between two batches.

    Attributes:
        parameters: (parameters,) float32.
        optimizer: Its arrays by name, and the running average of the parameters where there is one.
        generator: State of the random generator, as NumPy gives it.
        order: (train images,) the order in which this epoch meets the images; empty between epochs.
        key: Random number of this epoch, which seeds what is drawn in its batches.
        epoch: Finished epochs.
        batch: Finished batches of the present epoch.
        loss: Summed over the images of the present epoch (nats).
        correct: Of these images, how many were right.
        learning_rate: Before the schedule's factor; differs from the configured one where a person changed it.
        seconds: Spent training, without pauses.
        epoch_seconds: Of these, in the present epoch.
        made_with: The settings and the images, as `netcore.training.identity.made_with` tells them; empty where an
            earlier version of the program has written it.
    """

    parameters: Array
    optimizer: dict[str, Array]
    generator: dict[str, Any]
    order: NDArray[np.intp]
    key: int
    epoch: int
    batch: int
    loss: float
    correct: int
    learning_rate: float
    seconds: float
    epoch_seconds: float
    made_with: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StateCaptured:
    """The loop has come to a point worth keeping. Whoever drives the loop decides what to do with it."""

    state: TrainingState


_POSITION = ("generator", "key", "epoch", "batch", "loss", "correct", "learning_rate", "seconds", "epoch_seconds")


def checkpoint_before(path: Path) -> Path:
    """Where `save_checkpoint` keeps the checkpoint that ``path`` was before."""
    return path.with_name(f"{path.stem}-before{path.suffix}")


def save_checkpoint(path: Path, state: TrainingState) -> None:
    """Write ``state``, and keep the checkpoint before it. At every instant one of the two files is there and whole.

    Raises:
        StorageError: The disk is full or the folder cannot be written; ``path`` is as it was.
    """
    arrays: dict[str, NDArray[Any]] = {"parameters": state.parameters, "order": state.order}
    arrays |= {f"optimizer.{name}": array for name, array in state.optimizer.items()}
    position = {"format": FORMAT, "arrays": sorted(arrays), "made_with": state.made_with}
    position |= {name: getattr(state, name) for name in _POSITION}
    with replacing(path, checkpoint_before(path)) as file:
        np.savez(file, allow_pickle=False, position=np.array(json.dumps(position)), **arrays)


def load_checkpoint(path: Path) -> TrainingState:
    """Read what `save_checkpoint` wrote.

    Raises:
        DamagedCheckpoint: It is damaged or cut short.
        CheckpointError: There is none, or it may not be read, or another version wrote it.
    """
    try:
        # Opened here: np.load leaves a damaged file open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            position = json.loads(str(arrays["position"]))
            if position["format"] != FORMAT:
                raise CheckpointError(
                    f"{path}: written in format {position['format']}, this version reads {FORMAT}; use the version of"
                    " mnist-tui that wrote it"
                )
            if "arrays" in position and {*position["arrays"], "position"} != {*arrays.files}:
                raise ValueError(f"it holds {', '.join(arrays.files)}")
            return TrainingState(
                parameters=arrays["parameters"],
                order=arrays["order"],
                optimizer={
                    name.removeprefix("optimizer."): arrays[name]
                    for name in arrays.files
                    if name.startswith("optimizer.")
                },
                **{name: position[name] for name in _POSITION},
                made_with=position.get("made_with", {}),
            )
    except FileNotFoundError as error:
        raise CheckpointError(f"{path}: there is no checkpoint yet; start the run again") from error
    except PermissionError as error:
        raise CheckpointError(f"{path}: cannot be read: {error.strerror}; make it readable") from error
    except UNREADABLE as error:
        raise DamagedCheckpoint(f"{path}: damaged or cut short ({error}); start the run again") from error

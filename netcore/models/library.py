"""Every model that there is: those that come with the program and the user's own. NumPy is not needed to list them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from netcore.errors import BadModelFile, ModelNotFound, SettingError
from netcore.models.card import Card, read_card
from netcore.models.headers import read_architectures
from netcore.models.members import common_layers, layers_text
from netcore.resources import bundled, expanded, user_folder

__all__ = ["ModelEntry", "check_free", "find_model", "free_name", "list_models", "model_path", "read_entry", "taken"]


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A line of the list. What a file without a card does not say is None or empty.

    Attributes:
        name: Of the file, without its ending.
        path: Of the file.
        bundled: Whether it came with the program.
        card: Of the model; None where the file has none.
        architecture: Its layers; of a committee those of its members.
        parameters: How many weights and biases, of all members.
        members: How many networks it is made of.
        problem: Why the file cannot be used; None where it can.
    """

    name: str
    path: Path
    bundled: bool
    card: Card | None = None
    architecture: str = ""
    parameters: int | None = None
    members: int = 1
    problem: str | None = None

    @property
    def layers(self) -> str:
        """Its layers, for people."""
        return layers_text(self.architecture, self.members)

    @property
    def dataset(self) -> str:
        """Name of the dataset that it was trained on."""
        return self.card.dataset if self.card else ""

    @property
    def epochs(self) -> int | None:
        """That it was trained for."""
        return self.card.epochs if self.card else None

    @property
    def test_accuracy(self) -> float | None:
        """In [0, 1]."""
        return self.card.test_accuracy if self.card else None

    @property
    def reference(self) -> str:
        """What `find_model` finds it by: its name, or its path where a bundled model of that name comes first."""
        hidden = not self.bundled and (bundled("models") / self.path.name).exists()
        return str(self.path) if hidden else self.name


def list_models() -> list[ModelEntry]:
    """The bundled models, the smallest first, then the user's own by name.

    A file that is not a model is listed with its problem.
    """
    along, own = (
        [
            read_entry(path, bundled=comes_along)
            for path in sorted(folder.glob("*.npz"), key=lambda path: path.stem)
            if not path.name.startswith(".")
        ]
        for folder, comes_along in ((bundled("models"), True), (user_folder("models"), False))
    )
    return [*sorted(along, key=lambda entry: entry.parameters or 0), *own]


def find_model(name: str | Path) -> Path:
    """The file of a model.

    Args:
        name: Of a bundled or own model, or a path to an ``.npz`` file.

    Raises:
        ModelNotFound: There is none; names those that there are.
    """
    text = os.fspath(name)
    if os.sep not in text and not text.endswith(".npz"):
        for folder in (bundled("models"), user_folder("models")):
            if _is_there(folder / f"{text}.npz"):
                return folder / f"{text}.npz"
        known = ", ".join(entry.name for entry in list_models() if entry.problem is None) or "none"
        raise ModelNotFound(f"no model is called {text!r}; there are: {known}. A path to an .npz works too")
    path = expanded(text)
    if not _is_there(path):
        raise ModelNotFound(f"{text}: no such file; name a model or a path to an .npz")
    return path


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long, or a folder that may not be looked into
        return False


def model_path(name: str) -> Path:
    """Where the user's own model of that name is kept."""
    return user_folder("models") / f"{name}.npz"


def taken(name: str) -> bool:
    """Whether a model has this name, as far as can be seen: in a folder that hides what it has nothing can be saved."""
    return _is_there(bundled("models") / f"{name}.npz") or _is_there(model_path(name))


def check_free(name: str) -> None:
    """Check that no model has this name yet: training never writes over a model.

    Raises:
        SettingError: One has.
    """
    if taken(name):
        raise SettingError(
            "name", f"there is already a model called {name!r}; choose another name, e.g. {free_name(name)!r}"
        )


def free_name(stem: str) -> str:
    """A name that no model has yet: ``stem-1``, ``stem-2``, ..."""
    taken = {path.stem for folder in (bundled("models"), user_folder("models")) for path in folder.glob("*.npz")}
    return next(name for number in count(1) if (name := f"{stem}-{number}") not in taken)


def read_entry(path: Path, *, bundled: bool = False) -> ModelEntry:
    """The line of one file."""
    try:
        card = read_card(path)
        architectures = read_architectures(path, card.layers if card else None).values()
    except BadModelFile as error:
        return ModelEntry(path.stem, path, bundled, problem=str(error))
    return ModelEntry(
        path.stem,
        path,
        bundled,
        card,
        architecture=common_layers(map(str, architectures)),
        parameters=sum(architecture.parameters for architecture in architectures),
        members=len(architectures),
    )

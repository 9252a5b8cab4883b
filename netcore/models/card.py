"""The card of a model: what it is, how it was trained, how good it is. It travels inside the model's file.

Cards are read without NumPy: the app's first screen lists every model, and importing NumPy would take a third of its
time.
"""

from __future__ import annotations

import dataclasses
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Literal, get_args

from netcore.errors import ArchitectureError
from netcore.models.headers import Header, reading
from netcore.models.members import Member, common_layers, showable
from netcore.nn.architecture import Architecture

__all__ = ["FORMAT", "Card", "Stored", "read_card"]

FORMAT = 1

Stored = Literal["float32", "float16"]
"""How parameters are kept in a file. In memory they are float32."""

MOST_CARD_BYTES = 64 * 2**20
"""A card larger than this is no card: reading it must not fill the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is known of a trained network.

    Attributes:
        name: Under which it was saved.
        dataset: Name of the dataset that it was trained on.
        classes: Names of the classes, in the order of its outputs.
        architecture: Its layers, e.g. ``relu(128), relu(64), softmax(10)``; of a committee those of its members.
        members: Of a committee; empty for a single network.
        stored: How its parameters are kept in the file.
        settings: Of its training, as `netcore.training.config.TrainingConfig.to_json` gives them.
        seed: Of its training.
        epochs: That it was trained for.
        batch: Batches of the epoch after these, where it was stopped within one.
        test_accuracy: In [0, 1]; None where it was not measured.
        test_loss: Mean cross-entropy (nats).
        validation_accuracy: After the last epoch; None where no images were held out.
        validation_loss: Likewise.
        ece_validation: Expected calibration error on these images, in [0, 1]; None where none were held out.
        temperature: Fitted on these images, see `netcore.models.calibration`; likewise.
        history: Columns with a number an epoch: ``train_loss``, ``train_accuracy``, ``validation_loss``,
            ``validation_accuracy``, ``learning_rate``, ``seconds``.
        seconds: Its training took, without pauses.
        run: Id of the run that made it; empty where it does not say.
        made_at: When, as ISO 8601 in UTC.
        versions: Of the programs and libraries that made it.
    """

    name: str
    dataset: str
    classes: tuple[str, ...]
    architecture: str
    members: tuple[Member, ...] = ()
    stored: Stored = "float32"
    settings: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    epochs: int | None = None
    batch: int = 0
    test_accuracy: float | None = None
    test_loss: float | None = None
    validation_accuracy: float | None = None
    validation_loss: float | None = None
    ece_validation: float | None = None
    temperature: float | None = None
    history: Mapping[str, list[float | None]] = field(default_factory=dict)
    seconds: float | None = None
    run: str = ""
    made_at: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def layers(self) -> tuple[str, ...]:
        """Layers of each network: of each member, or of the only one."""
        return tuple(member.architecture for member in self.members) or (self.architecture,)

    def to_json(self) -> str:
        """The card as a JSON text."""
        return json.dumps({"format": FORMAT} | dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Card:
        """The card of such a text. Fields that this version does not know are left out.

        Raises:
            ValueError: The text is not a card.
        """
        values = json.loads(text)
        if not isinstance(values, dict) or not isinstance(values.get("format"), int):
            raise ValueError("not a card")
        if values["format"] > FORMAT:
            raise ValueError(f"a card of format {values['format']}, this version reads up to {FORMAT}")
        known = {item.name for item in dataclasses.fields(cls)}
        try:
            values["members"] = tuple(Member.from_json(member) for member in values.get("members", ()))
            card = cls(**{name: value for name, value in values.items() if name in known})
            card._check()
            architectures = [Architecture.parse(layers) for layers in card.layers]
        except (TypeError, AttributeError, ArchitectureError) as error:
            raise ValueError(f"not a card: {error}") from error
        for architecture in architectures:
            if len(card.classes) != architecture.classes:
                raise ValueError(f"not a card: {len(card.classes)} names of classes for {architecture}")
        layers = common_layers(map(str, architectures))
        return dataclasses.replace(card, classes=tuple(card.classes), architecture=layers)

    def _check(self) -> None:
        """Check that every field is of its kind, since screens format them. Raises TypeError."""
        texts = (
            self.name,
            self.dataset,
            self.architecture,
            self.run,
            self.made_at,
            *self.classes,
            *self.versions.values(),
        )
        numbers = (self.seed, self.epochs, self.batch, self.seconds, self.test_accuracy, self.test_loss)
        held_out = (self.validation_accuracy, self.validation_loss, self.ece_validation, self.temperature)
        measured = (*held_out, *chain(*self.history.values()))
        if not isinstance(self.settings, dict) or not all(isinstance(text, str) for text in texts):
            raise TypeError("a field is not text where it should be")
        if not all(showable(number) for number in (*numbers, *measured)):
            raise TypeError("a field is not a number where it should be")
        shares = (self.test_accuracy, self.validation_accuracy, self.ece_validation)
        if not all(share is None or 0 <= share <= 1 for share in shares):
            raise TypeError("a share is not between 0 and 1")
        if self.stored not in get_args(Stored):
            raise TypeError(f"stored as {self.stored!r}")
        if self.temperature is not None and not 1e-3 < self.temperature < 1e3:
            raise TypeError(f"a temperature of {self.temperature}")


def read_card(path: Path) -> Card | None:
    """The card in a model's file; None where the file has none.

    Raises:
        BadModelFile: The file is not a model, or its card cannot be read.
    """
    with reading(path):
        with zipfile.ZipFile(path) as archive:
            if "card.npy" not in archive.namelist():
                return None
            if archive.getinfo("card.npy").file_size > MOST_CARD_BYTES:
                raise ValueError("its card is too large to be one")
            content = archive.read("card.npy")
        header = Header.parse(content)
        # NumPy keeps a text as UTF-32, "<U" and its length.
        if not header.kind.startswith("<U"):
            raise ValueError(f"its card is of type {header.kind}, not text")
        return Card.from_json(content[header.start :].decode("utf-32-le").rstrip("\0"))

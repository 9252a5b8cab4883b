"""What a committee is made of, in words. NumPy is not needed: lists and cards show it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Member", "committee_refused", "common_layers", "layers_text", "showable"]

_LARGEST = 2**63
"""Beyond every seed and count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What a committee's card tells of one of its networks: enough to train it again.

    Attributes:
        name: Of the model that it was.
        architecture: Its layers, e.g. ``relu(128), relu(64), softmax(10)``.
        seed: Of its training.
        epochs: That it was trained for.
        test_accuracy: Alone, in [0, 1].
        settings: Of its training, as `netcore.training.config.TrainingConfig.to_json` gives them.
    """

    name: str
    architecture: str
    seed: int | None = None
    epochs: int | None = None
    test_accuracy: float | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Member:
        """A member from plain values. Fields that this version does not know are left out.

        Raises:
            TypeError: A field is missing or not of its kind.
        """
        known = {item.name for item in dataclasses.fields(cls)}
        member = cls(**{name: value for name, value in values.items() if name in known})
        numbers = (member.seed, member.epochs, member.test_accuracy)
        if not all(isinstance(text, str) for text in (member.name, member.architecture)):
            raise TypeError("a member's field is not text where it should be")
        if not all(showable(number) for number in numbers):
            raise TypeError("a member's field is not a number where it should be")
        if not isinstance(member.settings, dict):
            raise TypeError("a member's settings are none")
        return member


def showable(number: object) -> bool:
    """Whether this is a number that a screen can format, or none: what is larger than any seed or count is damage."""
    return number is None or (type(number) in (int, float) and not abs(number) > _LARGEST)  # type: ignore[arg-type]


def common_layers(architectures: Iterable[str]) -> str:
    """Layers of a committee: those that its members share; where they differ, each kind once, with ``+`` between."""
    return " + ".join(dict.fromkeys(architectures))


def layers_text(architecture: str, members: int) -> str:
    """Layers as people see them: ``committee of 5: relu(128), softmax(10)``; one network's alone without the words."""
    return architecture if members == 1 else f"committee of {members}: {architecture}"


def committee_refused(name: str, members: int) -> str:
    """Why a committee cannot be trained on."""
    return f"{name} is a committee of {members} networks, and training starts from one; choose a single network"

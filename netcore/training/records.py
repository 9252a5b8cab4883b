"""Events as lines of JSON: how the log keeps them, and how ``mnist-tui train --json`` prints them."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from types import UnionType
from typing import Literal, get_args, get_origin, get_type_hints

from netcore.training.events import Event

__all__ = ["EVENTS", "Record"]

EVENTS: dict[str, type[Event]] = {
    re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower(): kind for kind in get_args(Event)
}
"""Each kind of event by its name in JSON: ``run_started``, ``epoch_finished``, ..."""

_RELIED_ON = {"dataset": str, "layers": str, "epochs": int, "learning_rate": float}
"""Settings of a run without which its history could not be told."""

_LATEST = 1e11
"""Seconds since 1970: later than any calendar goes."""

_NAMES = {kind: name for name, kind in EVENTS.items()}


@dataclass(frozen=True, slots=True)
class Record:
    """An event of a run, and when it happened (seconds since 1970)."""

    run: str
    at: float
    event: Event

    def to_json(self) -> str:
        """One line: an object with ``event``, ``run``, ``at`` and the event's own fields."""
        head = {"event": _NAMES[type(self.event)], "run": self.run, "at": self.at}
        return json.dumps(head | dataclasses.asdict(self.event))

    @classmethod
    def from_json(cls, line: str | bytes) -> Record:
        """The record of such a line.

        Raises:
            ValueError: The line is not a whole record, or of a kind that this version does not know, or one of its
                values is not of its kind: screens format them, and reckon with them.
        """
        try:
            values = json.loads(line)
            kind, run, at = EVENTS[values.pop("event")], values.pop("run"), values.pop("at")
            if "classes" in values:
                values["classes"] = tuple(values["classes"])
            fits = all(_fits(value, *_FIELDS[kind][name]) for name, value in values.items())
            config = values.get("config", _RELIED_ON)
            relied_on = config is _RELIED_ON or all(_fits(config[name], {one}) for name, one in _RELIED_ON.items())
            here = type(run) is str and _fits(at, {float}) and 0 <= at < _LATEST
            if not (fits and relied_on and here and values.get("batches", 1)):
                raise TypeError("a value is not of its kind")
            return cls(run, float(at), kind(**values))
        except (KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
            raise ValueError(f"not an event: {line!r:.80}") from error


def _kinds(hint: object) -> tuple[frozenset[type], tuple[object, ...]]:
    """The types that a field of an event may have, and the words, where it has one of some."""
    words = get_args(hint) if get_origin(hint) is Literal else ()
    options = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    return frozenset({str} if words else {get_origin(option) or option for option in options}), words


_FIELDS = {kind: {name: _kinds(hint) for name, hint in get_type_hints(kind).items()} for kind in EVENTS.values()}


def _fits(value: object, kinds: AbstractSet[type], words: tuple[object, ...] = ()) -> bool:
    """Whether a value from JSON is of one of these kinds. Numbers are finite, counts not below zero."""
    if words and value not in words:
        return False
    if isinstance(value, int | float) and float in kinds:
        return abs(value) <= sys.float_info.max and not isinstance(value, bool)
    return type(value) in kinds and (type(value) is not int or value >= 0)

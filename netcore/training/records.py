"""Events as lines of JSON: how the log keeps them, and how ``mnist-tui train --json`` prints them."""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import dataclass
from typing import get_args

from netcore.training.events import Event

__all__ = ["EVENTS", "Record"]

EVENTS: dict[str, type[Event]] = {
    re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower(): kind for kind in get_args(Event)
}
"""Each kind of event by its name in JSON: ``run_started``, ``epoch_finished``, ..."""

_RELIED_ON = {"epochs", "learning_rate"}
"""Settings of a run without which its history could not be told."""

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
            ValueError: The line is not a whole record, or of a kind that this version does not know.
        """
        try:
            values = json.loads(line)
            kind, run, at = EVENTS[values.pop("event")], str(values.pop("run")), float(values.pop("at"))
            if "classes" in values:
                values["classes"] = tuple(values["classes"])
            if values.get("batches", 1) < 1 or ("config" in values and not values["config"].keys() >= _RELIED_ON):
                raise KeyError("batches, or settings that are relied on")
            return cls(run, at, kind(**values))
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"not an event: {line!r:.80}") from error

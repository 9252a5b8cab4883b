"""A model in words: its lines in the list, its card, and the curves of its training."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Literal

from rich.console import Console, ConsoleOptions
from rich.text import Text
from textual.strip import Strip

from netcore.models.card import Card
from netcore.models.library import ModelEntry
from netcore.resources import expanded
from tui.render import numbers
from tui.render.cells import Cells
from tui.render.curves import Series
from tui.render.inks import Inks
from tui.render.tier import Tier

__all__ = ["ModelLines", "card_strips", "short_path", "training_curves"]

_LABELS, _SHORT_LABELS = 16, 12
"""Cells of the column of labels, and in the shorter card."""

_IF_USED = {
    "warmup": "warmup",
    "weight decay": "weight_decay",
    "dropout": "dropout",
    "input dropout": "input_dropout",
    "label smoothing": "label_smoothing",
    "average": "average",
    "start from": "start_from",
}
"""Label of each setting that is shown only where it is used."""


@dataclass(frozen=True)
class ModelLines:
    """A model in the list: its name and how good it is, then dimly its layers, epochs and parameters.

    Attributes:
        entry: The model.
        dataset: Title of its dataset.
        columns: Cells for the names and for the datasets, so that those of all models stand below each other.
    """

    entry: ModelEntry
    dataset: str
    columns: tuple[int, int]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """As many lines as the width needs."""
        entry, (names, datasets), width = self.entry, self.columns, max(options.max_width - 2, 10)
        if entry.problem:
            yield _line((f"{entry.name:<{names}}  cannot be used", "bold"))
            lines = wrap(entry.problem, width, break_on_hyphens=False)
        else:
            accuracy = f"{numbers.percent(entry.test_accuracy):>8}{'' if entry.bundled else '  own'}"
            yield _line((f"{entry.name:<{names}}  ", "bold"), f"{self.dataset:<{datasets}}  ", accuracy)
            about = " · ".join(filter(None, (_epochs(entry.epochs), f"{numbers.count(entry.parameters)} parameters")))
            lines = [f"{entry.layers} · {about}"]
            if len(lines[0]) > width:
                lines = [*wrap(entry.layers, width), about]
        for line in lines:
            yield _line((f"  {line}", "dim"))


def _line(*parts: str | tuple[str, str]) -> Text:
    return Text.assemble(*parts, no_wrap=True, overflow="ellipsis")


def short_path(path: Path, width: int) -> str:
    """A path with ``~`` for the home folder and, where it is too long, with its middle left out."""
    text = str(path)
    home = str(expanded("~"))
    if text.startswith(home + "/"):
        text = "~" + text[len(home) :]
    if len(text) <= width:
        return text
    kept = max(width - 1, 2)
    return f"{text[: kept // 3]}…{text[-(kept - kept // 3) :]}"


def training_curves(entry: ModelEntry, unit: Literal["loss", "accuracy"]) -> list[Series]:
    """What the card tells of the loss or accuracy after each epoch; empty where it tells nothing."""
    history = entry.card.history if entry.card else {}
    curves = []
    for part in ("train", "validation"):
        values = history.get(f"{part}_{unit}", [])
        if any(value is not None for value in values):
            curves.append(Series(part, range(1, len(values) + 1), values))
    return curves


def card_strips(entry: ModelEntry, dataset: str, width: int, height: int, *, inks: Inks, tier: Tier) -> list[Strip]:
    """The card of a model, a line for each thing it tells; shorter where there are too few lines for that."""
    labels = _LABELS
    lines = _lines(_rows(entry, dataset), width - labels)
    if len(lines) > height:
        labels = _SHORT_LABELS
        lines = _lines(_few_rows(entry), width - labels)
    cells = Cells(width, len(lines), tier)
    for row, (label, value) in enumerate(lines):
        cells.write(0, row, label, inks.muted)
        cells.write(labels, row, value, inks.text)
    return cells.strips()


def _lines(rows: Iterator[tuple[str, str]], width: int) -> list[tuple[str, str]]:
    """Rows with their values broken into as many lines as their width needs."""
    lines = []
    for label, value in rows:
        parts = wrap(value, max(width, 10), break_on_hyphens=False)
        lines += [("" if place else label, part) for place, part in enumerate(parts)]
    return lines


def _rows(entry: ModelEntry, dataset: str) -> Iterator[tuple[str, str]]:
    """Everything that is known, label and value."""
    if entry.problem:
        yield "problem", entry.problem
        return
    card = entry.card
    yield "dataset", dataset or "not told by the file"
    yield "layers", entry.layers
    yield "parameters", numbers.count(entry.parameters)
    if card is None:
        yield "card", "none: the file holds the parameters only; hidden layers are taken as relu"
        return
    yield "test", _quality(card.test_accuracy, card.test_loss)
    yield from _together(card) if card.members else _trained(card)
    if card.stored != "float32":
        yield "stored", card.stored
    yield "made", f"{card.made_at[:16].replace('T', ' ')} UTC" if card.made_at else numbers.NOTHING
    yield "origin", "bundled with mnist-tui" if entry.bundled else "own"


def _trained(card: Card) -> Iterator[tuple[str, str]]:
    """How one network was trained."""
    yield "validation", _quality(card.validation_accuracy, card.validation_loss)
    settings = card.settings
    for name in ("optimizer", "learning_rate", "schedule", "batch_size"):
        yield name.replace("_", " ").removeprefix("learning "), str(settings.get(name, numbers.NOTHING))
    for label, name in _IF_USED.items():
        if settings.get(name):
            yield label, str(settings[name])
    if settings.get("augment", "none") != "none":
        yield "augmentation", str(settings["augment"])
    yield "seed", numbers.NOTHING if card.seed is None else str(card.seed)
    yield "epochs", f"{numbers.count(card.epochs)} in {numbers.duration(card.seconds)}"


def _together(card: Card) -> Iterator[tuple[str, str]]:
    """How the networks of a committee were trained."""
    yield "members", _members(card)
    each = f"{_epochs(card.epochs)} each, " if card.epochs is not None else ""
    yield "training", f"{each}{numbers.duration(card.seconds)} in all"


def _members(card: Card) -> str:
    """Each network of a committee, with its seed."""
    return ", ".join(
        member.name if member.seed is None else f"{member.name} (seed {member.seed})" for member in card.members
    )


def _few_rows(entry: ModelEntry) -> Iterator[tuple[str, str]]:
    """The same with several things in a line."""
    card = entry.card
    if entry.problem or card is None:
        yield from _rows(entry, "")
        return
    settings = card.settings
    yield "layers", entry.layers
    yield "test", _quality(card.test_accuracy, card.test_loss)
    if card.members:
        yield "members", _members(card)
    else:
        yield "validation", _quality(card.validation_accuracy, card.validation_loss)
        yield "optimizer", f"{settings.get('optimizer', numbers.NOTHING)}, {settings.get('schedule', '')}"
        yield "rate, batch", f"{settings.get('learning_rate', numbers.NOTHING)}, {settings.get('batch_size', '')}"
        yield "seed, time", f"{card.seed}, {numbers.duration(card.seconds)}"
    yield "made", f"{card.made_at[:10]}, {'bundled' if entry.bundled else 'own'}"


def _quality(accuracy: float | None, loss: float | None) -> str:
    return numbers.NOTHING if accuracy is None else f"{numbers.percent(accuracy)}, loss {numbers.loss(loss)}"


def _epochs(epochs: int | None) -> str:
    return "" if epochs is None else f"{epochs:,} epoch{'s' if epochs != 1 else ''}"

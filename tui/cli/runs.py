"""``mnist-tui runs``: every training run that there is, newest first; removes old ones. NumPy is not imported."""

from __future__ import annotations

import argparse
import dataclasses
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from netcore.errors import RunError, RunNotFound
from netcore.runs.history import History
from netcore.runs.run import FolderState, Run, list_runs, read_runs
from tui.cli.output import Column, complain, print_json, print_table, readable, write
from tui.render import numbers

__all__ = ["DESCRIPTION", "add_arguments", "run"]

DESCRIPTION = (
    "List the training runs, newest first, or remove some; their models stay. A run is broken where its process has "
    "gone before its end."
)

COLUMNS = (
    Column("run"),
    Column("state"),
    Column("epoch", right=True),
    Column("best", right=True),
    Column("process", right=True, spare=True),
    Column("started", spare=True),
    Column("name", spare=True),
    Column("path", spare=True),
)


@dataclass(frozen=True, slots=True)
class Line:
    """What the list says of a run; the fields are the keys in JSON.

    Attributes:
        run: Its id.
        name: Of its model, saved or wished for.
        state: See `netcore.runs.run.FolderState`.
        epoch: Finished epochs.
        epochs: Epochs wanted.
        best_accuracy: After the best epoch; None before the first.
        best_accuracy_on: ``validation``, the images held out, or ``train`` where there are none.
        started: Seconds since 1970; None where it never did.
        process: Number of the one that trains it; None where none does.
        path: Its folder.
    """

    run: str
    name: str | None
    state: FolderState
    epoch: int
    epochs: int
    best_accuracy: float | None
    best_accuracy_on: Literal["validation", "train"] | None
    started: float | None
    process: int | None
    path: Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which runs to remove."""
    parser.add_argument(
        "--remove", nargs="+", metavar="RUN", help="remove these, by id or name, with their checkpoints"
    )


def run(options: argparse.Namespace) -> int:
    """Print the list, or remove runs."""
    if options.remove:
        return _remove(options.remove, json=options.json)
    found, problems = read_runs()
    lines = []
    for one in found:
        try:
            lines.append(_line(one))
        except RunError as error:
            problems.append(str(error))
    for problem in problems:
        complain(problem)
    if options.json:
        print_json([dataclasses.asdict(line) for line in lines])
    elif lines:
        print_table(COLUMNS, [_texts(line) for line in lines])
    elif not problems:
        write("There are no runs yet; mnist-tui train begins one.")
    return 0


def _remove(names: list[str], *, json: bool) -> int:
    """Remove runs, or none where one of them is in use or not there."""
    if "" in names:  # elsewhere that is the newest: nothing to be removed by an empty variable of a script
        raise RunNotFound("an empty name is no run's; mnist-tui runs lists their ids")
    for name in names:
        called = [one.id for one in list_runs() if name in (one.id, one.config.name, one.history().saved_as)]
        if len(called) > 1:
            raise RunError(f"{len(called)} runs are called {name!r}: {', '.join(called)}; give their ids")
    found = {one.id: one for one in map(Run.open, names)}.values()
    for one in found:
        one.check_free()
    for one in found:
        one.remove()
        if not json:
            write(readable(f"{one.id} is removed"))
    if json:
        print_json([{"run": one.id, "removed": True} for one in found])
    return 0


def _line(found: Run) -> Line:
    records, history = found.records(), History()
    for record in records:
        history.add(record)
    best = history.best_epoch
    return Line(
        run=found.id,
        name=history.saved_as or found.config.name,
        state=found.state(history),
        epoch=len(history.epochs),
        epochs=found.config.epochs,
        best_accuracy=history.best_accuracy,
        best_accuracy_on=None if best is None else "validation" if best.held_out else "train",
        started=records[0].at if records else None,
        process=found.holder,
        path=found.path,
    )


def _texts(line: Line) -> tuple[str, ...]:
    started = None if line.started is None else datetime.fromtimestamp(line.started).astimezone()
    return (
        line.run,
        line.state,
        f"{line.epoch} / {line.epochs}",
        numbers.percent(line.best_accuracy) + (" train" if line.best_accuracy_on == "train" else ""),
        str(line.process or numbers.NOTHING),
        started.strftime("%Y-%m-%d %H:%M") if started else numbers.NOTHING,
        line.name or numbers.NOTHING,
        str(line.path),
    )

"""``mnist-tui datasets``: every dataset that there is, its files checked."""

from __future__ import annotations

import argparse
import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from netcore.datasets.info import DatasetInfo, PartName, list_datasets
from netcore.errors import DamagedFile, DatasetError
from tui.cli.output import Column, complain, print_json, print_table
from tui.render import numbers

__all__ = ["DESCRIPTION", "Line", "add_arguments", "print_datasets", "run"]

DESCRIPTION = "List the datasets and check their files against their digests. Exit code 1 where one is damaged."

COLUMNS = (
    Column("name"),
    Column("train", right=True),
    Column("test", right=True),
    Column("classes", right=True),
    Column("files"),
    Column("names", spare=True),
    Column("licence", spare=True),
    Column("origin", spare=True),
    Column("path", spare=True),
)


@dataclass(frozen=True, slots=True)
class Line:
    """What the list says of a dataset; the fields are the keys in JSON.

    Attributes:
        name: What a user types.
        title: A few words for people.
        classes: Name of each class.
        train: Images to train on.
        test: Images to test on.
        origin: Who made it, or which files it was imported from.
        licence: Its licence; empty where nobody said.
        bundled: Whether it comes with the program.
        path: Its folder.
        problem: What is wrong with its files; None where nothing is.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    train: int
    test: int
    origin: str
    licence: str
    bundled: bool
    path: Path
    problem: str | None

    @classmethod
    def of(cls, info: DatasetInfo, problem: str | None = None) -> Line:
        """The line of a dataset."""
        train, test = (info.counts.get(part, 0) for part in get_args(PartName))
        return cls(
            name=info.name,
            title=info.title,
            classes=info.classes,
            train=train,
            test=test,
            origin=info.origin,
            licence=info.licence,
            bundled=info.bundled,
            path=info.folder,
            problem=problem,
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There are none."""


def run(options: argparse.Namespace) -> int:
    """Check each dataset and print the list; what is damaged is also named on stderr."""
    lines = [Line.of(info, _problem(info)) for info in list_datasets()]
    if options.json:
        print_json([dataclasses.asdict(line) for line in lines])
    else:
        print_datasets(lines)
    damaged = [line.problem for line in lines if line.problem]
    for problem in damaged:
        complain(problem)
    return 1 if damaged else 0


def print_datasets(lines: list[Line]) -> None:
    """Print them as a table."""
    print_table(COLUMNS, [_texts(line) for line in lines])


def _problem(info: DatasetInfo) -> str | None:
    """Load all of it: that compares its files with their digests."""
    from netcore.datasets.library import load_part

    try:
        if not info.problem and not info.counts:
            raise DamagedFile(f"{info.folder}: it holds no images; remove the folder and import the dataset again")
        for part in info.counts:
            load_part(info, part)
    except DatasetError as error:
        return str(error)
    return info.problem


def _texts(line: Line) -> tuple[str, ...]:
    return (
        line.name,
        numbers.count(line.train),
        numbers.count(line.test),
        numbers.count(len(line.classes)),
        "damaged" if line.problem else "good",
        ", ".join(line.classes) or numbers.NOTHING,
        line.licence or numbers.NOTHING,
        line.origin or numbers.NOTHING,
        str(line.path),
    )

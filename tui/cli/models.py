"""``mnist-tui models``: every model that there is. NumPy is not imported."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from netcore.models.library import ModelEntry, list_models
from tui.cli.output import Column, complain, print_json, print_table
from tui.render import numbers

__all__ = ["DESCRIPTION", "add_arguments", "print_models", "run", "values_of"]

DESCRIPTION = "List the models: those that come with the program, then your own by name."

COLUMNS = (
    Column("name"),
    Column("dataset"),
    Column("layers"),
    Column("accuracy", right=True),
    Column("epochs", right=True, spare=True),
    Column("parameters", right=True, spare=True),
    Column("path", spare=True),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There are none."""


def run(options: argparse.Namespace) -> int:
    """Print the list; a file that is no model is named on stderr, and has nulls and dashes in the list."""
    entries = list_models()
    if options.json:
        print_json([values_of(entry) for entry in entries])
    else:
        print_models(entries)
    for entry in entries:
        if entry.problem:
            complain(entry.problem)
    return 0


def print_models(entries: Sequence[ModelEntry]) -> None:
    """Print a line for each."""
    print_table(COLUMNS, [_texts(entry) for entry in entries])


def values_of(entry: ModelEntry) -> dict[str, object]:
    """A model as JSON tells it; ``architecture`` is that of each of its ``members``."""
    return {
        "name": entry.name,
        "dataset": entry.dataset or None,
        "architecture": entry.architecture or None,
        "members": entry.members,
        "parameters": entry.parameters,
        "epochs": entry.epochs,
        "test_accuracy": entry.test_accuracy,
        "bundled": entry.bundled,
        "path": entry.path,
    }


def _texts(entry: ModelEntry) -> tuple[str, ...]:
    return (
        entry.name,
        entry.dataset or numbers.NOTHING,
        entry.layers or numbers.NOTHING,
        numbers.percent(entry.test_accuracy),
        numbers.count(entry.epochs),
        numbers.count(entry.parameters),
        str(entry.path),
    )

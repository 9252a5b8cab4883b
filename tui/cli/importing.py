"""``mnist-tui import``: bring in a dataset of one's own."""

from __future__ import annotations

import argparse
import dataclasses

from tui.cli.datasets import Line, print_datasets
from tui.cli.output import print_json

__all__ = ["DESCRIPTION", "add_arguments", "run"]

DESCRIPTION = (
    "Bring in grey 28 x 28 images with labels, from IDX files (gzipped or not), MATLAB (.mat), CSV or .npz. "
    "Files without a test part have every seventh image made one."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The new name, and the files."""
    parser.add_argument("name", metavar="NAME", help="name of the new dataset")
    parser.add_argument("files", metavar="FILE", nargs="+", help="files that together are the dataset")
    parser.add_argument(
        "--classes",
        metavar="A,B,C",
        type=_names,
        help="name of each class, in the order of the labels (default: 0,1,2,...)",
    )


def run(options: argparse.Namespace) -> int:
    """Import, and print what came out."""
    from netcore.datasets.importing import import_dataset

    line = Line.of(import_dataset(options.name, options.files, options.classes))
    if options.json:
        print_json(dataclasses.asdict(line))
    else:
        print_datasets([line])
    return 0


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))

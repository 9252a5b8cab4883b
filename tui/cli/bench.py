"""``mnist-tui bench``: how fast this machine trains, beside its matrix products alone and beside other libraries."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from tui.cli.output import Column, print_json, print_table, write
from tui.render import numbers

if TYPE_CHECKING:
    from netcore.bench.report import Report

__all__ = ["DESCRIPTION", "add_arguments", "run"]

DESCRIPTION = (
    "Time one epoch of training on MNIST, in turn: the matrix products alone (the limit), this program, and whatever of"
    " PyTorch, JAX and scikit-learn is installed. Ratios are medians over the rounds, each within its round."
)

COLUMNS = (
    Column("job"),
    Column("who"),
    Column("seconds an epoch", right=True),
    Column("limits", right=True),
    Column("images/s", right=True),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to measure, and how often."""
    parser.add_argument("--rounds", type=_rounds, default=5, help="epochs of each that count (default 5)")
    parser.add_argument("--quick", action="store_true", help="the reference job only")
    parser.add_argument("--peers", action="store_true", help="say how to install the other libraries, and leave")


def run(options: argparse.Namespace) -> int:
    """Measure, and print a table or one JSON object."""
    from netcore.bench.peers import INSTALL

    if options.peers:
        if options.json:
            print_json(INSTALL)
        else:
            print_table((Column("library"), Column("install with")), list(INSTALL.items()))
        return 0
    from netcore.bench.report import JOBS, measure_all

    names = list(JOBS)[:1] if options.quick else list(JOBS)
    quiet = options.json or not sys.stderr.isatty()
    report = measure_all(names, options.rounds, compare=True, tell=(lambda *_: None) if quiet else _tell)
    if options.json:
        print_json(report.to_json())
    else:
        _print(report)
    return 0


def _print(report: Report) -> None:
    print_table(
        COLUMNS,
        [
            (
                name if number == 0 else "",
                timing.name,
                f"{timing.median:.3f}",
                f"{timing.ratio:.2f}",
                numbers.count(round(60_000 / timing.median)),
            )
            for name, measured in report.jobs.items()
            for number, timing in enumerate(measured.timings)
        ],
    )
    write(f"\nprediction  {numbers.count(round(report.images_per_second))} images/s")
    write(f"memory      {report.own_memory / 1e6:.0f} MB at most, for this program's own part")
    write("versions    " + ", ".join(f"{name} {version}" for name, version in report.versions.items()))


def _tell(name: str, number: int) -> None:
    print(f"\r{name}: round {number}   ", end="", file=sys.stderr, flush=True)  # noqa: T201


def _rounds(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} does not work; use a whole number from 1 to 1000")
    return int(text)

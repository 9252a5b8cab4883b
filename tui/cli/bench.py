"""``mnist-tui bench``: how fast this machine trains, beside its matrix products alone and beside other libraries."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict

from tui.cli.bench_tables import (
    print_connection,
    print_costs,
    print_grown,
    print_reached,
    print_screen,
    print_speed,
    print_start,
)
from tui.cli.output import Column, print_json, print_table

__all__ = ["DESCRIPTION", "add_arguments", "run"]

DESCRIPTION = (
    "Time one epoch of training on MNIST, in turn: the matrix products alone (the limit), this program, and whatever of"
    " PyTorch, JAX and scikit-learn is installed. Ratios are medians over the rounds, each within its round."
)

PEERS_STOP_AT, PEERS_EPOCHS = 0.98, 30
"""Test accuracy at which the other libraries may stop, and epochs after which they must."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to measure, and how often."""
    parser.add_argument(
        "--rounds",
        type=_rounds,
        default=5,
        help="epochs of each that count, with --screen runs, with --start starts (default 5)",
    )
    what = parser.add_mutually_exclusive_group()
    for flag, measure, text in (
        ("--quick", _reference, "the reference job only"),
        ("--accuracy", _accuracy, "instead: the time to 98 and 99 %% of the test images"),
        ("--costs", _costs, "instead: what changed images and checkpoints add to an epoch"),
        ("--start", _start, "instead: how long the app and a command take to start"),
        ("--screen", _screen, "instead: what the app costs that watches a training"),
        ("--connection", _connection, "instead: what the app asks of its connection, in some minutes"),
        ("--peers", _peers, "say how to install the other libraries, and leave"),
    ):
        what.add_argument(flag, action="store_const", dest="measure", const=measure, default=_everything, help=text)
    what.add_argument(
        "--growth",
        type=_images,
        metavar="N",
        help="instead: an epoch over up to N images, from a temporary file of 784 bytes an image",
    )


def run(options: argparse.Namespace) -> int:
    """Measure, and print a table or one JSON object."""
    measure: Callable[[argparse.Namespace], None] = _growth if options.growth else options.measure
    measure(options)
    return 0


def _everything(options: argparse.Namespace) -> None:
    _speed(options, quick=False)


def _reference(options: argparse.Namespace) -> None:
    _speed(options, quick=True)


def _speed(options: argparse.Namespace, *, quick: bool) -> None:
    from netcore.bench.report import JOBS, measure_all

    names = list(JOBS)[:1] if quick else list(JOBS)
    report = measure_all(names, options.rounds, compare=True, tell=_teller(options))
    if options.json:
        print_json(report.to_json())
    else:
        print_speed(report)


def _accuracy(options: argparse.Namespace) -> None:
    from netcore.bench.accuracy import limit_seconds, peers_until, time_program
    from netcore.datasets.library import load_part
    from netcore.training.presets import PRESETS

    tell = _teller(options)
    train, test = load_part("mnist", "train"), load_part("mnist", "test")
    limit, reached = limit_seconds(len(train)), []
    for number, preset in enumerate(PRESETS, start=1):
        tell("preset", number)
        command = (sys.executable, "-m", "tui", "train", "--preset", preset, "--json")
        reached.append(time_program(f"mnist-tui, {preset}", command))
    tell("other libraries", 1)
    reached += peers_until(train, test, PEERS_STOP_AT, PEERS_EPOCHS)
    if options.json:
        rows = [asdict(row) | {"limits": row.seconds / limit} for row in reached]
        print_json({"limit_seconds": limit, "time_to_accuracy": rows})
    else:
        print_reached(reached, limit)


def _growth(options: argparse.Namespace) -> None:
    from netcore.bench.growth import UNIT, growth

    sizes = [UNIT]
    while sizes[-1] < options.growth:
        sizes.append(min(sizes[-1] * 6, options.growth))
    grown = growth(sizes)
    if options.json:
        print_json({"growth": [asdict(row) | {"seconds_per_60000": row.seconds_per_unit} for row in grown]})
    else:
        print_grown(grown)


def _costs(options: argparse.Namespace) -> None:
    from netcore.bench.costs import augmentation_costs, checkpoint_cost
    from netcore.datasets.library import load_part

    part, tell = load_part("mnist", "train"), _teller(options)
    timings = augmentation_costs(part, options.rounds, lambda number: tell("augmentation", number))
    tell("checkpoints", 1)
    cost = checkpoint_cost(part)
    if options.json:
        augmentation = [
            {"name": t.name, "median_seconds": t.median, "ratio": t.ratio, "seconds": t.seconds} for t in timings
        ]
        checkpoint = asdict(cost) | {"share": cost.share(timings[0].median)}
        print_json({"augmentation": augmentation, "checkpoint_seconds": checkpoint})
    else:
        print_costs(timings, cost)


def _start(options: argparse.Namespace) -> None:
    from tui.cli.bench_start import measure_start

    report = measure_start(options.rounds, tell=_teller(options))
    if options.json:
        print_json(report.to_json())
    else:
        print_start(report)


def _screen(options: argparse.Namespace) -> None:
    from tui.cli.bench_screen import measure_screen

    report = measure_screen(options.rounds, tell=_teller(options))
    if options.json:
        print_json(report.to_json())
    else:
        print_screen(report)


def _connection(options: argparse.Namespace) -> None:
    from tui.cli.bench_connection import measure_connection

    report = measure_connection(tell=_teller(options))
    if options.json:
        print_json(report.to_json())
    else:
        print_connection(report)


def _peers(options: argparse.Namespace) -> None:
    from netcore.bench.peers import INSTALL

    if options.json:
        print_json(INSTALL)
    else:
        print_table((Column("library"), Column("install with")), list(INSTALL.items()))


def _teller(options: argparse.Namespace) -> Callable[[str, int], None]:
    """Tells a person how far the measurement is."""
    return (lambda *_: None) if options.json or not sys.stderr.isatty() else _tell


def _tell(name: str, number: int) -> None:
    print(f"\r{name}: round {number}   ", end="", file=sys.stderr, flush=True)  # noqa: T201


def _rounds(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} does not work; use a whole number from 1 to 1000")
    return int(text)


def _images(text: str) -> int:
    if not text.isdigit() or not 60_000 <= int(text) <= 100_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} does not work; use a whole number from 60000 to 100000000")
    return int(text)

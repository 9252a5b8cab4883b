"""``mnist-tui bench``: how fast this machine trains, beside its matrix products alone and beside other libraries."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict

from tui.cli.bench_tables import print_connection, print_grown, print_reached, print_screen, print_speed
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
        "--rounds", type=_rounds, default=5, help="epochs of each that count, with --screen runs (default 5)"
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--quick", action="store_true", help="the reference job only")
    what.add_argument("--accuracy", action="store_true", help="instead: the time to 98 and 99 %% of the test images")
    what.add_argument(
        "--growth",
        type=_images,
        metavar="N",
        help="instead: an epoch over up to N images, from a temporary file of 784 bytes an image",
    )
    what.add_argument("--screen", action="store_true", help="instead: what the app costs that watches a training")
    what.add_argument(
        "--connection", action="store_true", help="instead: what the app asks of its connection, in some minutes"
    )
    what.add_argument("--peers", action="store_true", help="say how to install the other libraries, and leave")


def run(options: argparse.Namespace) -> int:
    """Measure, and print a table or one JSON object."""
    if options.peers:
        from netcore.bench.peers import INSTALL

        if options.json:
            print_json(INSTALL)
        else:
            print_table((Column("library"), Column("install with")), list(INSTALL.items()))
        return 0
    if options.accuracy:
        return _accuracy(options)
    if options.growth:
        return _growth(options)
    if options.screen:
        return _screen(options)
    if options.connection:
        return _connection(options)
    return _speed(options)


def _speed(options: argparse.Namespace) -> int:
    from netcore.bench.report import JOBS, measure_all

    names = list(JOBS)[:1] if options.quick else list(JOBS)
    report = measure_all(names, options.rounds, compare=True, tell=_teller(options))
    if options.json:
        print_json(report.to_json())
    else:
        print_speed(report)
    return 0


def _accuracy(options: argparse.Namespace) -> int:
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
    return 0


def _growth(options: argparse.Namespace) -> int:
    from netcore.bench.growth import UNIT, growth

    sizes = [UNIT]
    while sizes[-1] < options.growth:
        sizes.append(min(sizes[-1] * 6, options.growth))
    grown = growth(sizes)
    if options.json:
        print_json({"growth": [asdict(row) | {"seconds_per_60000": row.seconds_per_unit} for row in grown]})
    else:
        print_grown(grown)
    return 0


def _screen(options: argparse.Namespace) -> int:
    from tui.cli.bench_screen import measure_screen

    report = measure_screen(options.rounds, tell=_teller(options))
    if options.json:
        print_json(report.to_json())
    else:
        print_screen(report)
    return 0


def _connection(options: argparse.Namespace) -> int:
    from tui.cli.bench_connection import measure_connection

    report = measure_connection(tell=_teller(options))
    if options.json:
        print_json(report.to_json())
    else:
        print_connection(report)
    return 0


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

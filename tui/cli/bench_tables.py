"""The tables of ``mnist-tui bench``, for people."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING

from tui.cli.output import Column, print_table, write
from tui.render import numbers

if TYPE_CHECKING:
    from netcore.bench.accuracy import Reached
    from netcore.bench.growth import Grown
    from netcore.bench.report import Report
    from tui.cli.bench_screen import ScreenReport

__all__ = ["print_grown", "print_reached", "print_screen", "print_speed"]

COLUMNS = (
    Column("job"),
    Column("who"),
    Column("seconds an epoch", right=True),
    Column("limits", right=True),
    Column("images/s", right=True),
)


def print_speed(report: Report) -> None:
    """Epochs of each job, by everyone."""
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


def print_reached(reached: Sequence[Reached], limit: float) -> None:
    """Time to accuracy."""
    columns = (
        Column("who"),
        Column("epochs", right=True),
        Column("seconds", right=True),
        Column("limits", right=True),
        Column("test accuracy", right=True),
        Column("seconds around", right=True),
        Column("memory", right=True),
    )
    print_table(
        columns,
        [
            (
                row.name,
                str(row.epochs),
                f"{row.seconds:.1f}",
                f"{row.seconds / limit:.1f}",
                numbers.percent(row.test_accuracy),
                "" if row.around is None else f"{row.around:.1f}",
                "" if row.memory is None else f"{row.memory / 1e6:.0f} MB",
            )
            for row in reached
        ],
    )
    write(f"\nlimit  {limit:.3f} s: the matrix products of one epoch of the reference job")


def print_grown(grown: Sequence[Grown]) -> None:
    """Growth with the number of images."""
    columns = (
        Column("images", right=True),
        Column("seconds an epoch", right=True),
        Column("for each 60,000", right=True),
        Column("memory", right=True),
    )
    print_table(
        columns,
        [
            (
                numbers.count(row.images),
                f"{row.seconds:.2f}",
                f"{row.seconds_per_unit:.3f}",
                f"{row.memory / 1e6:.0f} MB",
            )
            for row in grown
        ],
    )


def print_screen(report: ScreenReport) -> None:
    """What the screen costs."""
    columns = (Column("round"), *(Column(f"epoch {how} a screen (s)", right=True) for how in ("with", "without")))
    print_table(
        columns,
        [
            (str(number), f"{median(shown):.3f}", f"{median(alone):.3f}")
            for number, (shown, alone) in enumerate(zip(report.with_screen, report.without, strict=True), start=1)
        ],
    )
    write(f"\nratio  {report.ratio:.3f}, the median over the rounds")
    write(f"keys   95 of 100 answered within {1000 * report.key_p95:.0f} ms, while training")
    write(f"workers that share each batch  {', '.join(map(str, sorted(set(report.workers))))}")

"""The tables of ``mnist-tui bench``, for people."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING

from tui.cli.output import Column, print_table, write
from tui.render import numbers

if TYPE_CHECKING:
    from netcore.bench.accuracy import Reached
    from netcore.bench.costs import CheckpointCost
    from netcore.bench.growth import Grown
    from netcore.bench.report import Report
    from netcore.bench.rounds import Timing
    from tui.cli.bench_connection import ConnectionReport
    from tui.cli.bench_screen import ScreenReport
    from tui.cli.bench_start import StartReport

__all__ = [
    "print_connection",
    "print_costs",
    "print_grown",
    "print_reached",
    "print_screen",
    "print_speed",
    "print_start",
]

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


def print_costs(timings: Sequence[Timing], cost: CheckpointCost) -> None:
    """Epochs with each augmentation, and checkpoints."""
    columns = (Column("augmentation"), Column("seconds an epoch", right=True), Column("ratio", right=True))
    print_table(columns, [(timing.name, f"{timing.median:.3f}", f"{timing.ratio:.2f}") for timing in timings])
    write("\na checkpoint, once an epoch")
    copying, working, writing = (1000 * seconds for seconds in (cost.copying, cost.working, cost.writing))
    write(f"  training waits  {copying:.2f} ms")
    write(f"  beside it       {working:.2f} ms of a processor, {writing:.2f} ms until it is written")
    write(f"  together        {numbers.percent(cost.share(timings[0].median))} of an epoch, at the most")


def print_start(report: StartReport) -> None:
    """How long starting takes."""
    columns = (
        Column("who"),
        Column("seconds", right=True),
        Column("beside"),
        Column("seconds", right=True),
        Column("ratio", right=True),
    )
    rows = [
        (row.name, f"{median(row.seconds):.2f}", row.beside, f"{median(row.beside_seconds):.2f}", f"{row.ratio:.2f}")
        for row in report.started
    ]
    print_table(columns, rows)


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


def print_connection(report: ConnectionReport) -> None:
    """What the app asks of its connection."""
    idle = (
        Column("while nothing happens"),
        Column("seconds", right=True),
        Column("bytes", right=True),
        Column("of a core", right=True),
    )
    rows = [
        (row.screen, f"{row.seconds:.0f}", numbers.count(row.received), numbers.percent(row.share))
        for row in report.idle
    ]
    print_table(idle, rows)
    write()
    training = (Column("a run"), Column("seconds", right=True), Column("kB", right=True), Column("kB/s", right=True))
    rows = [
        (
            " ".join(row.options) or "usual refresh",
            f"{row.seconds:.0f}",
            f"{row.received / 1000:.1f}",
            f"{row.rate / 1000:.2f}",
        )
        for row in report.training
    ]
    print_table(training, rows)
    stall, slow = report.stall, report.slow
    write(f"\nnothing read for {stall.seconds:.0f} s while training")
    write(f"  epochs   {stall.slowdown:.3f} times as long as before and after")
    write(f"  a key    {'obeyed' if stall.obeyed else 'not obeyed'} meanwhile")
    write(f"  then     the newest state {stall.newest:.2f} s later, {stall.received / 1000:.1f} kB")
    rate, delay = slow[0].connection.rate / 1000, slow[0].connection.delay * 1000
    write(f"\n{rate:g} kB/s, {delay:g} ms each way")
    keys = (Column("seconds until"), *(Column(f"{word}, {when}", right=True) for when in _WHEN for word in _WORDS))
    times = [(what, *_typical(slow[0].keys.get(what)), *_typical(slow[1].keys[what])) for what in slow[1].keys]
    times.append(("an image is complete", *_typical(slow[0].images), *_typical(slow[1].images)))
    print_table(keys, times)


_WHEN, _WORDS = ("at rest", "training"), ("median", "longest")


def _typical(seconds: Sequence[float] | None) -> tuple[str, str]:
    return (f"{median(seconds):.2f}", f"{max(seconds):.2f}") if seconds else ("", "")

"""What the app asks of its connection: ``mnist-tui bench --connection``.

Measured where the program writes, a pseudo-terminal of 120 x 40 and 256 colours, and as its terminal sees it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tui.cli.bench_slow import Slow, Stall, measure_slow, measure_stall
from tui.cli.bench_traffic import Idle, Training, measure_idle, measure_training
from tui.cli.measured_app import COLUMNS, LINES

__all__ = ["ConnectionReport", "measure_connection"]


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """What was measured.

    Attributes:
        idle: Each screen while nothing happens.
        training: A run at the default refresh, and one with ``--low-bandwidth``.
        stall: A connection that stalls while training.
        slow: Keys over a slow connection, without and with a run under way.
    """

    idle: tuple[Idle, ...]
    training: tuple[Training, ...]
    stall: Stall
    slow: tuple[Slow, ...]

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        told = asdict(self)
        for row, training in zip(told["training"], self.training, strict=True):
            row["bytes_per_second"] = training.rate
        told["stall"]["slowdown"] = self.stall.slowdown
        return told | {"terminal": [COLUMNS, LINES], "colours": 256}


def measure_connection(
    *,
    idle: float = 10.0,
    epochs: int = 30,
    stall: float = 30.0,
    keys: int = 8,
    tell: Callable[[str, int], None] = lambda *_: None,
) -> ConnectionReport:
    """Measure all, in some minutes.

    Args:
        idle: Seconds for which each screen is looked at.
        epochs: Of each run whose bytes are counted.
        stall: Seconds for which the connection stalls, and for which it is looked at before and after.
        keys: How many of each kind are pressed over a slow connection.
        tell: Called with what is being done, and how often it was.

    Raises:
        NetcoreError: The app did not do what it was to do.
    """
    screens: list[Idle] = []
    with TemporaryDirectory() as home:
        for screen in measure_idle(Path(home), idle):
            screens.append(screen)
            tell("idle screen", len(screens))
    trainings: list[Training] = []
    for number, options in enumerate(((), ("--low-bandwidth",)), start=1):
        tell("training", number)
        with TemporaryDirectory() as home:
            trainings.append(measure_training(Path(home), epochs, *options))
    tell("stall", 1)
    with TemporaryDirectory() as home:
        stalled = measure_stall(Path(home), stall)
    slow: list[Slow] = []
    for training in (False, True):
        tell("slow connection", len(slow) + 1)
        with TemporaryDirectory() as home:
            slow.append(measure_slow(Path(home), keys, training=training))
    return ConnectionReport(tuple(screens), tuple(trainings), stalled, tuple(slow))

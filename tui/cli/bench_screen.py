"""What the screen costs: epochs with the app open on Train beside epochs without it, and how soon a key is answered.

The real program runs in a real pseudo-terminal that is read, at the default settings of both. Runs with and without
the screen take turns, so that a machine that changes its speed is fair to both.
"""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from netcore.errors import NetcoreError
from tui.cli.measured_app import (
    COLUMNS,
    ENTER,
    LEFT,
    LINES,
    PROGRAM,
    RIGHT,
    begin_training,
    environment,
    log,
    open_app,
    open_train,
    wait_for_epochs,
)

__all__ = ["ScreenReport", "measure_screen"]

PATIENCE = 1000
"""How often a key is pressed to come to the first epoch."""


@dataclass(frozen=True, slots=True)
class ScreenReport:
    """What was measured.

    Attributes:
        with_screen: Seconds of each epoch, for each round, the app being open on Train.
        without: Likewise of ``mnist-tui train``.
        workers: That shared each batch, in each of these runs.
        key_seconds: For each key, from its being sent until its effect had arrived, while training.
    """

    with_screen: tuple[tuple[float, ...], ...]
    without: tuple[tuple[float, ...], ...]
    workers: tuple[int, ...]
    key_seconds: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The median over the rounds of the median epoch with the screen, divided by the one without."""
        pairs = zip(self.with_screen, self.without, strict=True)
        return median(median(shown) / median(alone) for shown, alone in pairs)

    @property
    def key_p95(self) -> float:
        """Seconds within which 95 of 100 keys were answered."""
        ordered = sorted(self.key_seconds)
        return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "epoch_seconds_with_screen": self.with_screen,
            "epoch_seconds_without": self.without,
            "ratio": self.ratio,
            "workers": self.workers,
            "key_seconds": {"median": median(self.key_seconds), "p95": self.key_p95, "keys": len(self.key_seconds)},
            "terminal": [COLUMNS, LINES],
        }


def measure_screen(rounds: int, keys: int = 60, *, tell: Callable[[str, int], None] = lambda *_: None) -> ScreenReport:
    """Train in turns with and without the screen, then press keys while it trains.

    Args:
        rounds: Runs of each.
        keys: How many to press.
        tell: Called with what is done, and how often it was.

    Raises:
        NetcoreError: The app did not do what it was to do.
    """
    with_screen: list[tuple[float, ...]] = []
    without: list[tuple[float, ...]] = []
    workers: list[int] = []
    for number in range(rounds):
        for runs, train in ((with_screen, _in_the_app), (without, _alone)):
            seconds, used = _epochs(train)
            runs.append(seconds)
            workers.append(used)
        tell("screen", number + 1)
    with TemporaryDirectory() as home:
        answered = _answers(Path(home), keys)
    return ScreenReport(tuple(with_screen), tuple(without), tuple(workers), answered)


def _epochs(train: Callable[[Path], None]) -> tuple[tuple[float, ...], int]:
    """Seconds of each epoch but the first of a run, from its log, and its workers. The first one warms up."""
    with TemporaryDirectory() as home:
        train(Path(home))
        events = log(Path(home))
    finished = [event["seconds"] for event in events if event["event"] == "epoch_finished"]
    return tuple(finished[1:]), events[0]["config"]["workers"]


def _in_the_app(home: Path) -> None:
    with open_app(home) as app:
        open_train(app)
        app.press(ENTER)
        app.wait_for("COMPLETED", 600)
        app.press(b"q")
        app.drain(0.1)


def _alone(home: Path) -> None:
    command = [*PROGRAM, "train", "--json"]
    done = subprocess.run(command, env=environment(home), capture_output=True, check=False)  # noqa: S603  # ourselves
    if done.returncode:
        raise NetcoreError(f"training without a screen failed: {done.stderr.decode().strip()}")


def _answers(home: Path, keys: int) -> tuple[float, ...]:
    """Seconds until each of these many keys is answered, at irregular moments of a long run.

    The keys move the read-out between the first and the second epoch, to and fro: what is waited for was not on the
    screen before the key.
    """
    moments = random.Random(0)  # noqa: S311  # nothing secret
    with open_app(home) as app:
        begin_training(app, 100_000)
        wait_for_epochs(app, home, 3)
        for _ in range(PATIENCE):
            app.press(LEFT)
            app.drain(0.3)
            if _reading(1) in app.screen.text:
                break
        else:
            raise NetcoreError("the app's read-out did not come to the first epoch; is the machine busy?")
        answered = []
        for number in range(keys):
            app.drain(moments.uniform(0.05, 0.3))
            app.press(LEFT if number % 2 else RIGHT)
            answered.append(app.wait_for(_reading(1 if number % 2 else 2)))
    return tuple(answered)


def _reading(epoch: int) -> str:
    """What the loss plot says while this epoch is read."""
    return f"Loss  epoch {epoch} "

"""What the app writes, and works, while nothing happens, and what a training has it write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from tui.cli.measured_app import ENTER, ESCAPE, begin_training, open_app, open_train
from tui.cli.pseudo_terminal import PseudoTerminal

__all__ = ["SCREENS", "Idle", "Training", "measure_idle", "measure_training"]

SCREENS = {
    "Models": b"1",
    "Train": b"2",
    "New network": b"n",
    "Test": b"3",
    "Confusion matrix": b"c",
    "Draw": b"d",
    "Go to": b"g",
    "Inspect": b"4",
    "Runs": b"5",
    "Help": b"?",
    "Palette": b"\x10",
}
"""The key that leads to each screen from the last mode before it, in this order."""

_MODES = b"12345"

_QUIET = 1.0
"""Seconds without a byte after which a screen is taken to be done."""

_ALONE = 0.5
"""Seconds after escape within which another key would change its meaning, and for the screen to close."""


@dataclass(frozen=True, slots=True)
class Idle:
    """A screen while nothing happens.

    Attributes:
        screen: Its name.
        seconds: For which it was looked at.
        received: Bytes.
        share: Of a core, of the whole program; None where the system does not tell.
    """

    screen: str
    seconds: float
    received: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Training:
    """A whole run, from the key that begins it until its end is shown.

    Attributes:
        options: Of the app.
        seconds: It took.
        received: Bytes.
    """

    options: tuple[str, ...]
    seconds: float
    received: int

    @property
    def rate(self) -> float:
        """Bytes a second."""
        return self.received / self.seconds


def measure_idle(home: Path, seconds: float) -> Iterator[Idle]:
    """Look at each screen for so long, once nothing came for a while; one finished run is among the runs."""
    with open_app(home) as app:
        begin_training(app, 1)
        app.wait_for("COMPLETED")
        for screen, key in SCREENS.items():
            app.press(key)
            settle(app)
            before, busy, begin = app.received, app.processor_seconds(), perf_counter()
            app.drain(seconds)
            took, now = perf_counter() - begin, app.processor_seconds()
            share = None if busy is None or now is None else (now - busy) / took
            yield Idle(screen, took, app.received - before, share)
            if key not in _MODES:
                app.press(ESCAPE)
                app.drain(_ALONE)


def settle(app: PseudoTerminal) -> None:
    """Read until nothing comes any more."""
    while app.read(_QUIET):
        pass


def measure_training(home: Path, epochs: int, *options: str) -> Training:
    """Train for so many epochs, by the settings that are offered otherwise."""
    with open_app(home, *options) as app:
        open_train(app, epochs)
        settle(app)
        before, begin = app.received, perf_counter()
        app.press(ENTER)
        app.wait_for("COMPLETED", 3600)
        return Training(options, perf_counter() - begin, app.received - before)

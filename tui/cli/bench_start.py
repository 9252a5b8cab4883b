"""How long starting takes: the app beside an app that shows nothing, a command beside the import that it needs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from netcore.errors import NetcoreError
from tui.cli.measured_app import COLUMNS, LINES, PROGRAM, environment
from tui.cli.pseudo_terminal import PseudoTerminal

__all__ = ["StartReport", "Started", "measure_start"]

EMPTY_APP = """
from textual.app import App
from textual.widgets import Footer, Header

class Empty(App):
    TITLE = "An empty app"
    BINDINGS = [("q", "quit", "Quit")]

    def compose(self):
        yield Header()
        yield Footer()

Empty().run()
"""
"""What any program pays that is made with Textual."""


@dataclass(frozen=True, slots=True)
class Started:
    """Two programs, started in turn.

    Attributes:
        name: Of ours.
        beside: Of the other.
        seconds: Of ours in each round: until its first screen is complete, or until it has ended.
        beside_seconds: Of the other.
    """

    name: str
    beside: str
    seconds: tuple[float, ...]
    beside_seconds: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The median over the rounds of our time divided by the other's in the same round."""
        return median(mine / other for mine, other in zip(self.seconds, self.beside_seconds, strict=True))


@dataclass(frozen=True, slots=True)
class StartReport:
    """Everything that was started."""

    started: tuple[Started, ...]

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {"start": [asdict(row) | {"ratio": row.ratio} for row in self.started]}


def measure_start(rounds: int, *, tell: Callable[[str, int], None] = lambda *_: None) -> StartReport:
    """Start each pair in turn, so many times after one that does not count.

    Raises:
        NetcoreError: One of them did not do what it was to do.
    """
    pairs: tuple[tuple[str, str, Callable[[], float], Callable[[], float]], ...] = (
        ("the app", "an empty Textual app", _our_app, _empty_app),
        ("evaluate mnist", "import numpy", _evaluate, _import_numpy),
    )
    started = []
    for name, beside, mine, other in pairs:
        times = []
        for number in range(rounds + 1):
            times.append((mine(), other()))
            tell(name, number)
        seconds, beside_seconds = zip(*times[1:], strict=True)
        started.append(Started(name, beside, seconds, beside_seconds))
    return StartReport(tuple(started))


def _our_app() -> float:
    return _first_screen(PROGRAM, "fashion2")


def _empty_app() -> float:
    return _first_screen((sys.executable, "-c", EMPTY_APP), "An empty app")


def _evaluate() -> float:
    return _whole((sys.executable, "-m", "tui", "evaluate", "mnist", "--json"))


def _import_numpy() -> float:
    return _whole((sys.executable, "-c", "import numpy"))


def _first_screen(command: Sequence[str], shown: str) -> float:
    """Seconds until this text and what can be done, in the last line, are on the screen."""
    with TemporaryDirectory() as home:
        begin = perf_counter()
        with PseudoTerminal(command, environment(Path(home)), COLUMNS, LINES) as app:
            app.wait_until(lambda screen: shown in screen.text and "Quit" in screen.text, shown)
            return perf_counter() - begin


def _whole(command: Sequence[str]) -> float:
    """Seconds until it has ended."""
    with TemporaryDirectory() as home:
        begin = perf_counter()
        done = subprocess.run(command, env=environment(Path(home)), capture_output=True, check=False)  # noqa: S603  # ours
        seconds = perf_counter() - begin
    if done.returncode:
        raise NetcoreError(f"{' '.join(command)} failed: {done.stderr.decode().strip()}")
    return seconds

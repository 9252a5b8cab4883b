"""The app over connections that are not good: one that stalls, and one that is slow."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from tui.cli.measured_app import LEFT, RIGHT, begin_training, epochs_of, log, open_app, wait_for_epochs
from tui.cli.pseudo_terminal import Connection, PseudoTerminal
from tui.link.grid import Grid

__all__ = ["SLOW", "Slow", "Stall", "measure_slow", "measure_stall"]

SLOW = Connection(rate=10_000, delay=0.3)

_LONG = 100_000
"""Epochs of a run that is not to end."""

_WATCHED = 3.5
"""Seconds after a key for which is looked what changes: what has not come by then is not told from what never does."""


@dataclass(frozen=True, slots=True)
class Stall:
    """A connection that takes nothing for a while, between two whiles as long in which it does.

    Attributes:
        seconds: Each of the three took.
        epochs: Seconds of the epochs that ended in each.
        obeyed: Whether a key that was pressed while it stalled had its effect then.
        newest: Seconds from when it moved again until the newest state was seen.
        received: Bytes until then.
    """

    seconds: float
    epochs: tuple[tuple[float, ...], ...]
    obeyed: bool
    newest: float
    received: int

    @property
    def slowdown(self) -> float:
        """The median epoch while it stalled, over that before and after."""
        before, during, after = self.epochs
        return median(during) / median([*before, *after])


@dataclass(frozen=True, slots=True)
class Slow:
    """Keys over a slow connection.

    Attributes:
        connection: Which.
        training: Whether a run was under way.
        keys: Seconds until the first effect of each key was seen, by what the key does.
        images: Seconds until each next test image was complete, with its answer.
    """

    connection: Connection
    training: bool
    keys: dict[str, tuple[float, ...]]
    images: tuple[float, ...]


def measure_stall(home: Path, seconds: float) -> Stall:
    """Read, do not read, and read again while training, each for so long."""
    with open_app(home) as app:
        begin_training(app, _LONG)
        wait_for_epochs(app, home, 2)
        counts = [len(epochs_of(home))]
        app.drain(seconds)
        counts.append(len(epochs_of(home)))
        sleep(seconds / 2)
        app.press(b"[")
        sleep(seconds / 2)
        counts.append(len(epochs_of(home)))
        obeyed = any(event["event"] == "setting_changed" for event in log(home))
        before, begin = app.received, perf_counter()
        app.wait_until(lambda screen: _epoch_on(screen) >= counts[-1], f"epoch {counts[-1]}")
        newest, received = perf_counter() - begin, app.received - before
        app.drain(seconds)
        took = [float(epoch["seconds"]) for epoch in epochs_of(home)]
        parts = zip(counts, [*counts[1:], len(took)], strict=True)
        return Stall(seconds, tuple(tuple(took[begin:end]) for begin, end in parts), obeyed, newest, received)


def _epoch_on(screen: Grid) -> int:
    """The epoch that the first line says is under way."""
    found = re.search(r"training epoch (\d+)", screen.text.partition("\n")[0])
    return int(found[1]) if found else 0


def measure_slow(home: Path, keys: int, *, training: bool) -> Slow:
    """Press so many keys of each kind over a slow connection."""
    effects: dict[str, list[float]] = {"another screen begins": [], "another image begins": []}
    images = []
    with open_app(home, connection=SLOW) as app:
        if training:
            begin_training(app, _LONG)
            wait_for_epochs(app, home, 4)
            effects["another epoch is read"] = _read_epochs(app, keys)
        app.wait_for("Quit")
        for _ in range(2):
            app.press(b"3")  # the second time nothing is loaded any more
            app.wait_for("next wrong ones")
            app.drain(_WATCHED)
            app.press(b"1")
            app.drain(_WATCHED)
        for number in range(keys):
            effects["another screen begins"].append(_watch(app, b"13"[(number + 1) % 2 :][:1], _modes)[0])
        app.press(b"3")
        app.drain(_WATCHED)
        for number in range(keys):
            key = RIGHT if number % 2 else b"r"
            first, complete = _watch(app, key, _image)
            effects["another image begins"].append(first)
            images.append(complete)
    return Slow(SLOW, training, {what: tuple(seconds) for what, seconds in effects.items()}, tuple(images))


def _read_epochs(app: PseudoTerminal, keys: int) -> list[float]:
    """Seconds until the read-out of the plots, moved to and fro, was seen at another epoch."""
    app.press(LEFT * 3)
    app.drain(_WATCHED)
    return [_watch(app, LEFT if number % 2 else RIGHT, _loss_title)[0] for number in range(keys)]


def _watch(app: PseudoTerminal, key: bytes, part: Callable[[Grid], object]) -> tuple[float, float]:
    """Seconds after a key until a part of the screen began to change, and until it was as it is at the end."""
    before, changes = part(app.screen), []
    app.press(key)
    begin = perf_counter()
    while (left := begin + _WATCHED - perf_counter()) > 0:
        app.read(left)
        if (now := part(app.screen)) != before:
            before = now
            changes.append(perf_counter() - begin)
    return (changes[0], changes[-1]) if changes else (_WATCHED, _WATCHED)


def _modes(screen: Grid) -> object:
    """The names of the modes, and which is the present one."""
    return screen.pens[0][:45]


def _loss_title(screen: Grid) -> object:
    """What the loss plot says of the epoch that is read."""
    return re.findall(r"Loss  epoch \d+", screen.text)


def _image(screen: Grid) -> object:
    """The test image in its frame, and beside it the answer, without the other images below that."""
    lines = screen.text.split("\n")
    top = next((row for row, line in enumerate(lines) if "─ #" in line), 0)
    others = next((row for row, line in enumerate(lines) if "next wrong ones" in line), len(lines))
    width = lines[top].find("╮") + 1
    ends = [screen.width if row < others else width for row in range(screen.height)]
    return [
        (screen.characters[row][: ends[row]], screen.pens[row][: ends[row]]) for row in range(top, screen.height - 1)
    ]

"""The app in tests: a home with a dataset that a small network learns in a moment; opening a screen, keys, waiting."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import numpy as np
from textual import events
from textual._context import visible_screen_stack
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip

from netcore.datasets.idx import write_idx
from netcore.errors import RunError
from netcore.models.card import Card
from netcore.models.model import save_model
from netcore.nn.architecture import Architecture
from netcore.nn.network import Network
from netcore.runs.attached import AttachedRun
from netcore.runs.run import list_runs
from netcore.training.config import TrainingConfig
from tui.app import MnistTuiApp
from tui.render.tier import Tier
from tui.screens.session import Session
from tui.screens.tempo import Tempo

ScreenT = TypeVar("ScreenT", bound=Screen[Any])

EVERY_SIZE: list[tuple[Tier, list[tuple[int, int]]]] = [
    ("truecolor", [(80, 24), (120, 40), (200, 60), (60, 20), (41, 12)]),
    ("ascii", [(120, 40), (41, 12)]),
    *((tier, [(80, 24)]) for tier in ("256", "16", "mono")),
]
"""Where room is short or plenty, and every tier: what has room does not depend on the tier."""

ENDLESS = TrainingConfig(
    dataset="little", layers="relu(12), softmax(4)", epochs=100_000, batch_size=2, validation=60, name="endless"
)
"""A hundred epochs a second; with larger batches there would be so many that the app had no time for anything else."""


QUICK = Tempo(numbers=0.1, plots=0.25, images=0.25, title=1.0)
"""While a test waits for a plot something trains, and takes all of a core: a few times a second is soon enough."""


def fill_home(home: Path) -> None:
    """Put the dataset and two models there, one without a card, and a file that is no model."""
    for name, content in _files_of_a_home().items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(content)


@cache
def _files_of_a_home() -> dict[Path, bytes]:
    """They are made once: to squeeze the images takes longer than many a test."""
    with TemporaryDirectory() as made:
        _make_home(Path(made))
        return {path.relative_to(made): path.read_bytes() for path in Path(made).rglob("*") if path.is_file()}


def _make_home(home: Path) -> None:
    rng = np.random.default_rng(0)
    folder = home / "datasets" / "little"
    folder.mkdir(parents=True)
    for part, count in (("train", 300), ("t10k", 60)):
        labels = rng.integers(0, 4, count).astype(np.uint8)
        images = rng.integers(0, 60, (count, 28, 28)).astype(np.uint8)
        images[np.arange(count), 4 * labels + 4] = 255
        write_idx(folder / f"{part}-images-idx3-ubyte.gz", images)
        write_idx(folder / f"{part}-labels-idx1-ubyte.gz", labels)
    (folder / "dataset.json").write_text(json.dumps({"classes": ["a", "b", "c", "d"], "title": "Little rows"}))
    models = home / "models"
    network = Network.initialised(Architecture.parse("relu(12), softmax(4)"), rng)
    card = Card(
        name="mine",
        dataset="little",
        classes=("a", "b", "c", "d"),
        architecture="relu(12), softmax(4)",
        settings=TrainingConfig(layers="relu(12), softmax(4)", optimizer="adam", learning_rate=0.003).to_json(),
        seed=7,
        epochs=3,
        test_accuracy=0.8125,
        test_loss=0.4321,
        history={"train_loss": [0.9, 0.6, 0.5], "train_accuracy": [0.5, 0.7, 0.8]},
        seconds=65.0,
        made_at="2026-01-02T03:04:05+00:00",
    )
    save_model(models / "mine.npz", network, card)
    bare = {"W0": rng.normal(size=(784, 4)), "b0": np.zeros((1, 4))}
    np.savez(models / "bare.npz", **bare)
    (models / "broken.npz").write_bytes(b"not a zip")


@asynccontextmanager
async def opened(
    kind: type[ScreenT],
    *keys: str,
    model: str | None = None,
    draft: TrainingConfig | None = None,
    size: tuple[int, int] = (80, 24),
    tier: Tier = "truecolor",
) -> AsyncIterator[tuple[Pilot[Any], ScreenT]]:
    """The app on the screen that some keys lead to; runs that are left at the end are thrown away."""
    app = MnistTuiApp(tier)
    app.session.tempo = QUICK
    app.session.model = model
    app.session.draft = draft or app.session.draft
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            await press(pilot, *keys)
            await on(pilot, kind)
            assert isinstance(app.screen, kind)
            yield pilot, app.screen
            assert screen_text(pilot)  # what is left can be drawn, whatever the test has looked at
    finally:
        throw_away(app.session)


def throw_away(session: Session) -> None:
    """End all runs, of this app and of other processes, without a trace."""
    if session.own is not None:
        session.own.controls.stop(keep=False)
        assert session.own.join(20)
    for run in list_runs():
        attached = AttachedRun(run)
        if run.holder not in (None, os.getpid()):
            with suppress(RunError):  # it has ended meanwhile
                attached.controls.stop(keep=False)
            attached.start()
            assert attached.join(20)


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys as the terminal would report them; ``pilot.press`` waits long while something trains."""
    for key in keys:
        press_at_once(pilot, key)
        for _ in range(3):  # from the app to the widget, from there to its screen, and what that does
            await pilot.pause(0)


def press_at_once(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys in one burst, as a slow connection delivers them."""
    for key in keys:
        character = {"space": " ", "slash": "/"}.get(key, key if len(key) == 1 else None)
        pilot.app.post_message(events.Key(key, character))


async def until(pilot: Pilot[Any], condition: Callable[[], object]) -> None:
    """Let the app go on until something holds, and does so when no widget has anything to do; the limit is far away."""
    for _ in range(300):
        if condition():
            return
        for _ in range(10):  # the pilot's own pauses ask each widget whether it is idle
            await asyncio.sleep(0.01)
            if pilot.app._exception is not None or condition():
                break
        await pilot.pause(0)
    raise AssertionError(f"never came true; the screen shows:\n{screen_text(pilot)}")


async def on(pilot: Pilot[Any], kind: type[Screen[Any]]) -> None:
    """Wait until a screen of this kind is there with all that is on it."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.is_mounted)
    await laid_out(pilot)


async def laid_out(pilot: Pilot[Any]) -> None:
    """Wait until all widgets know their size: one may take another's room only once it has its own."""
    before, now = None, dict[Any, Any]()
    while before != now:
        await pilot.pause(0)
        before, now = now, {widget: widget.region for widget in pilot.app.screen.walk_children()}


async def resize(pilot: Pilot[Any], width: int, height: int) -> None:
    """Have the terminal be of another size, and wait until all on the screen knows."""
    await pilot.resize_terminal(width, height)
    await until(pilot, lambda: pilot.app.screen.size == (width, height))
    await laid_out(pilot)


async def show_as(pilot: Pilot[Any], tier: Tier) -> None:
    """Have all be drawn for a tier as if it had been there from the beginning: `test_display` compares the two."""
    if pilot.app.tier != tier:
        pilot.app.action_display(tier)
        for _ in range(2):  # what is styled anew, and then drawn
            await pilot.pause(0)


def screen_rows(pilot: Pilot[Any]) -> list[Strip]:
    """Everything on the screen, drawn now."""
    visible_screen_stack.set(pilot.app._background_screens)  # what is seen around a dialog
    return pilot.app.screen._compositor.render_strips()


def screen_text(pilot: Pilot[Any]) -> str:
    """Its text, line by line."""
    return "\n".join("".join(segment.text for segment in row).rstrip() for row in screen_rows(pilot))

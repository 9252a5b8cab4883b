"""Homes for tests of the app."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual._queue import Queue
from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot
from textual.screen import Screen

from netcore.datasets.info import find_dataset
from netcore.datasets.library import Part, load_part
from tests.tui.app_home import fill_home
from tests.tui.screens import nearest_mean


@pytest.fixture(scope="session", autouse=True)
def _style_sheets_are_parsed_once() -> Iterator[None]:
    """Textual parses the sheets of all widgets again for each app: a fifth of the time of these tests."""
    parsed: dict[object, Any] = {}
    parse = Stylesheet._parse_rules

    def parse_once(self: Stylesheet, css: str, read_from: Any, *about: Any, **more: Any) -> Any:
        key = (css, read_from, about, *sorted(more.items()), *sorted(self._variables.items()))
        if key not in parsed:
            parsed[key] = parse(self, css, read_from, *about, **more)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _a_pause_wakes_nobody() -> Iterator[None]:
    """The pilot asks each widget to answer, three times a key: a third of the time of these tests."""

    def is_waiting(queue: Queue[Any]) -> bool:
        return queue.empty() and bool(queue.ready_event._waiters)

    async def wait_for_screen(self: Pilot[Any], timeout: float = 30.0) -> bool:
        """Until every widget is there and has done what it was told, and what came of that is done too."""
        end = asyncio.get_running_loop().time() + timeout
        turns = 0
        while self.app._exception is None:
            pumps = [self.app, *self.app.screen.walk_children(with_self=True)]
            if all(pump._closed or is_waiting(pump._message_queue) for pump in pumps):
                return True
            assert asyncio.get_running_loop().time() < end, "widgets are still busy"
            turns += 1
            await asyncio.sleep(0 if turns < 100 else 0.002)  # one that waits for a thread leaves it the core
        return False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pilot, "_wait_for_screen", wait_for_screen)
        yield


@pytest.fixture(scope="session", autouse=True)
def draw_each_change() -> Iterator[Callable[..., Any]]:
    """Without a terminal Textual draws each change and throws that away: half of the time of these tests.

    What a test looks at it has drawn, whole (`screen_text`); and `opened` has its last screen drawn in any case. What
    this gives draws changes, for tests of which those are.
    """
    draw = Compositor.render_update

    def only_note(self: Compositor, *, screen_stack: list[Screen[Any]]) -> None:
        visible_screen_stack.set(screen_stack)
        self._dirty_regions.clear()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Compositor, "render_update", only_note)
        yield draw


@pytest.fixture
def little_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a little dataset and the models of `fill_home`."""
    monkeypatch.setenv("MNIST_TUI_HOME", str(tmp_path))
    fill_home(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def mnist() -> Part:
    """The 10,000 test images of MNIST."""
    return load_part("mnist", "test")


@pytest.fixture(scope="session")
def means(mnist: Part) -> np.ndarray:
    """Mean image of each digit."""
    return nearest_mean.means_of(mnist)


@pytest.fixture
def nearest_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, means: np.ndarray) -> Path:
    """A home with the model ``nearest``, whose answers are known without it."""
    monkeypatch.setenv("MNIST_TUI_HOME", str(tmp_path))
    nearest_mean.save(tmp_path, "nearest", means, "mnist", find_dataset("mnist").classes)
    return tmp_path

"""The program as its users start it: the installed command, in a terminal, with a home of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.program.little_run import processes_of, wait_until
from tests.terminal import Terminal
from tests.tui.app_home import fill_home, throw_away
from tui.screens.session import Session


class Opens(Protocol):
    """Starts `mnist-tui` in a terminal, ``through`` a program that starts others; options are those of Terminal."""

    def __call__(self, *arguments: str, through: Sequence[str] = (), **options: Any) -> Terminal: ...


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The user's folder, for the test and all that it starts; nothing is left running in it."""
    monkeypatch.setenv("MNIST_TUI_HOME", str(tmp_path))
    yield tmp_path
    throw_away(Session())
    wait_until(lambda: not processes_of(tmp_path))


@pytest.fixture
def little(home: Path) -> Path:
    """That folder with a small dataset in it."""
    fill_home(home)
    return home


@pytest.fixture
def mnist_tui(home: Path) -> Iterator[Opens]:
    """Start the command of this environment, or the one that MNIST_TUI_COMMAND names (an installed wheel's, say)."""
    command = os.environ.get("MNIST_TUI_COMMAND") or str(Path(sys.executable).with_name("mnist-tui"))
    with ExitStack() as opened:

        def start(*arguments: str, through: Sequence[str] = (), **options: Any) -> Terminal:
            return opened.enter_context(Terminal([*through, command, *arguments], **options))

        yield start

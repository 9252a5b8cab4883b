"""The program as its users start it: the installed command, in a terminal, with a home of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.terminal import Terminal


class Opens(Protocol):
    """Starts `mnist-tui` in a terminal, ``through`` a program that starts others; options are those of Terminal."""

    def __call__(self, *arguments: str, through: Sequence[str] = (), **options: Any) -> Terminal: ...


@pytest.fixture
def mnist_tui(tmp_path: Path) -> Iterator[Opens]:
    """Start the command of this environment, or the one that MNIST_TUI_COMMAND names (an installed wheel's, say)."""
    command = os.environ.get("MNIST_TUI_COMMAND") or str(Path(sys.executable).with_name("mnist-tui"))
    with ExitStack() as opened:

        def start(*arguments: str, through: Sequence[str] = (), **options: Any) -> Terminal:
            environment = {"MNIST_TUI_HOME": str(tmp_path), **options.pop("environment", {})}
            return opened.enter_context(Terminal([*through, command, *arguments], environment=environment, **options))

        yield start

"""An error in the program itself: the terminal is given back whole, the error is told, and no run is lost."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from netcore.runs.run import Run
from tests.program.little_run import train, wait_until
from tests.terminal import Terminal

CRASHING = """
import sys
from tui.app import MnistTuiApp
from tui.widgets.key_bar import KeyBar

def in_a_key(app):
    raise RuntimeError("injected")

def in_a_timer(app):
    app.set_timer(0.01, app.action_in_a_key)

def while_drawing(app):
    KeyBar.draw = lambda bar, *how: in_a_key(app)
    app.screen.query_one(KeyBar).redraw()

app = MnistTuiApp()
for key, error in (("f5", in_a_key), ("f6", in_a_timer), ("f7", while_drawing)):
    setattr(MnistTuiApp, f"action_{error.__name__}", error)
    app.bind(key, error.__name__)
app.run()
sys.exit(app.return_code)
"""

KEYS = {"in a key": "\x1b[15~", "in a timer": "\x1b[17~", "while drawing": "\x1b[18~"}
REPORTED = (1000, 1002, 1003, 1004, 1006, 1015, 2004, 2048)
"""Private modes in which a terminal reports what a shell does not expect: mouse, focus, pasting, size."""


@pytest.fixture
def terminal(little: Path) -> Iterator[Terminal]:
    """The app, and behind it a shell that looks at what is left."""
    script = '"$0" -c "$1"; echo "code $?"; stty -a'
    with Terminal(["/bin/sh", "-c", script, sys.executable, CRASHING]) as it:
        yield it


def assert_whole(terminal: Terminal) -> None:
    """As a shell wants it: its own screen, a cursor, an echo, lines, and no reports."""
    assert not terminal.alternate
    assert terminal.cursor_shown
    flags = terminal.text.split()
    assert {"echo", "icanon", "isig", "icrnl", "opost"} <= {flag.rstrip(";") for flag in flags}
    for mode in REPORTED:
        switched = re.findall(rb"\x1b\[\?%d([hl])" % mode, bytes(terminal.output))
        assert switched[-1:] in ([], [b"l"]), mode
    kitty = re.findall(rb"\x1b\[([<>])\d*u", bytes(terminal.output))
    assert kitty.count(b">") == kitty.count(b"<")


@pytest.mark.parametrize("where", KEYS)
def test_the_terminal_is_whole_and_the_error_is_told(terminal: Terminal, where: str):
    terminal.wait_for("n New network", "fashion1")
    assert terminal.alternate
    terminal.press(KEYS[where])
    assert terminal.wait_exit() == 0
    assert "RuntimeError: injected" in terminal.text
    assert "code 1" in terminal.text
    assert_whole(terminal)


def test_a_run_outlives_it(terminal: Terminal):
    run = train(terminal)
    terminal.press(KEYS["in a key"])
    assert terminal.wait_exit() == 0
    assert "code 1" in terminal.text
    assert_whole(terminal)
    wait_until(lambda: Run.open(run.id).alive)
    assert run.holder not in (None, 0)

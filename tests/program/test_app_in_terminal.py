"""The app in a real terminal: what a person sees after typing `mnist-tui`, on the terminals that people have."""

from __future__ import annotations

import re

import pytest

from tests.program.conftest import Opens
from tests.terminal import Terminal

MODELS = {"mnist", "mnist1", "mnist2", "fashion", "fashion1", "fashion2"}
GREY_NAMES = {"default", "black", "brightblack", "white", "brightwhite"}


def shows_all_models(terminal: Terminal) -> bool:
    """Whether each of the six stands on the screen as a word of its own."""
    return set(re.findall(r"[\w-]+", terminal.text)) >= MODELS


def says_too_small(terminal: Terminal) -> bool:
    return "too small" in " ".join(terminal.text.split()).lower()


def quit_and_check(terminal: Terminal) -> None:
    """Leave the app, which must give the terminal back as it was."""
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert not terminal.alternate
    assert terminal.cursor_shown
    assert terminal.text.strip() == ""


def is_grey(colour: str) -> bool:
    return colour in GREY_NAMES or (len(colour) == 6 and colour[:2] == colour[2:4] == colour[4:])


@pytest.mark.parametrize("term", ["xterm", "xterm-256color"])
@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (120, 40)])
def test_from_the_command_to_a_predicted_label(mnist_tui: Opens, columns: int, lines: int, term: str):
    terminal = mnist_tui(columns=columns, lines=lines, term=term)
    terminal.wait_until(shows_all_models, "all six models")
    terminal.press("enter")
    terminal.wait_until(lambda screen: "predicted" in screen.text.lower(), "a predicted label")
    assert re.search("[▀▄█▓▒░]", terminal.text), "no picture of block characters"
    quit_and_check(terminal)


def test_without_colour_everything_is_grey_and_still_said(mnist_tui: Opens):
    terminal = mnist_tui(environment={"NO_COLOR": "1"})
    terminal.wait_until(shows_all_models, "all six models")
    terminal.press("enter")
    terminal.wait_until(lambda screen: "predicted" in screen.text.lower(), "a predicted label")
    assert [colour for colour in terminal.colours if not is_grey(colour)] == []
    quit_and_check(terminal)


def test_a_terminal_that_is_too_small_is_told_so(mnist_tui: Opens):
    terminal = mnist_tui(columns=20, lines=5)
    terminal.wait_until(says_too_small, "that it is too small")
    quit_and_check(terminal)


def test_a_live_resize_fills_the_new_size(mnist_tui: Opens):
    terminal = mnist_tui(columns=80, lines=24)
    terminal.wait_until(shows_all_models, "all six models")
    for columns, lines in ((120, 40), (200, 60), (80, 24)):
        terminal.resize(columns, lines)
        terminal.wait_until(
            lambda screen: shows_all_models(screen) and "Quit" in screen.lines[-1], f"the app at {columns} x {lines}"
        )
    terminal.resize(20, 5)
    terminal.wait_until(says_too_small, "that it is too small")
    terminal.resize(80, 24)
    terminal.wait_until(shows_all_models, "all six models again")
    quit_and_check(terminal)

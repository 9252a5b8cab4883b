"""The driver, in a program on a real terminal."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.terminal import Terminal

ROOT = Path(__file__).resolve().parents[3]

RESIZED_TWICE = """
import fcntl, struct, sys, termios
from textual.app import App
from textual.widgets import Static
from tui.link.driver import LinkDriver

class Resized(LinkDriver):
    def _get_terminal_size(self):
        size = super()._get_terminal_size()
        if size == (100, 30):  # has changed again as soon as it is known
            fcntl.ioctl(sys.__stdin__, termios.TIOCSWINSZ, struct.pack("HHHH", 20, 70, 0, 0))
        return size

class Size(Static):
    def render(self):
        return f"begun {self.app.size.width} x {self.app.size.height}"

class Sized(App):
    def compose(self):
        yield Size()

Sized(driver_class=Resized).run()
"""


def test_of_two_sizes_in_a_moment_the_last_one_counts():
    with Terminal([sys.executable, "-c", RESIZED_TWICE], cwd=ROOT) as terminal:
        terminal.wait_for("begun 80 x 24")
        terminal.resize(100, 30)
        terminal.wait_for("begun 70 x 20")

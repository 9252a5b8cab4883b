"""Which tier a terminal gets."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from netcore.errors import SettingError
from tui.render.tier import detect_tier, is_light, this_terminal

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("environ", "encoding", "tier"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "utf-8", "truecolor"),
        ({"TERM": "xterm", "COLORTERM": "24bit"}, "UTF-8", "truecolor"),
        ({"TERM": "xterm-256color"}, "utf-8", "256"),
        ({"TERM": "tmux-256color"}, "utf8", "256"),
        ({"TERM": "screen-256color"}, "utf-8", "256"),
        ({"TERM": "xterm-kitty"}, "utf-8", "truecolor"),
        ({"TERM": "alacritty"}, "utf-8", "truecolor"),
        ({"TERM": "xterm-direct"}, "utf-8", "truecolor"),
        ({"TERM": "xterm"}, "utf-8", "16"),
        ({"TERM": "screen"}, "utf-8", "16"),
        ({"TERM": "linux"}, "utf-8", "16"),
        ({"TERM": "vt100"}, "utf-8", "mono"),
        ({"TERM": "dumb"}, "utf-8", "mono"),
        ({}, "utf-8", "mono"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "utf-8", "mono"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "utf-8", "256"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "ascii", "ascii"),
        ({"TERM": "xterm", "NO_COLOR": "1"}, "ISO-8859-1", "ascii"),
        ({"TERM": "xterm-256color", "LANG": "C"}, "utf-8", "ascii"),
        ({"TERM": "xterm-256color", "LANG": "de_DE.UTF-8", "LC_ALL": "POSIX"}, "utf-8", "ascii"),
        ({"TERM": "xterm-256color", "LANG": "C", "LC_ALL": "C.UTF-8"}, "utf-8", "256"),
        ({"TERM": "xterm-256color", "LANG": "C", "LC_CTYPE": "en_US.utf8"}, "utf-8", "256"),
        ({"TERM": "xterm-256color", "LANG": "de_DE.ISO-8859-1"}, "utf-8", "ascii"),
        ({"TERM": "xterm-256color", "LANG": "de_DE"}, "utf-8", "256"),
        ({"TERM": "xterm-256color", "LANG": "de_DE"}, "iso8859-1", "ascii"),
        ({"TERM": "xterm-256color", "LC_ALL": "", "LANG": ""}, "utf-8", "256"),
        ({"TERM": "vt100", "MNIST_TUI_DISPLAY": "truecolor"}, "ascii", "truecolor"),
        ({"TERM": "xterm-256color", "MNIST_TUI_DISPLAY": " ASCII "}, "utf-8", "ascii"),
    ],
)
def test_a_terminal_gets_its_tier(environ, encoding, tier):
    assert detect_tier(environ, encoding) == tier


def test_an_unknown_tier_is_refused_with_the_known_ones():
    with pytest.raises(SettingError, match=r"'sepia'.*truecolor, 256, 16, mono, ascii"):
        detect_tier({"MNIST_TUI_DISPLAY": "sepia"}, "utf-8")


@pytest.mark.parametrize(
    ("said", "light"),
    [("15;0", False), ("0;15", True), ("0;default;15", True), ("0;7", True), ("7;8", False), ("", False), ("x", False)],
)
def test_a_light_background_is_told_by_its_number(said, light):
    assert is_light({"COLORFGBG": said}) == light


@pytest.mark.parametrize(
    ("environ", "tier"),
    [
        ({"LANG": "C"}, "ascii"),
        ({"LC_ALL": "C"}, "ascii"),
        ({"LC_ALL": "POSIX"}, "ascii"),
        ({"LC_ALL": "C.UTF-8"}, "256"),
        ({"LC_CTYPE": "C.UTF-8"}, "256"),
        ({}, "256"),
    ],
)
def test_a_process_hears_of_the_locale_in_spite_of_python(environ, tier):
    """Which turns the locale C into UTF-8, in its own environment too."""
    script = "from tui.render.tier import this_terminal; print(this_terminal())"
    environ = environ | {"TERM": "xterm-256color", "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == tier


def test_the_tier_of_this_process_can_be_forced(monkeypatch):
    monkeypatch.setenv("MNIST_TUI_DISPLAY", "mono")
    assert this_terminal() == "mono"

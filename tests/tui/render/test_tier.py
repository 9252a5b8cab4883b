"""Which tier a terminal gets."""

from __future__ import annotations

import pytest

from netcore.errors import SettingError
from tui.render.tier import detect_tier, writable


@pytest.mark.parametrize(
    ("environ", "encoding", "tier"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "utf-8", "truecolor"),
        ({"TERM": "xterm", "COLORTERM": "24bit"}, "UTF-8", "truecolor"),
        ({"TERM": "xterm-256color"}, "utf-8", "256"),
        ({"TERM": "tmux-256color"}, "utf8", "256"),
        ({"TERM": "xterm-kitty"}, "utf-8", "256"),
        ({"TERM": "xterm"}, "utf-8", "16"),
        ({"TERM": "screen"}, "utf-8", "16"),
        ({"TERM": "linux"}, "utf-8", "16"),
        ({"TERM": "alacritty"}, "utf-8", "16"),
        ({"TERM": "vt100"}, "utf-8", "mono"),
        ({"TERM": "dumb"}, "utf-8", "mono"),
        ({}, "utf-8", "mono"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "utf-8", "mono"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "utf-8", "256"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "ascii", "ascii"),
        ({"TERM": "xterm", "NO_COLOR": "1"}, "ISO-8859-1", "ascii"),
        ({"TERM": "vt100", "MNIST_TUI_DISPLAY": "truecolor"}, "ascii", "truecolor"),
        ({"TERM": "xterm-256color", "MNIST_TUI_DISPLAY": " ASCII "}, "utf-8", "ascii"),
    ],
)
def test_a_terminal_gets_its_tier(environ, encoding, tier):
    assert detect_tier(environ, encoding) == tier


def test_an_unknown_tier_is_refused_with_the_known_ones():
    with pytest.raises(SettingError, match=r"'sepia'.*truecolor, 256, 16, mono, ascii"):
        detect_tier({"MNIST_TUI_DISPLAY": "sepia"}, "utf-8")


def test_text_is_spelled_in_ascii_only_where_it_must_be():
    assert writable("lr ½ – naïve ✓", "truecolor") == "lr ½ – naïve ✓"
    assert writable("lr ½ – naïve ✓ お", "ascii") == "lr 1/2 - naive v ?"

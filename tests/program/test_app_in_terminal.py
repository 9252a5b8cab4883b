"""The app in a real terminal: what a person sees after typing `mnist-tui`, on the terminals that people have."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.program.conftest import Opens
from tests.terminal import Terminal

MODELS = {"mnist", "mnist1", "mnist2", "fashion", "fashion1", "fashion2"}
ROOT = Path(__file__).resolve().parents[2]
GREY_NAMES = {"default", "black", "brightblack", "white", "brightwhite"}


def shows_all_models(terminal: Terminal) -> bool:
    """Whether each of the six stands on the screen as a word of its own."""
    return set(re.findall(r"[\w-]+", terminal.text)) >= MODELS


def says_too_small(terminal: Terminal) -> bool:
    return "too small" in " ".join(terminal.text.split()).lower()


@cache
def image_and_class(dataset: str, number: int) -> tuple[np.ndarray, str]:
    """Straight from the IDX files: images behind a header of 16 bytes, labels behind one of 8."""
    folder = ROOT / "data" / dataset
    images = gzip.decompress((folder / "t10k-images-idx3-ubyte.gz").read_bytes())[16:]
    labels = gzip.decompress((folder / "t10k-labels-idx1-ubyte.gz").read_bytes())[8:]
    classes = json.loads((folder / "dataset.json").read_text())["classes"]
    return np.frombuffer(images, np.uint8).reshape(-1, 784)[number], classes[labels[number]]


def answer_by_hand(model: str, image: np.ndarray) -> str:
    """What a bundled model takes an image for: its layers multiplied out, without the engine."""
    with np.load(ROOT / "models" / f"{model}.npz", allow_pickle=False) as arrays:
        count = sum(name.startswith("W") for name in arrays)
        layers = [(arrays[f"W{layer}"], arrays[f"b{layer}"]) for layer in range(count)]
        classes = json.loads(arrays["card"].item())["classes"]
    values = image / 255
    for weights, biases in layers[:-1]:
        values = np.maximum(values @ weights + biases, 0)
    weights, biases = layers[-1]
    return classes[int((values @ weights + biases).argmax())]


def shows_answer(number: int) -> Callable[[Terminal], bool]:
    """Whether image ``number`` (from 1) is there, and with it what the files say of the model and image named there."""

    def check(terminal: Terminal) -> bool:
        named = re.search(r"\b((?:mnist|fashion)[12]?) on (mnist|fashion-mnist)\b", terminal.text)
        if not named or f"#{number} of 10,000" not in terminal.text:
            return False
        image, true = image_and_class(named[2], number - 1)
        predicted = answer_by_hand(named[1], image)
        word = "[✓√] right" if predicted == true else "[✗x] wrong"  # as fonts of sixteen colours have them, or not
        said = (
            rf"{word} +[\d.]+ % sure",
            rf"predicted +{re.escape(predicted)}( |$)",
            rf"true +{re.escape(true)}( |$)",
            "[▀▄█▓▒░]",
        )
        return all(re.search(pattern, terminal.text, re.MULTILINE) for pattern in said)

    return check


def quit_and_check(terminal: Terminal) -> None:
    """Leave the app, which must give the terminal back as it was."""
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert not terminal.alternate
    assert terminal.cursor_shown
    assert terminal.text.strip() == ""


def is_grey(colour: str) -> bool:
    return colour in GREY_NAMES or (len(colour) == 6 and colour[:2] == colour[2:4] == colour[4:])


@pytest.mark.parametrize(("columns", "lines", "term"), [(80, 24, "xterm"), (120, 40, "xterm-256color")])
def test_from_the_command_to_a_predicted_label(mnist_tui: Opens, columns: int, lines: int, term: str):
    terminal = mnist_tui(columns=columns, lines=lines, term=term)
    terminal.wait_until(shows_all_models, "all six models")
    terminal.press("enter")
    terminal.wait_until(shows_answer(1), "the first test image, its class and the model's answer")
    terminal.press("right")
    terminal.wait_until(shows_answer(2), "the second one")
    quit_and_check(terminal)


def test_without_colour_everything_is_grey_and_still_said(mnist_tui: Opens):
    terminal = mnist_tui(environment={"NO_COLOR": "1"})
    terminal.wait_until(shows_all_models, "all six models")
    terminal.press("enter")
    terminal.wait_until(shows_answer(1), "the first test image, its class and the model's answer")
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

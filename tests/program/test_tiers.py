"""The app on the terminals that people have: each is sent what it has, and every screen says all of it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from rich._palettes import EIGHT_BIT_PALETTE

from tests.program.conftest import Opens
from tests.program.little_run import train
from tests.program.test_app_in_terminal import answer_by_hand, image_and_class
from tests.terminal import Terminal
from tui.render.tier import Tier

ONE_OF_EACH: list[tuple[str, Mapping[str, str], Tier]] = [
    ("xterm-256color", {"COLORTERM": "truecolor"}, "truecolor"),
    ("xterm-256color", {}, "256"),
    ("linux", {}, "16"),
    ("vt100", {}, "mono"),
    ("xterm-256color", {"LC_ALL": "C"}, "ascii"),
]

# How every name and locale is read is tested beside `tui.render.tier`.
OTHERS: list[tuple[str, Mapping[str, str], Tier]] = [
    ("xterm-256color", {"COLORFGBG": "0;15"}, "256"),
    ("tmux-256color", {}, "256"),
    ("xterm", {"COLORFGBG": "0;15"}, "16"),
    ("dumb", {}, "mono"),
    ("xterm-256color", {"NO_COLOR": "1", "COLORTERM": "truecolor"}, "mono"),
    ("linux", {"LC_ALL": "", "LANG": "C"}, "ascii"),
    ("vt100", {"LC_ALL": "C", "NO_COLOR": "1"}, "ascii"),
]

ATTRIBUTES = {0, 1, 2, 4, 7, 22, 24, 27}
SIXTEEN = ATTRIBUTES | {39, 49, *range(30, 38), *range(40, 48), *range(90, 98), *range(100, 108)}
CUBE_GREYS = {59, 102, 145, 188}
CURVES = {"16": "[▀▄█]", "mono": "[▀▄█]", "ascii": r"\*"}
BRAILLE = "[\u2801-\u28ff]"


def colours_sent(output: bytes) -> list[tuple[int, ...]]:
    """Each code of each SGR sequence; those that take numbers with these: ``(38, 5, 250)``."""
    found = []
    for sequence in re.findall(rb"\x1b\[([\d;]*)m", output):
        codes = iter([int(code or 0) for code in sequence.split(b";")])
        for code in codes:
            kind = next(codes) if code in (38, 48) else 0
            found.append((code, kind, *(next(codes) for _ in range({5: 1, 2: 3}[kind]))) if kind else (code,))
    return found


def is_within(sent: tuple[int, ...], tier: Tier) -> bool:
    code, *numbers = sent
    if not numbers:
        return code in (ATTRIBUTES if tier in ("mono", "ascii") else SIXTEEN)
    if numbers[0] == 2:
        return tier == "truecolor"
    return tier == "256" and numbers[1] >= 16 and numbers[1] not in CUBE_GREYS


def assert_within(terminal: Terminal, tier: Tier) -> None:
    """Nothing that was ever sent is beyond the tier, and what tells it from the one below is used."""
    output = bytes(terminal.output)
    sent = {*colours_sent(output)}
    assert [each for each in sent if not is_within(each, tier)] == []
    assert tier != "ascii" or output.isascii()
    told_by = {"truecolor": {(38, 2)}, "256": {(38, 5)}, "16": {(96,), (34,)}}  # cyan on black, blue on white
    assert tier not in told_by or {each[:2] for each in sent} & told_by[tier]


def pixels_seen(terminal: Terminal, tier: Tier) -> list[list[object]]:
    """What stands within the frame of the test image: greys, two rows of them a line, or the characters."""
    top = next(row for row, line in enumerate(terminal.lines) if "#1 of 10,000" in line)
    left = re.search(r"\S", terminal.lines[top]).start() + 1
    cells = [[terminal.cell(left + column, top + 1 + row) for column in range(28)] for row in range(14)]
    if tier not in ("truecolor", "256"):
        return [[cell.data for cell in row] for row in cells]
    halves = [[[cell.fg if cell.data == "▀" else cell.bg for cell in row], [cell.bg for cell in row]] for row in cells]
    return [[_lightness(colour) for colour in half] for pair in halves for half in pair]


def _lightness(colour: str) -> object:
    """Of a grey; any other colour as it is called."""
    return int(colour[:2], 16) if re.fullmatch(r"([0-9a-f]{2})\1\1", colour) else colour


def pixels_meant(image: np.ndarray, tier: Tier) -> list[list[object]]:
    """The same from the file's bytes."""
    rows = image.reshape(28, 28).astype(int)
    if tier == "truecolor":
        return rows.tolist()
    if tier == "256":
        greys = [EIGHT_BIT_PALETTE[number][0] for number in (16, *range(232, 256), 231)]
        return [[min(greys, key=lambda grey: abs(grey - value)) for value in row] for row in rows.tolist()]
    ramp = " .:-=+*#%@" if tier == "ascii" else " ░▒▓█"
    means = (rows[::2] + rows[1::2]) / 510
    return [[ramp[int(value * (len(ramp) - 1) + 0.5)] for value in row] for row in means.tolist()]


def shows_first_image(tier: Tier) -> Callable[[Terminal], bool]:
    """Whether the first test image is there pixel by pixel, with what it is and what it is taken for."""
    image, true = image_and_class("fashion-mnist", 0)
    predicted = answer_by_hand("fashion", image)

    def check(terminal: Terminal) -> bool:
        if "#1 of 10,000" not in terminal.text or "sure" not in terminal.text:
            return False
        said = (
            f"predicted +{predicted}( |$)",
            f"true +{true}( |$)",
            r"(right|wrong) +[\d.]+ % sure",
            rf"{predicted} .*%$",
        )
        words = all(re.search(pattern, terminal.text, re.MULTILINE) for pattern in said)
        return words and pixels_seen(terminal, tier) == pixels_meant(image, tier)

    return check


def shows_both_plots(tier: Tier) -> Callable[[Terminal], bool]:
    """Whether loss and accuracy stand side by side, each with its axes, its legend and its two curves."""
    curve, marks = CURVES.get(tier, BRAILLE), "o" if tier == "ascii" else "•"

    def check(terminal: Terminal) -> bool:
        halves = ("\n".join(line[:40] for line in terminal.lines), "\n".join(line[40:] for line in terminal.lines))
        return all(
            title in half
            and "train" in half
            and "validation" in half
            and re.search(rf"[┤+].*{curve}.*{marks}", half)
            and re.search(r"^ *(\d+ +)*\d+ *$", half, re.MULTILINE)
            for title, half in zip(("Loss", "Accuracy"), halves, strict=True)
        )

    return check


@pytest.mark.parametrize(("term", "environment", "tier"), OTHERS)
def test_a_terminal_is_sent_what_it_has(mnist_tui: Opens, term: str, environment: Mapping[str, str], tier: Tier):
    terminal = mnist_tui(term=term, environment=environment)
    terminal.wait_for("n New network", "fashion1")
    terminal.press("enter")
    terminal.wait_until(shows_first_image(tier), "the first test image in this tier, its class and the answer")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert_within(terminal, tier)


def test_a_tier_can_be_asked_for(mnist_tui: Opens):
    terminal = mnist_tui("--display", "ascii", environment={"MNIST_TUI_DISPLAY": "truecolor"})
    terminal.wait_for("n New network", ">fashion")
    terminal.press("enter")
    terminal.wait_until(shows_first_image("ascii"), "the first test image in letters")
    assert_within(terminal, "ascii")


DIALOGS = {
    "1": {"?": ["Everywhere"], "n": ["augmentation", "enter Train"], "/": ["part of a name"]},
    "3": {
        "m": ["enter choose", "mnist2"],
        "g": ["Go to image", "enter go"],
        "c": ["recognised|taken for", "T-sh Trou"],
        "d": ["your drawing", "it sees"],
        "o": ["Open an image", "nothing opened yet"],
    },
}
"""Mode and key of each, with what it says."""


def says(patterns: list[str]) -> Callable[[Terminal], bool]:
    return lambda terminal: all(re.search(pattern, terminal.text) for pattern in patterns)


@pytest.mark.parametrize(("term", "environment", "tier"), ONE_OF_EACH)
def test_every_screen_is_whole_in_every_tier(
    mnist_tui: Opens, little: Path, term: str, environment: Mapping[str, str], tier: Tier
):
    terminal = mnist_tui(term=term, environment=environment)
    terminal.wait_for("n New network", "fashion1")
    for mode, dialogs in DIALOGS.items():
        terminal.press(mode)
        if mode == "3":
            terminal.wait_until(shows_first_image(tier), "the first test image, its class and the answer")
            terminal.wait_for("of 10,000 wrong")
        for key, said in dialogs.items():
            terminal.press(key)
            says = [re.compile(each) for each in said]
            terminal.wait_until(
                lambda screen, says=says: all(each.search(screen.text) for each in says), f"{key}: {said}"
            )
            terminal.press("escape")
            terminal.wait_until(
                lambda screen, says=says: not all(each.search(screen.text) for each in says), f"no {said}"
            )
    terminal.press("4")
    for said in ("neuron 1 ", "#1 of 10,000", "product", "parameters"):
        terminal.wait_for("layer 1", said)
        terminal.press("v")
    terminal.press("5")
    terminal.wait_for("There are no runs yet.")
    terminal.press("1")
    train(terminal)
    terminal.wait_until(shows_both_plots(tier), "both plots")
    terminal.wait_for("RUNNING", "epoch ", "batch ", "learning rate")
    terminal.press("space")  # from here on it would only take the core from the screens
    terminal.wait_for("PAUSED")
    terminal.press("]")
    terminal.wait_for("0.1 -> 0.2" if tier == "ascii" else "0.1 → 0.2")
    terminal.press("x")
    terminal.wait_for("Stop and keep", "Throw away", "Detach")
    terminal.press("escape")  # which with the next key behind it would be another
    terminal.wait_until(lambda screen: "Stop and keep" not in screen.text, "no question any more")
    terminal.press("5")
    terminal.wait_for("paused", "little")
    terminal.press("ctrl+p")
    terminal.wait_for("Display 256", "Display ascii")
    assert_within(terminal, tier)


def test_another_tier_from_the_palette(mnist_tui: Opens):
    terminal = mnist_tui(term="xterm")
    terminal.wait_for("n New network", "fashion1")
    terminal.press("enter")
    terminal.wait_until(shows_first_image("16"), "the first test image in shades")
    for tier in ("256", "ascii", "truecolor", "mono"):
        terminal.press("ctrl+p")
        terminal.wait_for("Search for commands")
        terminal.press(*f"display {tier}", "enter")
        terminal.wait_until(shows_first_image(tier), f"the first test image in {tier}")
        assert tier != "ascii" or terminal.text.isascii()


def epoch_of(terminal: Terminal) -> int:
    """The one in the first line; 0 while that is being written."""
    found = re.search(r"training epoch (\d+) of", terminal.text)
    return int(found[1]) if found else 0


def test_a_run_survives_every_size_of_its_terminal(mnist_tui: Opens, little: Path):
    terminal = mnist_tui()
    train(terminal)
    generator = random.Random(0)
    sizes = [(20, 5), (1, 1), (40, 12), (200, 60), (39, 12), (40, 11), (80, 24)]
    sizes += [(generator.randint(1, 220), generator.randint(1, 70)) for _ in range(40)]
    for place, (columns, lines) in enumerate(sizes):
        terminal.resize(columns, lines)
        if place < 7:
            small = columns < 40 or lines < 12
            terminal.wait_for("Quit" if not small else "too small" if columns > 8 else "")
        if place == 20:
            terminal.press("x")  # the question stays open through all the others
    terminal.resize(80, 24)
    terminal.wait_until(shows_both_plots("256"), "both plots again")
    terminal.wait_for("Stop and keep", "Throw away")
    terminal.wait_until(epoch_of, "how far the run is")
    reached = epoch_of(terminal)
    terminal.wait_until(lambda screen: epoch_of(screen) > reached, f"more than epoch {reached}")
    terminal.press("t")
    terminal.wait_for("thrown away")
    terminal.press("q")
    assert terminal.wait_exit() == 0

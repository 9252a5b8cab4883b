"""What the program asks of its connection: bytes, and what comes first. Times are for the benchmark."""

from __future__ import annotations

import select
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.program.conftest import Opens
from tests.terminal import Terminal
from tui.cli.bench_traffic import SCREENS, measure_idle
from tui.cli.measured_app import begin_training, epochs_of, log, open_app, wait_for_epochs
from tui.cli.pseudo_terminal import Connection


def until(condition: Callable[[], object]) -> None:
    """Wait, without reading what the program writes."""
    for _ in range(2000):
        if condition():
            return
        select.select([], [], [], 0.03)
    raise AssertionError("never came true")


def test_nothing_is_written_while_nothing_happens(tmp_path: Path):
    seen = list(measure_idle(tmp_path, 0.3))
    assert [screen.screen for screen in seen] == list(SCREENS)
    assert [screen.screen for screen in seen if screen.received] == []


@pytest.mark.parametrize(("options", "seconds", "most"), [([], 3, 10_000), (["--low-bandwidth"], 5, 2_000)])
def test_a_training_is_shown_with_few_bytes(tmp_path: Path, options: list[str], seconds: int, most: int):
    """Longer than from one drawing of the numbers to the next, and for the first from one of the plots."""
    with open_app(tmp_path, *options) as app:
        begin_training(app, 100_000)
        wait_for_epochs(app, tmp_path, 1)
        before, seen = app.received, app.screen.text
        app.drain(seconds)
        assert app.screen.text != seen
        assert app.received - before < seconds * most


def test_a_connection_that_stalls_has_the_newest_state_when_it_moves_and_hears_keys_meanwhile(tmp_path: Path):
    with open_app(tmp_path) as app:
        begin_training(app, 100_000)
        wait_for_epochs(app, tmp_path, 2)
        before = app.received
        app.press(b"[")
        until(lambda: any(event["event"] == "setting_changed" for event in log(tmp_path)))
        begun = len(epochs_of(tmp_path))
        until(lambda: len(epochs_of(tmp_path)) >= begun + 3)
        newest = len(epochs_of(tmp_path))
        app.wait_until(
            lambda screen: any(f"training epoch {newest + more} of" in screen.text for more in (0, 1, 2)), "the newest"
        )
        assert app.received - before < 30_000
        app.wait_until(lambda screen: "┊" in screen.text, "the mark of the change")


def test_a_key_does_not_wait_for_what_training_has_to_draw(tmp_path: Path):
    with open_app(tmp_path) as app:
        begin_training(app, 100_000)
        wait_for_epochs(app, tmp_path, 1)
        app.connection = Connection(rate=2_000, delay=0.1)  # a pseudo-terminal holds 22 kB: 11 seconds
        app.drain(6)
        before = app.received
        app.press(b"l")
        app.wait_for("Loss (log)")
        assert app.received - before < 8_000


def watched(mnist_tui: Opens, *options: str, **more: object) -> Terminal:
    """The app, having trained for a moment on a small dataset."""
    terminal = mnist_tui(*options, columns=120, lines=40, **more)
    terminal.wait_for("n New network")
    terminal.press("n")
    terminal.wait_for("mnist", "epochs", "enter Train")
    terminal.press("up", "right", "down", "down", *"3", *["down"] * 6, *"60")
    terminal.wait_for("little", "240 training images")
    terminal.press("enter")
    terminal.wait_for("enter Start")
    terminal.press("enter")
    terminal.wait_for("COMPLETED")
    return terminal


@pytest.mark.usefixtures("little")
def test_the_title_says_how_it_goes_and_is_given_back(mnist_tui: Opens):
    terminal = watched(mnist_tui)
    terminal.wait_until(lambda screen: b"\x1b]2;completed" in screen.output, "the end in the title")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    written = bytes(terminal.output).decode()
    titles = [part.partition("\x07")[0] for part in written.split("\x1b]2;")[1:]]
    assert titles[-2].startswith("completed · ")
    assert titles[-2].endswith("% right · little-1")
    assert titles[-1] == ""
    assert written.index("\x1b[22;2t") < written.index("\x1b]2;")
    assert written.rindex("\x1b[23;2t") > written.rindex("\x1b]2;")


@pytest.mark.usefixtures("little")
def test_a_terminal_without_titles_is_sent_none_and_the_bell_rings_where_it_is_wanted(mnist_tui: Opens):
    terminal = watched(mnist_tui, "--notify", "bell", "--notify-at", "5%", term="linux")
    terminal.wait_until(lambda screen: screen.output.count(b"\x07") == 2, "a bell for 5 % right, and one for the end")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert b"\x1b]" not in terminal.output
    assert terminal.output.count(b"\x07") == 2


@pytest.mark.usefixtures("little")
def test_a_notice_of_the_desktop_says_what_became_of_the_run(mnist_tui: Opens):
    terminal = watched(mnist_tui, "--notify", "osc9")
    notice = b"\x1b]9;The run has completed. Its model is little-1, "
    terminal.wait_until(lambda screen: notice in screen.output, "the notice")


def test_what_the_screen_costs_is_said_when_asked_for(mnist_tui: Opens):
    terminal = mnist_tui(columns=120, lines=40)
    terminal.wait_for("n New network")
    assert "kB/s" not in terminal.lines[0]
    terminal._send(b"\x1bOR")  # F3
    terminal.wait_until(lambda screen: "kB/s" in screen.lines[0] and "CPU" in screen.lines[0], "the cost")
    terminal.press("2")
    terminal.wait_until(lambda screen: "Start" in screen.lines[-1] and "kB/s" in screen.lines[0], "likewise on Train")
    terminal._send(b"\x1bOR")
    terminal.wait_until(lambda screen: "kB/s" not in screen.lines[0], "no cost")


def test_what_something_else_wrote_is_drawn_over_on_demand(mnist_tui: Opens):
    terminal = mnist_tui()
    terminal.wait_for("n New network", "▸")
    seen = terminal.text
    terminal._stream.feed(b"\x1b[5;1HBroadcast message from root: the system goes down\x1b[m")
    assert "Broadcast" in terminal.text
    terminal.press("ctrl+l")
    terminal.wait_until(lambda screen: screen.text == seen, "what was there before")


def test_a_program_that_was_put_aside_draws_everything_again(mnist_tui: Opens):
    terminal = mnist_tui()
    terminal.wait_for("n New network", "▸")
    first, last = terminal.text.splitlines()[0], terminal.text.splitlines()[-1]
    terminal.signal(signal.SIGTSTP)
    terminal.wait_until(lambda screen: not screen.alternate and screen.cursor_shown, "the terminal as it was before")
    terminal.wait_until_stopped()
    terminal.signal(signal.SIGCONT)
    # Between them more may have come since: the card of a model is read in its own time.
    terminal.wait_until(
        lambda screen: screen.alternate and (lines := screen.text.splitlines())[0] == first and lines[-1] == last,
        "what was there before",
    )
    terminal.wait_for("n New network", "▸")


def test_a_terminal_that_was_smaller_for_a_moment_is_drawn_again(mnist_tui: Opens):
    terminal = mnist_tui()
    terminal.wait_for("n New network", "▸")
    seen = terminal.text
    terminal.resize(30, 24)
    terminal.resize(80, 24)
    terminal.wait_until(lambda screen: screen.text == seen, "what was there before")

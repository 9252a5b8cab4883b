"""The terminal that whole-program tests use, checked with programs that everybody has."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from tests.terminal import Terminal


def shell(script: str, **options: object) -> Terminal:
    return Terminal(["/bin/sh", "-c", script], **options)  # type: ignore[arg-type]


def running_cat() -> Terminal:
    """A program with no mind of its own about signals, that has shown that it is there."""
    terminal = Terminal(["cat"])
    terminal.press("x", "enter")
    terminal.wait_until(lambda screen: screen.lines[:2] == ["x", "x"], "the echo of the terminal and that of cat")
    return terminal


def test_the_program_has_a_terminal_of_the_given_size_and_kind():
    with shell('stty size; echo "$TERM"; tty', columns=91, lines=17, term="vt100") as terminal:
        assert terminal.wait_exit() == 0
        assert terminal.lines[:2] == ["17 91", "vt100"]
        assert terminal.lines[2].startswith("/dev/")


def test_the_terminal_is_the_controlling_one_so_that_ctrl_c_interrupts():
    with running_cat() as terminal:
        terminal.press("ctrl+c")
        assert terminal.wait_exit() == -signal.SIGINT


def test_keys_reach_the_program_and_its_answer_the_screen():
    with shell('read line; echo "got <$line>"; exit 7') as terminal:
        terminal.press(*"four", "space", *"keys", "enter")
        terminal.wait_for("got <four keys>")
        assert terminal.wait_exit() == 7


def test_colours_and_count_of_bytes():
    with shell(r"printf '\033[31mred\033[0m \033[38;2;1;2;3mdeep\033[0m'") as terminal:
        assert terminal.wait_exit() == 0
        assert (terminal.cell(0, 0).data, terminal.cell(0, 0).fg) == ("r", "red")
        assert terminal.colours == {"default", "red", "010203"}
        assert len(terminal.output) == len("\033[31mred\033[0m \033[38;2;1;2;3mdeep\033[0m")


def test_a_resize_is_heard():
    script = """
import os, signal
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGWINCH})
print("ready", flush=True)
signal.sigwait({signal.SIGWINCH})
print(*os.get_terminal_size())
"""
    with Terminal([sys.executable, "-c", script]) as terminal:
        terminal.wait_for("ready")
        terminal.resize(100, 30)
        terminal.wait_for("100 30")
        assert terminal.wait_exit() == 0
        assert len(terminal.lines) == 30


def test_the_alternate_screen_covers_and_gives_back_what_was_there():
    script = r"echo before; printf '\033[?1049h\033[?25lover'; read line; printf '\033[?1049l\033[?25h'; echo after"
    with shell(script) as terminal:
        terminal.wait_for("over")
        assert terminal.alternate
        assert not terminal.cursor_shown
        assert "before" not in terminal.text
        terminal.press("enter")
        assert terminal.wait_exit() == 0
        assert not terminal.alternate
        assert terminal.cursor_shown
        assert [line for line in terminal.lines if line] == ["before", "after"]


def test_a_question_of_the_program_is_answered():
    script = r"stty raw -echo; printf 'ab\033[6n'; dd bs=1 count=6 2>/dev/null | tr -d '\033'"
    with shell(script) as terminal:
        assert terminal.wait_exit() == 0
        assert "[1;3R" in terminal.text


def test_a_wait_that_fails_shows_the_screen():
    with shell("echo something else; cat") as terminal:
        terminal.wait_for("something else")
        with pytest.raises(AssertionError, match="something else"):
            terminal.wait_for("never shown", deadline=0.05)
        with pytest.raises(AssertionError, match="still runs"):
            terminal.wait_exit(deadline=0.05)
    with shell("echo farewell") as terminal, pytest.raises(AssertionError, match="the program ended"):
        terminal.wait_for("never shown")


def test_hanging_up_ends_a_program_that_does_not_mind_it():
    with running_cat() as terminal:
        terminal.hang_up()
        assert terminal.wait_exit() == -signal.SIGHUP


def test_nothing_runs_on_after_the_end():
    with shell("trap '' HUP TERM INT; echo $$ ready; while :; do read line; done") as terminal:
        terminal.wait_for("ready")
        process = int(terminal.lines[0].split()[0])
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_the_settings_of_the_tests_own_terminal_stay_outside(monkeypatch: pytest.MonkeyPatch):
    for name in ("COLUMNS", "COLORTERM", "NO_COLOR"):
        monkeypatch.setenv(name, "7")
    names = "print([name for name in ('COLUMNS', 'COLORTERM', 'NO_COLOR') if name in os.environ])"
    with Terminal([sys.executable, "-c", f"import os; {names}"]) as terminal:
        assert terminal.wait_exit() == 0
        assert terminal.lines[0] == "[]"

"""The edge of the program: usage, exit codes, errors on one line, closed pipes, and what is imported when."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import netcore
from tests.tui.cli.conftest import Runs
from tui.cli.main import COMMANDS, main

ROOT = Path(__file__).resolve().parents[3]
TUI = [sys.executable, "-m", "tui"]

HEAVY = {"numpy", "rich", "textual", "scipy", "pandas", "plotext", "PIL"}

COMMAND_THAT_LISTS_ITS_PACKAGES = """
import sys
from tui.cli.main import main
code = main(sys.argv[1:])
print(*{module.split(".")[0] for module in sys.modules}, file=sys.stderr)
sys.exit(code)
"""


def test_help_names_every_command(mnist_tui: Runs):
    said = mnist_tui("--help")
    assert said.code == 0
    assert all(f"    {command} " in said.out for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_and_json(mnist_tui: Runs, command: str):
    said = mnist_tui(command, "--help")
    assert said.code == 0
    assert said.out.startswith(f"usage: mnist-tui {command} ")
    assert "--json" in said.out


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(
    ("command", "option", "field", "value"),
    [
        ("train", ("--on-hangup", "stop"), "on_hangup", "stop"),
        ("resume", ("--on-hangup", "stop"), "on_hangup", "stop"),
        ("watch", ("--low-bandwidth",), "low_bandwidth", True),
        ("watch", ("--notify", "osc9"), "notify", "osc9"),
    ],
)
def test_some_options_stand_before_a_command_or_after_it(
    command: str, option: tuple[str, ...], field: str, value: object, before: bool, monkeypatch: pytest.MonkeyPatch
):
    heard = []
    monkeypatch.setattr(f"tui.cli.{command}.run", lambda options: heard.append(options) or 0)
    assert main([*option, command] if before else [command, *option]) == 0
    assert main([command]) == 0
    assert getattr(heard[0], field) == value
    assert getattr(heard[1], field) != value


def test_version(mnist_tui: Runs):
    assert mnist_tui("--version").out == f"mnist-tui {netcore.__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["models", "--nonsense"],
        ["models", "--js"],
        ["evaluate"],
        ["predict", "mnist"],
        ["evaluate", "mnist", "--split", "validation"],
        ["train", "--epochs", "ten"],
        ["train", "--batch-size", "most"],
        ["train", "--optimizer", "newton"],
        ["import", "name"],
        ["--display", "3d"],
    ],
)
def test_wrong_usage_is_told_with_the_usage(mnist_tui: Runs, arguments: list[str]):
    said = mnist_tui(*arguments)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("usage: mnist-tui")


def test_without_a_terminal_the_app_does_not_open(mnist_tui: Runs):
    said = mnist_tui()
    assert said.code == 2
    assert "needs a terminal" in said.err


@pytest.mark.parametrize(
    "arguments", [["evaluate", "nobody"], ["predict", "nobody", "x.png"], ["train", "--like", "nobody"]]
)
def test_an_error_is_one_line(mnist_tui: Runs, arguments: list[str]):
    said = mnist_tui(*arguments)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("mnist-tui: no model is called 'nobody'")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["models"], ["runs"], ["datasets"], ["evaluate", "mnist"], ["train"]])
def test_a_home_that_cannot_be_read_is_named(mnist_tui: Runs, arguments: list[str], home: Path, monkeypatch):
    (home / "file").touch()
    monkeypatch.setenv("MNIST_TUI_HOME", str(home / "file"))
    said = mnist_tui(*arguments)
    assert (said.code, said.out) == (1, "")
    assert (
        said.err
        == f"mnist-tui: {home}/file: cannot be read: Not a directory; set MNIST_TUI_HOME to a folder of your own\n"
    )


def test_the_home_of_nobody_is_no_folder(mnist_tui: Runs):
    said = mnist_tui("evaluate", "~nobody-has-this-name/x.npz")
    assert said.code == 1
    assert said.err.startswith("mnist-tui: ~nobody-has-this-name/x.npz: no such file")


def test_an_error_about_a_strange_name_is_one_line_that_does_not_steer_the_terminal(mnist_tui: Runs):
    said = mnist_tui("evaluate", "a\nb\x1b[2J\udcff.npz")
    assert said.code == 1
    assert said.err.startswith(r"mnist-tui: a\nb\x1b[2J\udcff.npz: ")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["models"], ["models", "--json"], ["--help"], ["train", "--help"]])
def test_a_reader_who_leaves_is_no_error(arguments: list[str]):
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([*TUI, *arguments], check=False, cwd=ROOT, stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_full_disk_behind_the_output_is_a_named_error(guesser: Path):
    with Path("/dev/full").open("w") as full:
        command = [*TUI, "evaluate", guesser]
        done = subprocess.run(command, check=False, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert done.stderr == "mnist-tui: standard output cannot be written: No space left on device\n"


@pytest.mark.parametrize("said", [{"PYTHONIOENCODING": "latin-1"}, {"LC_ALL": "C"}, {"LC_ALL": "", "LANG": "C"}])
def test_an_output_without_unicode_gets_ascii(guesser: Path, said: dict[str, str]):
    environment = os.environ | said
    command = [*TUI, "evaluate", guesser]
    done = subprocess.run(command, check=True, cwd=ROOT, env=environment, capture_output=True)
    assert done.stdout.isascii()
    assert b"200 test images" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "imported"),
    [
        (["--help"], set()),
        (["models", "--json"], set()),
        (["runs", "--json"], set()),
        (["models"], {"rich"}),
        (["datasets", "--json"], {"numpy"}),
        (["evaluate", "guesser", "--json"], {"numpy"}),
        (["evaluate", "guesser"], {"numpy", "rich"}),
        (["predict", "guesser", "picture.npy", "--json"], {"numpy"}),
        (["train", "--like", "guesser", "--json"], {"numpy"}),
        (["train", "--like", "guesser"], {"numpy"}),
    ],
)
def test_nothing_is_imported_that_is_not_needed(guesser: Path, home: Path, arguments: list[str], imported: set[str]):
    command = [sys.executable, "-c", COMMAND_THAT_LISTS_ITS_PACKAGES, *arguments]
    np.save(home / "picture.npy", np.eye(28))
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, check=False, cwd=home, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert set(done.stderr.split()) & HEAVY == imported

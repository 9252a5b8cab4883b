"""train: the events, the model that comes out, and what a person sees of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from netcore.models.library import model_path
from netcore.training.records import EVENTS, Record
from tests.terminal import Terminal
from tests.tui.cli.conftest import Runs, Said

ROOT = Path(__file__).resolve().parents[3]


def events(out: str) -> list[dict[str, Any]]:
    return [Said(0, line, "").json for line in out.splitlines()]


def test_the_events_of_a_run(mnist_tui: Runs, guesser: Path):
    said = mnist_tui("train", "--like", "guesser", "--name", "trained", "--json")
    assert (said.code, said.err) == (0, "")
    found = events(said.out)
    assert {event["event"] for event in found} <= set(EVENTS)
    assert found[0]["event"] == "run_started"
    assert [event["epoch"] for event in found if event["event"] == "epoch_finished"] == [1, 2, 3]
    assert found[-1]["event"] == "run_finished"
    assert (found[-1]["reason"], found[-1]["model"]) == ("completed", "trained")
    log = Path(model_path("trained")).parents[1] / "runs" / found[0]["run"] / "events.jsonl"
    assert said.out == log.read_text()
    assert all(Record.from_json(line).to_json() == line for line in said.out.splitlines())


def test_the_model_has_the_accuracy_of_the_last_event(mnist_tui: Runs, guesser: Path):
    said = mnist_tui("train", "--like", "guesser", "--name", "trained", "--epochs", "20", "--json")
    last = events(said.out)[-1]
    measured = mnist_tui("evaluate", "trained", "--json").json
    assert measured["accuracy"] == last["test_accuracy"]
    assert measured["loss"] == pytest.approx(last["test_loss"], rel=1e-6)
    assert measured["accuracy"] > 0.9  # it has learned something that guessing does not give


def test_people_read_a_line_an_epoch(mnist_tui: Runs, guesser: Path):
    found = events(mnist_tui("train", "--like", "guesser", "--name", "one", "--json").out)
    text = mnist_tui("train", "--like", "guesser", "--name", "two").out
    lines = [line for line in text.splitlines() if "/3 " in line]
    epochs = [event for event in found if event["event"] == "epoch_finished"]
    for line, epoch in zip(lines, epochs, strict=True):
        assert line.startswith(f"  {epoch['epoch']}/3 ")
        for figure in (epoch["train_loss"], epoch["validation_loss"]):
            assert f" {figure:.4f} " in line
        for figure in (epoch["train_accuracy"], epoch["validation_accuracy"]):
            assert f" {100 * figure:.2f} % " in line
    assert f"test accuracy {100 * found[-1]['test_accuracy']:.2f} %" in text
    assert text.endswith(f"model two is {model_path('two')}\n")
    heading = next(line for line in text.splitlines() if line.startswith("epoch"))
    assert len(heading) == len(lines[0]) <= 80


def test_without_held_out_images_their_columns_are_left_out(mnist_tui: Runs, guesser: Path):
    text = mnist_tui("train", "--like", "guesser", "--validation", "0").out
    assert "600 images to train on\n" in text
    assert "validation" not in text


def test_a_run_that_diverges_is_an_error(mnist_tui: Runs, guesser: Path, home: Path):
    layers = "relu(64), linear(64), softmax(4)"
    said = mnist_tui("train", "--like", "guesser", "--learning-rate", "1000", "--layers", layers, "--json")
    assert said.code == 1
    assert events(said.out)[-1]["reason"] == "diverged"
    assert said.err.startswith("mnist-tui: diverged: ")
    assert said.err.count("\n") == 1
    (run,) = (home / "runs").iterdir()
    assert str(run / "checkpoint.npz") in said.err
    assert (run / "checkpoint.npz").exists()


def in_terminal(home: Path, *arguments: str, **options: Any) -> Terminal:
    command = [sys.executable, "-m", "tui", "train", "--like", "guesser", *arguments]
    return Terminal(command, environment={"MNIST_TUI_HOME": str(home)}, cwd=ROOT, **options)


def test_in_a_terminal_the_epochs_stay_and_the_bars_go(guesser: Path, home: Path):
    with in_terminal(home, "--name", "seen", columns=80) as terminal:
        assert terminal.wait_exit() == 0
        lines = [line for line in terminal.lines if line]
        assert [line.split()[0] for line in lines[3:6]] == ["1/3", "2/3", "3/3"]
        assert lines[6].startswith("test accuracy ")
        assert lines[7].startswith("model seen is ")
        assert terminal.cursor_shown
        assert "\u2501" in terminal.output.decode()  # the bars were there


def test_bars_show_where_the_run_is_and_ctrl_c_takes_them_away(guesser: Path, home: Path):
    with in_terminal(home, "--epochs", "100000", "--batch-size", "1", "--name", "stopped", columns=80) as terminal:
        terminal.wait_for("/100000 ", " / 100,000  ", " left", " / 500  ")
        terminal.press("ctrl+c")
        assert terminal.wait_exit() == 130
        assert "\u2501" not in terminal.text
        assert len(next(line for line in terminal.lines if "/100000 " in line)) <= 80
        assert not any(line.strip() == "s" for line in terminal.lines)  # no line of an epoch was wrapped
        assert terminal.cursor_shown
        joined = "".join(terminal.lines)
        assert "mnist-tui: stopped after epoch " in joined
        assert str(model_path("stopped")) in joined
    assert model_path("stopped").exists()


def test_a_terminal_that_cannot_move_its_cursor_gets_lines(guesser: Path, home: Path):
    with in_terminal(home, term="dumb") as terminal:
        assert terminal.wait_exit() == 0
        assert b"\x1b" not in terminal.output
        assert "3/3" in terminal.text

"""models, runs, datasets: what the lists say, to programs and to people."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from netcore.datasets.importing import import_dataset
from netcore.models.card import Card
from netcore.models.library import list_models
from netcore.models.model import save_model
from netcore.nn.architecture import Architecture
from netcore.nn.network import Network
from tests.terminal import Terminal
from tests.tui.cli.conftest import CLASSES, Runs

ROOT = Path(__file__).resolve().parents[3]


def own(lines: list[dict[str, object]]) -> list[dict[str, object]]:
    return [line for line in lines if not line["bundled"]]


def test_a_model_with_its_card(mnist_tui: Runs, guesser: Path):
    said = mnist_tui("models", "--json")
    assert (said.code, said.err) == (0, "")
    assert own(said.json) == [
        {
            "name": "guesser",
            "dataset": "bands",
            "architecture": "relu(16), tanh(8), softmax(4)",
            "members": 1,
            "parameters": 785 * 16 + 17 * 8 + 9 * 4,
            "epochs": 3,
            "test_accuracy": 0.25,
            "bundled": False,
            "path": str(guesser),
        }
    ]


def test_bundled_models_stand_before_own_ones(mnist_tui: Runs, guesser: Path):
    names = [line["name"] for line in mnist_tui("models", "--json").json]
    assert names == [entry.name for entry in list_models() if entry.bundled] + ["guesser"]


def test_what_a_file_does_not_say_is_null_and_a_dash(mnist_tui: Runs, home: Path):
    (home / "models").mkdir()
    np.savez(home / "models" / "bare.npz", W0=np.zeros((784, 5)), b0=np.zeros((1, 5)))
    (line,) = own(mnist_tui("models", "--json").json)
    assert line["architecture"] == "softmax(5)"
    assert [line[key] for key in ("dataset", "epochs", "test_accuracy")] == [None] * 3
    (text,) = (text for text in mnist_tui("models").out.splitlines() if text.startswith("bare"))
    assert text.split() == ["bare", "–", "softmax(5)", "–", "–", "3,925", str(home / "models" / "bare.npz")]


def test_a_file_that_is_no_model_is_named_and_the_list_is_whole(mnist_tui: Runs, guesser: Path):
    broken = guesser.with_name("broken.npz")
    broken.write_text("nothing")
    said = mnist_tui("models", "--json")
    assert said.code == 0
    assert [line["name"] for line in own(said.json)] == ["broken", "guesser"]
    assert str(broken) in said.err
    assert said.err.count("\n") == 1


def test_columns_line_up_and_percentages_have_two_decimals(mnist_tui: Runs, guesser: Path):
    heading, *lines = mnist_tui("models").out.splitlines()
    (line,) = (line for line in lines if line.startswith("guesser"))
    assert line.index("relu(16)") == heading.index("layers")
    assert line.index("25.00 %") + len("25.00 %") == heading.index("accuracy") + len("accuracy")


@pytest.fixture
def wide_model(home: Path) -> str:
    layers = "relu(392), relu(196), relu(49), softmax(10)"
    card = Card(name="wide", dataset="fashion-mnist", classes=tuple("0123456789"), architecture=layers, epochs=50)
    save_model(home / "models" / "fashion-mnist-12.npz", Network(Architecture.parse(layers)), card)
    return layers


@pytest.mark.parametrize("columns", [80, 120, 60])
def test_no_layer_is_cut_off_in_a_terminal(home: Path, wide_model: str, columns: int):
    command = [sys.executable, "-m", "tui", "models"]
    environment = {"MNIST_TUI_HOME": str(home)}
    with Terminal(command, columns=columns, lines=60, environment=environment, cwd=ROOT) as terminal:
        assert terminal.wait_exit() == 0
        assert "…" not in terminal.text
        rows = terminal.lines
        start = next(row.index("layers") for row in rows if row.startswith("name"))
        end = next(row.index("accuracy") for row in rows if row.startswith("name"))
        first = next(number for number, row in enumerate(rows) if row.startswith("fashion-mnist-12"))
        shown = [row[start:end].strip() for row in rows[first : first + 4]]
        assert " ".join(shown).startswith(wide_model)
        if columns == 120:
            assert shown[0] == wide_model


def test_outside_a_terminal_nothing_is_left_out(mnist_tui: Runs, home: Path, wide_model: str):
    (line,) = (line for line in mnist_tui("models").out.splitlines() if line.startswith("fashion-mnist-12"))
    assert wide_model in line
    assert line.endswith(str(home / "models" / "fashion-mnist-12.npz"))


def test_runs_newest_first(mnist_tui: Runs, guesser: Path, home: Path):
    assert mnist_tui("runs", "--json").json == []
    assert "no runs yet" in mnist_tui("runs").out
    finished = []
    for name in ("first", "second"):
        events = mnist_tui("train", "--like", "guesser", "--epochs", "2", "--name", name, "--json").out.splitlines()
        finished.append([json.loads(line) for line in events])
    lines = mnist_tui("runs", "--json").json
    assert [line["name"] for line in lines] == ["second", "first"]
    events = finished[1]
    best = max(event["validation_accuracy"] for event in events if event["event"] == "epoch_finished")
    assert lines[0] == {
        "run": events[0]["run"],
        "name": "second",
        "state": "completed",
        "epoch": 2,
        "epochs": 2,
        "best_accuracy": best,
        "best_accuracy_on": "validation",
        "started": pytest.approx(events[0]["at"], abs=0.001),
        "process": None,
        "path": str(home / "runs" / events[0]["run"]),
    }
    assert [line.split()[1] for line in mnist_tui("runs").out.splitlines()[1:]] == ["completed"] * 2


def test_a_run_that_cannot_be_read_is_named(mnist_tui: Runs, guesser: Path, home: Path):
    folder = home / "runs" / "20260101-000000-lost"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{")
    said = mnist_tui("runs")
    assert (said.code, said.out) == (0, "")
    assert said.err.startswith(f"mnist-tui: {folder}: its config.json cannot be read")
    assert said.err.endswith("remove the folder\n")


def test_datasets_are_listed_and_checked(mnist_tui: Runs, bands: Path):
    said = mnist_tui("datasets", "--json")
    assert said.code == 0
    assert [line["name"] for line in said.json] == ["fashion-mnist", "mnist", "bands"]
    assert [(line["train"], line["test"]) for line in said.json] == [(60_000, 10_000), (60_000, 10_000), (600, 200)]
    assert said.json[2]["classes"] == list(CLASSES)
    assert [line["problem"] for line in said.json] == [None] * 3
    assert mnist_tui("datasets").out.splitlines()[-1].split()[:5] == ["bands", "600", "200", "4", "good"]


def test_a_damaged_dataset_is_named(mnist_tui: Runs, bands: Path, home: Path):
    import_dataset("copy", sorted(bands.glob("*.gz")))
    damaged = home / "datasets" / "copy" / "t10k-images-idx3-ubyte.gz"
    damaged.write_bytes((bands / "t10k-images-idx3-ubyte.gz").read_bytes()[:-50])
    said = mnist_tui("datasets", "--json")
    assert said.code == 1
    (problem,) = (line["problem"] for line in said.json if line["problem"])
    assert str(damaged) in problem
    assert said.err == f"mnist-tui: {problem}\n"

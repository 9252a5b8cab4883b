"""mnist-tui bench: what it measures is tested elsewhere; here what it says, and the terminal that it reads."""

from __future__ import annotations

import json
import os
import sys

import pytest
from textual.app import App

import netcore.bench.report
import netcore.bench.rounds
from netcore.bench.accuracy import Reached
from netcore.bench.costs import CheckpointCost
from netcore.bench.growth import Grown
from netcore.bench.rounds import Timing
from netcore.datasets.library import Part
from netcore.errors import NetcoreError
from tests.tui.cli.conftest import Runs, banded
from tui.cli.bench_connection import ConnectionReport
from tui.cli.bench_screen import ScreenReport, _reading
from tui.cli.bench_slow import SLOW, Slow, Stall
from tui.cli.bench_start import Started, StartReport, measure_start
from tui.cli.bench_tables import (
    print_connection,
    print_costs,
    print_grown,
    print_reached,
    print_screen,
    print_start,
)
from tui.cli.bench_traffic import Idle, Training
from tui.cli.pseudo_terminal import Connection, PseudoTerminal
from tui.render.curves import Series
from tui.render.inks import inks_of
from tui.render.plot import Plot, plot_strips


@pytest.fixture
def few_images(monkeypatch: pytest.MonkeyPatch) -> None:
    """MNIST with 200 images, of which nobody needs a rest."""
    monkeypatch.setattr(netcore.bench.rounds, "_QUIET", 0)
    monkeypatch.setattr(netcore.bench.report, "load_part", lambda *_: Part(*banded(200, 1)))


@pytest.mark.usefixtures("few_images")
def test_the_reference_job_as_a_table_and_as_json(mnist_tui: Runs, monkeypatch: pytest.MonkeyPatch):
    text = mnist_tui("bench", "--quick", "--rounds", "1").out
    assert "limit" in text
    assert "netcore" in text
    monkeypatch.setattr(netcore.bench.report, "peers", lambda *_: [])  # once is enough for what takes so long to begin
    told = mnist_tui("bench", "--quick", "--rounds", "2", "--json").json
    limit, ours, *_ = told["jobs"]["reference"]["epoch"]
    assert (limit["name"], limit["limits"], ours["name"]) == ("limit", 1, "netcore")
    assert len(ours["seconds"]) == 2


def test_how_to_install_the_others(mnist_tui: Runs):
    assert set(mnist_tui("bench", "--peers", "--json").json) == {"torch", "jax", "sklearn"}


@pytest.mark.parametrize(
    "flags",
    [
        ["--rounds", "0"],
        ["--growth", "59999"],
        ["--growth", "many"],
        ["--screen", "--accuracy"],
        ["--screen", "--connection"],
        ["--start", "--growth", "60000"],
    ],
)
def test_what_cannot_be_measured_is_refused(mnist_tui: Runs, flags: list[str]):
    assert mnist_tui("bench", *flags).code == 2


def test_the_tables(capsys: pytest.CaptureFixture[str]):
    print_reached([Reached("me", 6, 3.0, 0.9812, 1.25, 105_000_000), Reached("you", 9, 30.0, 0.98)], limit=0.3)
    said = capsys.readouterr().out
    assert [line.split() for line in said.splitlines()[1:3]] == [
        ["me", "6", "3.0", "10.0", "98.12", "%", "1.2", "105", "MB"],
        ["you", "9", "30.0", "100.0", "98.00", "%"],
    ]
    print_grown([Grown(120_000, 1.0, 140_000_000)])
    assert capsys.readouterr().out.splitlines()[1].split() == ["120,000", "1.00", "0.500", "140", "MB"]


def test_costs_and_starts_are_tables(capsys: pytest.CaptureFixture[str]):
    print_costs([Timing("none", (0.5, 0.5), 1.0), Timing("warp", (0.8, 0.7), 1.5)], CheckpointCost(0.001, 0.002, 0.004))
    said = capsys.readouterr().out
    assert ["warp", "0.750", "1.50"] in [line.split() for line in said.splitlines()]
    assert "together        0.60 % of an epoch" in said
    print_start(StartReport((Started("a", "b", (2.0, 4.0, 9.0), (1.0, 2.0, 3.0)),)))
    assert capsys.readouterr().out.splitlines()[1].split() == ["a", "4.00", "b", "2.00", "2.00"]


def test_programs_are_started_in_turn():
    """The real ones, once: what is waited for must be what they show."""
    app, evaluate = measure_start(1).started
    assert len(app.seconds) == len(evaluate.beside_seconds) == 1
    assert min(app.ratio, evaluate.ratio) > 0


def test_the_screen_is_compared_round_by_round(capsys: pytest.CaptureFixture[str]):
    keys = tuple(0.001 * number for number in range(100))
    report = ScreenReport(((1.0, 1.2, 1.1), (2.2,), (9.0,)), ((1.0,), (2.0,), (3.0,)), (1, 1, 2, 1, 1, 1), keys)
    assert report.ratio == pytest.approx(1.1)  # of 1.1, 1.1 and 3
    assert report.key_p95 == 0.095
    assert report.to_json()["key_seconds"]["keys"] == 100
    print_screen(report)
    assert "95 of 100 answered within 95 ms" in capsys.readouterr().out


def test_what_is_asked_of_the_connection_is_told(capsys: pytest.CaptureFixture[str]):
    report = ConnectionReport(
        idle=(Idle("Models", 10.0, 0, 0.0004), Idle("Runs", 10.0, 0, None)),
        training=(Training((), 20.0, 50_000), Training(("--low-bandwidth",), 20.0, 20_000)),
        stall=Stall(30.0, ((1.0, 1.0), (1.5, 1.3), (1.0, 3.0)), True, 0.2, 6_500),
        slow=(
            Slow(SLOW, False, {"another image begins": (0.7, 0.8, 0.9)}, (1.2, 1.3, 1.4)),
            Slow(SLOW, True, {"another epoch is read": (0.6,), "another image begins": (0.7,)}, (1.45,)),
        ),
    )
    told = json.loads(json.dumps(report.to_json()))
    assert [row["bytes_per_second"] for row in told["training"]] == [2500, 1000]
    assert told["stall"]["slowdown"] == pytest.approx(1.4)
    assert told["slow"][0]["connection"] == {"rate": 10_000, "delay": 0.3}
    print_connection(report)
    said = [line.split() for line in capsys.readouterr().out.splitlines()]
    for line in (
        "Models 10 0 0.04 %",
        "usual refresh 20 50.0 2.50",
        "--low-bandwidth 20 20.0 1.00",
        "another image begins 0.80 0.90 0.70 0.70",
        "another epoch is read 0.60 0.60",
        "an image is complete 1.30 1.40 1.45 1.45",
    ):
        assert line.split() in said


def test_the_read_out_that_the_keys_move_can_be_seen():
    inks = inks_of(App[None]().theme_variables, "256")
    series = Series("train", (1.0, 2.0), (0.5, 0.25))
    for epoch in (1, 2):
        plot = Plot(title="Loss", series=[series], cursor=epoch, title_first=True)
        assert plot_strips(plot, 59, 20, inks=inks, tier="256")[0].text.strip().startswith(_reading(epoch))


def test_a_program_in_a_terminal_is_seen_and_hears_keys():
    code = "import os; print(os.get_terminal_size(0), os.isatty(1)); print('heard', input())"
    with PseudoTerminal([sys.executable, "-u", "-c", code], os.environ, 70, 20) as terminal:
        assert terminal.wait_for("columns=70, lines=20) True") > 0
        terminal.press(b"this\r")
        terminal.wait_for("heard this")
        with pytest.raises(NetcoreError, match="did not show 'more'"):
            terminal.wait_for("more")


def test_a_connection_takes_its_time_both_ways_and_questions_are_answered():
    """A shell asks where the cursor is, and says what it was told; then it writes more than comes at once."""
    script = r"stty raw -echo; printf '\033[3;7H\033[6n'; dd bs=1 count=6 2>/dev/null | tr -d '\033'; " + (
        r"printf '\033[5;1H'; head -c 3000 /dev/zero | tr '\0' x; printf '\033[7;1Hend'; cat"
    )
    connection = Connection(rate=10_000, delay=0.2)
    with PseudoTerminal(["/bin/sh", "-c", script], os.environ, 70, 20, connection) as terminal:
        assert terminal.wait_for("[3;7R") >= 0.6  # the question, its answer, and what the shell says of it
        assert terminal.wait_for("end") >= 0.25
        received = terminal.received
        terminal.press(b"k")
        assert terminal.wait_for("endk") >= 0.4
        assert terminal.received == received + 1

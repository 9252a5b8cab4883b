"""What is measured in processes of their own: a program's time and memory, time to accuracy, growth."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import pytest

from netcore.bench.accuracy import peers_until, time_program
from netcore.bench.growth import growth
from netcore.bench.program import run_program
from netcore.errors import NetcoreError
from tests.netcore.toy import TEST, TRAIN

MEGABYTE = 1_000_000


def test_a_program_and_the_most_memory_it_had():
    little = run_program([sys.executable, "-c", "print('done')"])
    much = run_program([sys.executable, "-c", "b = bytearray(100_000_000); del b; print('done')"])
    assert little.output == much.output == "done\n"
    assert 90 * MEGABYTE < much.memory - little.memory < 120 * MEGABYTE
    assert little.seconds > 0


def test_a_program_that_fails_is_told_with_what_it_said():
    with pytest.raises(NetcoreError, match="ended with 3: it hurts"):
        run_program([sys.executable, "-c", "import sys; sys.stderr.write('it hurts'); sys.exit(3)"])


def test_a_program_may_say_much():
    much = run_program([sys.executable, "-c", "import sys; sys.stderr.write('x' * 200_000); print('y' * 200_000)"])
    assert len(much.output) == 200_001


def test_time_to_accuracy_is_what_the_events_say_and_the_rest_is_around(home: Path):
    events = [
        {"event": "run_started"},
        {"event": "epoch_finished", "seconds": 0.002},
        {"event": "epoch_finished", "seconds": 0.001},
        {"event": "run_finished", "test_accuracy": 0.875},
    ]
    code = "import os, sys; assert os.environ['MNIST_TUI_HOME'] != sys.argv[1]; print(sys.argv[2])"
    lines = "\n".join(map(json.dumps, events))
    reached = time_program("me", [sys.executable, "-c", code, str(home), lines])
    assert (reached.name, reached.epochs, reached.test_accuracy) == ("me", 2, 0.875)
    assert reached.seconds == pytest.approx(0.003)
    assert reached.around is not None
    assert reached.around > 0


def test_other_libraries_stop_where_they_are_told():
    for reached in peers_until(TRAIN, TEST, accuracy=2.0, epochs=2):
        assert reached.epochs == 2
        assert 0 <= reached.test_accuracy <= 1


def test_growth_leaves_no_file_and_memory_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    few, many = growth([500, 40_000])
    assert list(tmp_path.iterdir()) == []
    assert (few.images, many.images) == (500, 40_000)
    assert many.memory - few.memory < 784 * 40_000 / 4  # their file in memory, or a copy, would be four times this

"""A run in the title of a terminal."""

from __future__ import annotations

import pytest

from netcore.training.config import TrainingConfig
from netcore.training.events import Event, RunFinished, RunPaused
from tests.tui.render.test_run_text import finished, history, progress
from tui.render.run_title import run_title


@pytest.mark.parametrize(
    ("events", "failed", "title"),
    [
        ([], False, "0 % · mnist"),
        ([progress(0, 200)], False, "12 % · mnist"),
        ([finished(1, 0.95), progress(1, 100)], False, "31 % · 95.00 % right · mnist"),
        ([finished(1, 0.95), RunPaused(epoch=1, batch=0)], False, "paused at 25 % · 95.00 % right · mnist"),
        (
            [finished(1, 0.95), RunFinished(reason="stopped", epoch=1, test_accuracy=0.9375, model="mine-2")],
            False,
            "stopped · 93.75 % right · mine-2",
        ),
        ([finished(1, 0.5), RunFinished(reason="diverged", epoch=1)], True, "diverged · 50.00 % right · mnist"),
        ([], True, "failed · mnist"),
    ],
)
def test_the_newest_comes_first(events: list[Event], failed: bool, title: str):
    assert run_title(history(*events), TrainingConfig(), failed) == title


def test_a_run_with_a_name_goes_by_it():
    assert run_title(history(), TrainingConfig(name="mine")) == "0 % · mine"

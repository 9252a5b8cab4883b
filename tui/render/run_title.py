"""A run in the terminal's title: few words, the newest first, because a tab shows only the beginning."""

from __future__ import annotations

from netcore.runs.history import History
from netcore.training.config import TrainingConfig
from tui.render.numbers import percent

__all__ = ["run_title"]


def run_title(history: History, config: TrainingConfig, failed: bool = False) -> str:
    """How far a run is and how well it does, e.g. ``34 % · 97.81 % right · mnist``.

    Args:
        history: Of the run.
        config: Of the run.
        failed: Whether it ended before its time, through no wish of anybody.
    """
    finished, accuracy = history.finished, history.best_accuracy
    done = percent(history.position / max(history.wanted_epochs, 1), decimals=0)
    state = f"paused at {done}" if history.state == "paused" else done
    name = config.name or config.dataset
    if failed:
        state = "diverged" if history.state == "diverged" else "failed"
    elif finished:
        state, name, accuracy = finished.reason, finished.model or name, finished.test_accuracy or accuracy
    right = "" if accuracy is None else f"{percent(accuracy)} right"
    return " · ".join(part for part in (state, right, name) if part)

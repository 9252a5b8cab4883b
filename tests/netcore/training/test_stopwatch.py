"""What was summed up since the last report, without a loop around it."""

from __future__ import annotations

from netcore.training.stopwatch import Stopwatch
from tests.netcore.toy import toy_training


def test_before_any_time_has_passed_there_is_no_speed() -> None:
    """A clock may be coarse, and a pause may come first."""
    progress = Stopwatch(toy_training(), report_seconds=1.0).progress(rate=0.05)
    assert (progress.images_per_second, progress.train_loss, progress.train_accuracy) == (0.0, 0.0, 0.0)

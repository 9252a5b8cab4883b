"""What is worth a notice, from events with numbers worked out by hand."""

from __future__ import annotations

from tests.tui.render.test_run_text import finished, history
from tui.notices import Notices


def test_the_end_and_the_wanted_accuracy_are_told_once():
    run = history()
    notices = Notices(0.95)
    assert notices.news(run, "") == []
    run.epochs.append(finished(1, 0.94))
    assert notices.news(run, "") == []
    run.epochs.append(finished(2, 0.95))
    assert notices.news(run, "") == ["The run has reached 95.00 % in epoch 2."]
    run.epochs.append(finished(3, 0.97))
    assert notices.news(run, "") == []
    assert notices.news(run, "The run has stopped.") == ["The run has stopped."]
    assert notices.news(run, "The run has stopped.") == []


def test_where_nothing_is_held_out_the_training_accuracy_counts():
    run = history(validation=0)
    notices = Notices(0.9)
    notices.news(run, "")
    run.epochs.append(finished(1, None))
    assert notices.news(run, "") == ["The run has reached 90.00 % in epoch 1."]


def test_what_was_so_when_a_run_is_first_looked_at_is_no_news():
    notices = Notices(0.9)
    assert notices.news(history(finished(1, 0.95)), "The run has completed.") == []
    other = history()
    assert notices.news(other, "") == []
    assert notices.news(other, "The run has diverged: no number any more") != []


def test_without_a_wanted_accuracy_only_the_end_is_told():
    run, notices = history(), Notices()
    notices.news(run, "")
    run.epochs.append(finished(1, 1.0))
    assert notices.news(run, "") == []

"""All that is told of one run: curves, phase, numbers, bars."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import Vertical
from textual.widget import Widget

from netcore.runs.history import History
from tui.render.run_text import Phase, batch_fraction, batch_text, epoch_text, headline, reading
from tui.widgets.meter import Meter
from tui.widgets.run_status import RunStatus
from tui.widgets.training_plots import TrainingPlots

__all__ = ["RunPanel"]

_NEED_READING: tuple[Phase, ...] = ("diverged", "failed", "broken")
"""Phases whose text says what is wrong."""


class RunPanel(Vertical):
    """Shows a run's history; any run's, this app's or another's. The plots take the room that the rest leaves."""

    DEFAULT_CSS = """
    RunPanel { height: 1fr; padding: 0 1; }
    """

    def compose(self) -> Iterable[Widget]:
        """The parts, from top to bottom."""
        yield TrainingPlots()
        yield RunStatus()
        yield Meter("epoch", label_width=5, text_width=50, id="epochs")
        yield Meter("batch", label_width=5, text_width=50, id="batches")

    def show(
        self,
        phase: Phase,
        history: History,
        *,
        title: str,
        error: Exception | None = None,
        keep: bool = True,
        plots: bool = True,
    ) -> None:
        """Draw what has changed.

        Args:
            phase: Of the run.
            history: Of the run.
            title: What is trained.
            error: What ended it, where something did.
            keep: Whether a run that is being stopped will be kept.
            plots: Whether the plots, which cost by far the most, are to be brought up to date too.
        """
        curves = self.query_one(TrainingPlots)
        if plots:
            curves.show(history)
        word, text = headline(phase, history, error, keep)
        numbers = reading(history, curves.cursor)
        self.query_one(RunStatus).show(word, text, title, numbers, loud=phase == "paused", whole=phase in _NEED_READING)
        done = history.position / max(history.wanted_epochs, 1)
        self.query_one("#epochs", Meter).show(done, epoch_text(history, under_way=phase != "broken"))
        self.query_one("#batches", Meter).show(batch_fraction(history), batch_text(history))

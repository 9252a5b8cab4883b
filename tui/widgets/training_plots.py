"""Loss and accuracy side by side, read at the same epoch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.containers import Horizontal
from textual.widget import Widget

from netcore.runs.history import History
from tui.render.comparison import comparison
from tui.render.training_curves import accuracy_curves, loss_curves
from tui.widgets.plot import LinePlot

__all__ = ["TrainingPlots"]


class TrainingPlots(Horizontal):
    """The two plots of a run, with one cursor.

    Attributes:
        cursor: The finished epoch that is read, from 1; None where the plots follow the newest.
    """

    DEFAULT_CSS = """
    TrainingPlots { height: 1fr; min-height: 5; }
    TrainingPlots LinePlot { width: 1fr; height: 100%; }
    TrainingPlots #loss-plot { margin-right: 2; }
    """

    cursor: int | None = None

    def compose(self) -> Iterable[Widget]:
        """The plots."""
        # The numbers stand below the plots as well; which plot is which does not.
        yield LinePlot("Loss", "loss", empty="no numbers yet", title_first=True, id="loss-plot")
        yield LinePlot("Accuracy", "accuracy", empty="no numbers yet", title_first=True, id="accuracy-plot")

    def show(self, history: History) -> None:
        """Show what a run has brought so far."""
        if self.cursor is not None and self.cursor > len(history.epochs):
            self._read(None)
        self.query_one("#loss-plot", LinePlot).set_data(loss_curves(history), history.marks)
        self.query_one("#accuracy-plot", LinePlot).set_data(accuracy_curves(history), history.marks)

    def compare(self, runs: Sequence[tuple[str, History]]) -> None:
        """Lay runs, each with its name, over each other."""
        self.query_one("#loss-plot", LinePlot).set_data(comparison(runs, "loss"))
        self.query_one("#accuracy-plot", LinePlot).set_data(comparison(runs, "accuracy"))

    def move(self, step: int, epochs: int) -> None:
        """Move the cursor; from following the newest of so many epochs it steps onto the last, and back beyond it."""
        at = epochs + 1 + min(step, 0) if self.cursor is None else self.cursor + step
        self._read(max(at, 1) if epochs and at <= epochs else None)

    def toggle_log(self) -> None:
        """Switch the loss between a logarithmic and a plain axis. Accuracies end at 100 % and gain nothing by it."""
        loss = self.query_one("#loss-plot", LinePlot)
        loss.logarithmic = not loss.logarithmic

    def _read(self, epoch: int | None) -> None:
        self.cursor = epoch
        for plot in self.query(LinePlot):
            plot.cursor = epoch

"""What is known of a run on the disk: how it stands, its curves, its settings; or several runs over each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.containers import Container
from textual.widget import Widget

from netcore.runs.history import History
from netcore.training.config import TrainingConfig
from tui.render import numbers
from tui.render.run_rows import RunRow, compared, summary
from tui.render.run_text import Reading, reading
from tui.render.settings_text import settings_rows
from tui.widgets.run_status import RunStatus
from tui.widgets.training_plots import TrainingPlots
from tui.widgets.words import Tone, Words

__all__ = ["RunView"]


class RunView(Container):
    """Shows a run, or several; the border names it."""

    def compose(self) -> Iterable[Widget]:
        """The parts, from top to bottom."""
        yield RunStatus()
        yield TrainingPlots()
        yield Words(id="run-settings")

    def show(self, row: RunRow, config: TrainingConfig, history: History | None, problem: str = "") -> None:
        """Show one run.

        Args:
            row: What the list says of it.
            config: Its settings.
            history: What its log tells; None while that is being read.
            problem: Why the log cannot be read; empty where it can.
        """
        self.border_title, self.border_subtitle = row.name, row.id
        plots, status, text = self.query_one(TrainingPlots), self.query_one(RunStatus), self.query_one(Words)
        rows: list[list[tuple[str, Tone]]] = [
            [(f"{name:<12}", "muted"), (value, "text")]
            for name, value in settings_rows(config, row.model or config.name or numbers.NOTHING)
        ]
        text.show(*rows)
        if history is None:
            status.show("READING", problem, "", Reading())
        else:
            word, _, about = summary(row, history).partition(" · ")
            plots.show(history)  # which takes the cursor back where this run has fewer epochs
            status.show(word.upper(), problem or about, "", reading(history, plots.cursor))

    def compare(self, runs: Sequence[tuple[str, TrainingConfig, History]]) -> None:
        """Lay runs over each other: of each its name, its settings and what its log tells."""
        self.border_title, self.border_subtitle = f"{len(runs)} runs compared", ""
        about = "on the images held out, or (train) where there are none"
        self.query_one(RunStatus).show("COMPARED", about, "", Reading())
        self.query_one(TrainingPlots).compare([(name, history) for name, _, history in runs])
        rows: list[list[tuple[str, Tone]]] = [
            [(f"{number} {name}", "strong"), (f"  {compared(config, history)}", "text")]
            for number, (name, config, history) in enumerate(runs, start=1)
        ]
        self.query_one(Words).show(*rows)

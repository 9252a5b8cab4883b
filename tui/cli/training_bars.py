"""What ``mnist-tui train`` shows in a terminal: a line for each epoch, and below them bars that move."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

from rich.console import Console
from rich.constrain import Constrain
from rich.live import Live
from rich.progress import BarColumn, Progress, TextColumn

from netcore.runs.history import History
from netcore.training.records import Record
from tui.cli.output import silence
from tui.cli.training_display import Lines
from tui.render import numbers

__all__ = ["Bars"]


class Bars(Lines):
    """A line for each epoch, and below them how far the run and its epoch are."""

    def __init__(self, console: Console, history: History) -> None:
        super().__init__(history)
        self._console = console
        columns = (TextColumn("{task.description}"), BarColumn(None), TextColumn("{task.fields[text]}", markup=False))
        self._bars = Progress(*columns, console=console, expand=True)
        self._epochs = self._bars.add_task("epoch", total=None, text="")
        self._batches = self._bars.add_task("batch", total=None, text="")
        self._lines: list[str] = []
        # Drawn when there is something new, not by a thread of Rich's own, which would take its time from training.
        self._live = Live(console=console, auto_refresh=False, transient=True)

    def __enter__(self) -> Bars:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bars away and give the cursor back."""
        try:
            self._live.stop()
        except OSError:  # the terminal is gone, and what it did not take would be tried once more at the end
            silence()

    def say(self, line: str) -> None:
        """Put down a line that is to stand above the bars."""
        self._lines.append(line)

    def show(self, records: Sequence[Record]) -> None:
        """Print what is worth a line, and move the bars: once, however much has come while the terminal waited."""
        if not records:
            return
        super().show(records)
        self._move(self.history)
        # The terminal writes ^C where the cursor stands: without room for it, it would begin a line of its own.
        self._live.update(Constrain(self._bars, self._console.width - len("^C") - 1))
        if self._lines:
            lines, self._lines = "\n".join(self._lines), []
            self._console.print(lines, markup=False, highlight=False, no_wrap=True, overflow="ignore", crop=False)
        self._live.refresh()

    def _move(self, history: History) -> None:
        done, wanted = history.position, history.wanted_epochs
        text = f"{int(done):,} / {wanted:,}  {numbers.time_left(history.seconds_left)}"
        self._bars.update(self._epochs, completed=done, total=wanted, text=text)
        now, batches = history.progress, history.started.batches if history.started else 0
        batch = now.batch if now else 0
        text = f"{batch:,} / {batches:,}  {numbers.rate(history.images_per_second)}"
        if now:
            text += f"  loss {numbers.loss(now.train_loss)}  {numbers.percent(now.train_accuracy)}"
        self._bars.update(self._batches, completed=batch, total=batches, text=text)

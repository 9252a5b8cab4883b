"""How ``mnist-tui train`` shows a run: each event as a line of JSON, or a line an epoch for people."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol

from netcore.runs.history import History
from netcore.training.events import CheckpointFailed, EpochFinished, RunFinished, RunStarted
from netcore.training.records import Record
from tui.cli.output import readable, write
from tui.render import numbers
from tui.render.tier import this_terminal

__all__ = ["Display", "JsonLines", "Lines", "display_for_people"]


class Display(AbstractContextManager["Display"], Protocol):
    """Shows a run while its block lasts."""

    def show(self, records: Sequence[Record]) -> None:
        """Take in the next events.

        Raises:
            OSError: Nobody is there any more to see it.
            StorageError: Likewise.
        """


class JsonLines(Display):
    """Each event as a line of JSON, for programs."""

    def show(self, records: Sequence[Record]) -> None:
        """Print them."""
        for record in records:
            write(record.to_json())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is left to do."""


class Lines(Display):
    """A line for each epoch, for people who read it later."""

    def __init__(self, history: History) -> None:
        """Show what comes after this ``history``, which a run has that is gone on with."""
        self.history = history

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is left to do."""

    def say(self, line: str) -> None:
        """Print a line that stays."""
        write(line)

    def show(self, records: Sequence[Record]) -> None:
        """Print what is worth a line."""
        for record in records:
            self.history.add(record)
            self.tell(record)

    def tell(self, record: Record) -> None:
        """Say what is worth a line of an event that the history has taken in."""
        match record.event:
            case RunStarted() as started:
                config = started.config
                held_out = f", {started.validation_images:,} held out" if started.validation_images else ""
                if held_out and (start := config.get("start_from")):
                    held_out += f" (which {start} may have seen)"
                self.say(readable(f"{config['dataset']}: {config['layers']}"))
                images = f"{started.train_images:,} images to train on{held_out}"
                self.say(readable(f"{started.parameters:,} parameters, {images}") + "\n")
                if started.epoch or started.batch:
                    batch = f", batch {started.batch:,} of {started.batches:,}" if started.batch else ""
                    self.say(f"going on after epoch {started.epoch:,}{batch}")
                if started.note:
                    self.say(readable(started.note))
                self.say(_heading(config["epochs"], validation=started.validation_images > 0))
            case EpochFinished() as epoch:
                self.say(_epoch_line(epoch))
            case CheckpointFailed() as failed:
                self.say(readable(f"no checkpoint after epoch {failed.epoch}: {failed.message}"))
            case RunFinished(test_accuracy=float()) as finished:
                accuracy, loss = numbers.percent(finished.test_accuracy), numbers.loss(finished.test_loss)
                self.say(f"\ntest accuracy {accuracy}, loss {loss}")
            case _:
                pass


def display_for_people(history: History) -> Lines:
    """Bars where standard output is a terminal that can move its cursor, else lines only.

    Args:
        history: Of the run so far; what comes is added to it.
    """
    if not sys.stdout.isatty():
        return Lines(history)
    from rich.console import Console

    console = Console(no_color=this_terminal() in ("mono", "ascii"))
    if console.is_dumb_terminal:
        return Lines(history)
    from tui.cli.training_bars import Bars

    return Bars(console, history)


def _heading(epochs: int, *, validation: bool) -> str:
    held_out = ("valid. loss", "accuracy") if validation else ()
    return _row("epoch", epochs, "train loss", "accuracy", *held_out, "images", "time")


def _epoch_line(epoch: EpochFinished) -> str:
    held_out: tuple[str, ...] = ()
    if epoch.validation_loss is not None:
        held_out = numbers.loss(epoch.validation_loss), numbers.percent(epoch.validation_accuracy)
    return _row(
        f"{epoch.epoch}/{epoch.epochs}",
        epoch.epochs,
        numbers.loss(epoch.train_loss),
        numbers.percent(epoch.train_accuracy),
        *held_out,
        numbers.rate(epoch.images_per_second),
        numbers.duration(epoch.seconds),
    )


def _row(epoch: str, epochs: int, *cells: str) -> str:
    """Cells below each other from epoch to epoch, in 80 columns for any number of epochs."""
    held_out = (11, 8) if len(cells) == 6 else ()
    widths = (10, 8, *held_out, 8, 8)
    first = f"{epoch:>{max(len('epoch'), len(f'{epochs}/{epochs}'))}}"
    return "  ".join((first, *(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))))

"""What is said of a run in words and numbers: in one place, so that it is complete in every phase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from netcore.errors import NetcoreError
from netcore.runs.history import History
from tui.render import numbers

__all__ = ["Phase", "Reading", "batch_fraction", "batch_text", "best_text", "epoch_text", "headline", "reading"]

Phase = Literal[
    "ready", "loading", "attaching", "running", "paused", "stopping", "detaching",
    "completed", "stopped", "diverged", "failed", "broken",
]  # fmt: skip
"""Of the Train screen: nothing started, then the states of a run and the waits between them."""


@dataclass(frozen=True)
class Reading:
    """The numbers of one epoch.

    Attributes:
        head: Which.
        texts: The numbers, in groups that stay together.
        chosen: Whether a person has gone there with the cursor.
        number: Of the epoch.
    """

    head: str = ""
    texts: tuple[str, ...] = ()
    chosen: bool = False
    number: int = 1


def headline(phase: Phase, history: History, error: Exception | None = None, keep: bool = True) -> tuple[str, str]:
    """The phase as one word, and what a person should know about it.

    Args:
        phase: Of the run.
        history: Of the run.
        error: What ended it, where something did.
        keep: Whether a run that is being stopped will be kept.
    """
    again = "n changes the settings, enter tries again"
    match phase:
        case "completed" | "stopped":
            text = _outcome(history)
        case "diverged":
            message = history.finished.message if history.finished else ""
            text = f"{message} · no model was saved · {again}"
        case "failed" | "broken":
            text = f"{_why(history, error)} · {again if phase == 'failed' else 'r resumes it here'}"
        case "running":
            text = history.verdict or "too early to say how it goes"
        case _:
            text = {
                "ready": "enter starts",
                "loading": "reading the images",
                "attaching": "reading its log",
                "detaching": "a process of its own takes it over",
                "paused": "space goes on, . trains to the end of an epoch, x stops",
                "stopping": "measuring on the test images" if keep else "throwing it away",
            }[phase]
    if phase in ("running", "paused"):
        note = history.started.note if history.started else ""
        text = " · ".join(part for part in (text, note, history.warning) if part)
    return phase.upper(), text


def _why(history: History, error: Exception | None) -> str:
    """What ended a run before its time: known here, or of another process from its log."""
    if error is None:
        return history.finished.message if history.finished else ""
    return str(error) if isinstance(error, NetcoreError) else f"{type(error).__name__}: {error}"


def _outcome(history: History) -> str:
    """What a run has brought that ended well."""
    finished = history.finished
    if finished is None:
        return ""
    parts = [f"{numbers.percent(finished.test_accuracy)} on the test images"]
    if finished.model:
        parts += [f"saved as {finished.model}", "enter tests it"]
    parts.append(history.verdict)
    return " · ".join(part for part in parts if part)


def epoch_text(history: History, *, under_way: bool = True) -> str:
    """Behind the bar of epochs: ``3 / 10   best 2 (98.10 %)   12 s left``; ``took 12 s`` of a run that has ended."""
    if history.started is None:
        return ""
    ended = history.finished or not under_way
    parts = [f"{len(history.epochs) if ended else history.present_epoch} / {history.wanted_epochs}"]
    if best := history.best_epoch:
        parts.append(f"best {best.epoch} ({best_text(history)})")
    took = f"took {numbers.duration(history.seconds)}"
    parts.append(took if ended else numbers.time_left(history.seconds_left))
    return "   ".join(parts)


def best_text(history: History) -> str:
    """Accuracy of the best epoch, as in ``97.94 %`` of the images held out; ``97.94 % train`` where there are none."""
    best = history.best_epoch
    return numbers.percent(best.accuracy if best else None) + (" train" if best and not best.held_out else "")


def batch_text(history: History) -> str:
    """Behind the bar of batches: ``331 / 430   182 k images/s   learning rate 0.05``."""
    if history.started is None:
        return ""
    batches = history.started.batches
    speed = numbers.rate(history.images_per_second).removesuffix("/s").rstrip() + " images/s"
    rate = numbers.learning_rate(history.learning_rate)
    return f"{round(batch_fraction(history) * batches)} / {batches}   {speed}   learning rate {rate}"


def batch_fraction(history: History) -> float:
    """How much of the present epoch is done; 1 right after it has ended, 0 before the first report."""
    if history.progress:
        return history.progress.batch / history.progress.batches
    return 1.0 if history.epochs else 0.0


def reading(history: History, cursor: int | None = None) -> Reading:
    """The numbers of the newest epoch, of the one under way while there is none, or of the one at the cursor."""
    if not history.epochs:
        newest = history.progress
        if newest is None:
            return Reading()
        return Reading("epoch 1 so far", (_pair("train", newest.train_loss, newest.train_accuracy),))
    epoch = history.epochs[-1 if cursor is None else cursor - 1]
    texts: tuple[str, ...] = (_pair("train", epoch.train_loss, epoch.train_accuracy),)
    if epoch.validation_loss is not None:
        texts += (_pair("validation", epoch.validation_loss, epoch.validation_accuracy),)
    return Reading(f"← epoch {epoch.epoch} →", texts, cursor is not None, epoch.epoch)


def _pair(name: str, loss: float, accuracy: float | None) -> str:
    return f"{name} loss {numbers.loss(loss)} · {numbers.percent(accuracy)}"

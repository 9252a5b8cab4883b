"""A run in the list of runs: its state as a mark and in words, how far it is, how good it is."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from rich.text import Text

from netcore.runs.history import History
from netcore.runs.run import FolderState
from netcore.training.config import TrainingConfig
from tui.render import numbers
from tui.render.cells import fitted
from tui.render.run_text import best_text

__all__ = ["RowState", "RunRow", "age", "compared", "run_text", "started_at", "state_words", "summary"]

RowState = FolderState | Literal["unread"]
"""As `FolderState`; ``unread`` until its log has been read."""

_MARKS: dict[RowState, str] = {
    "unread": "·",
    "waiting": "·",
    "running": "▶",
    "paused": "‖",
    "completed": "✓",
    "stopped": "■",
    "diverged": "∞",
    "failed": "✗",
    "broken": "!",
}
"""Of each state; apart from each other in ASCII too."""

_TWO_LINES = 66
_NAME, _STATE, _EPOCHS, _BEST, _AGE = 24, 17, 11, 15, 11


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """What the list says of a run.

    Attributes:
        id: Its folder's name.
        name: Of its model, saved or wished for; its id where it has none.
        dataset: Name of its dataset.
        layers: Its architecture.
        epochs: Epochs wanted.
        started: When it was made (seconds since 1970); None where its id does not tell.
        state: Where it stands.
        epoch: Finished epochs.
        best: Accuracy of its best epoch, see `best_text`.
        here: Whether this app trains it.
        picked: Its number among the runs that are compared, from 1; 0 where it is not.
        model: Name of the model that it has saved; None where there is none.
    """

    id: str
    name: str
    dataset: str
    layers: str
    epochs: int
    started: float | None
    state: RowState = "unread"
    epoch: int = 0
    best: str = numbers.NOTHING
    here: bool = False
    picked: int = 0
    model: str | None = None


def started_at(run: str) -> float | None:
    """When a run was made, from its id, which begins with the local time."""
    try:
        return time.mktime(time.strptime(run[:15], "%Y%m%d-%H%M%S"))
    except (ValueError, OverflowError):
        return None


def age(started: float | None, now: float) -> str:
    """How long ago something was, coarse enough to stand still: ``just now``, ``5 min ago``, ``2 d ago``."""
    if started is None:
        return numbers.NOTHING
    seconds = max(now - started, 0)
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit} ago"
    return "just now"


def state_words(state: RowState, here: bool) -> str:
    """The state, and of a run that is under way where it is."""
    if state == "unread":
        return "…"
    return f"{state} {'here' if here else 'elsewhere'}" if state in ("waiting", "running", "paused") else state


def run_text(row: RunRow, when: str, width: int) -> Text:
    """A run in the list, two lines of ``width`` cells, three where it is narrow.

    Args:
        row: The run.
        when: How long ago it was made.
        width: Cells of a line.
    """
    state = f"{_MARKS[row.state]} {state_words(row.state, row.here)}"
    epochs = f"{row.epoch:,} / {row.epochs:,}" if row.state != "unread" else ""
    best = row.best if row.state != "unread" else ""
    text = Text(no_wrap=True, end="")
    text.append(f"{row.picked or ' '} ", "bold reverse" if row.picked else "")
    if width >= _TWO_LINES:
        name = min(max(width - 2 - 1 - (_STATE + 3) - _EPOCHS - _BEST - _AGE, 10), _NAME)
        text.append(fitted(row.name, name) + " ", "bold")
        text.append(fitted(state, _STATE + 3))
        text.append(f"{epochs:>{_EPOCHS}}")
        # Figures below figures, and behind them what they are of.
        text.append(best.removesuffix(" train").rjust(_BEST - 6), "bold")
        text.append(" train" if best.endswith(" train") else " " * 6, "dim")
        text.append(when.rjust(max(width - cell_len(text.plain), 0)), "dim")
    else:
        text.append(fitted(row.name, max(width - 2 - _STATE - 3, 8)) + " ", "bold")
        text.append(fitted(state, _STATE + 2).rstrip())
        room = width - 2 - cell_len(best) - 1 - cell_len(when)
        words = f"{epochs} epochs  " if cell_len(epochs) + len(" epochs  ") <= room else f"{epochs}  "
        text.append("\n  " + (words if epochs else ""))
        text.append(best, "bold")
        if cell_len(words) <= room:
            text.append(when.rjust(room - cell_len(words) + 1 + cell_len(when)), "dim")
    text.append("\n  " + fitted(f"{row.dataset} · {row.layers}", width - 2).rstrip(), "dim")
    return text


def summary(row: RunRow, history: History) -> str:
    """What came of a run, or how it goes, in a sentence."""
    finished = history.finished
    parts = [state_words(row.state, row.here)]
    if finished and finished.test_accuracy is not None:
        parts.append(f"{numbers.percent(finished.test_accuracy)} on the test images")
    if finished and finished.model:
        parts.append(f"saved as {finished.model}")
    if row.state == "broken":
        parts.append("its process is gone before the end")
    elif row.state == "failed" and finished:
        parts.append(finished.message)
    if history.verdict and not (finished and history.verdict == "learning"):
        parts.append(history.verdict)
    elif row.state in ("running", "paused"):
        parts.append("too early to say how it goes")
    if history.best_epoch:
        parts.append(f"best epoch {history.best_epoch.epoch}")
    if finished:
        parts.append(f"took {numbers.duration(history.seconds)}")
    elif row.state in ("running", "paused"):
        parts.append(numbers.time_left(history.seconds_left))
    return " · ".join(parts)


def compared(config: TrainingConfig, history: History) -> str:
    """What tells a run from others: how good it became, and the settings that one tries out."""
    finished = history.finished
    test = f", test {numbers.percent(finished.test_accuracy)}" if finished and finished.test_accuracy else ""
    rate = numbers.learning_rate(config.learning_rate)
    return f"{best_text(history)}{test} · {config.optimizer} {rate}, batch {config.batch_size} · {config.layers}"

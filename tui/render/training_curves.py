"""From a run's history to the curves of its two plots."""

from __future__ import annotations

from netcore.runs.history import History
from tui.render.curves import Series

__all__ = ["accuracy_curves", "loss_curves"]


def loss_curves(history: History) -> list[Series]:
    """Training loss, and the validation's where images are held out.

    An epoch counts with its mean over all images. The one under way has none yet: it counts with the reports so far, so
    that the curve lives from the first second; when it ends, its mean takes their place, and a first epoch that began
    at a loss of 2.3 no longer takes up the axis.
    """
    done = [float(epoch.epoch) for epoch in history.epochs]
    steps = [(at, loss) for at, loss, _ in _under_way(history)]
    return _curves(history, done, history.train_loss, steps, history.validation_loss)


def accuracy_curves(history: History) -> list[Series]:
    """Training accuracy, and the validation's where images are held out; as for `loss_curves`."""
    done = [float(epoch.epoch) for epoch in history.epochs]
    steps = [(at, accuracy) for at, _, accuracy in _under_way(history)]
    return _curves(history, done, history.train_accuracy, steps, history.validation_accuracy)


def _under_way(history: History) -> list[tuple[float, float, float]]:
    """The reports of the epoch under way, without those that a pause cut short: few images, and an outlier for ever."""
    kept, before, usual = [], float(len(history.epochs)), 0.0
    for step in history.steps:
        if step[0] <= before:
            continue
        width, before = step[0] - before, step[0]
        if width >= usual / 2:
            kept.append(step)
        usual = width
    return kept


def _curves(
    history: History,
    done: list[float],
    train: list[float],
    steps: list[tuple[float, float]],
    validation: list[float | None],
) -> list[Series]:
    curves = [Series("train", [*done, *(at for at, _ in steps)], [*train, *(value for _, value in steps)])]
    if history.started is None or history.started.validation_images:
        curves.append(Series("validation", done, validation))
    return curves

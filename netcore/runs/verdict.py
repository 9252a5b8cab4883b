"""What an experienced eye would say of a run's curves, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from netcore.training.events import EpochFinished

__all__ = ["verdict"]

_PATIENCE = 3
"""Epochs that a trend must have lasted before it is spoken of."""


def verdict(epochs: Sequence[EpochFinished], *, finished: bool) -> str:
    """One sentence about the curves so far; empty while there is nothing to say.

    Args:
        epochs: Finished epochs, in order.
        finished: Whether the run has ended: then only what a person should know of the result is said.
    """
    if len(epochs) < _PATIENCE:
        return ""
    return _rising(epochs) or _overfitting(epochs) or ("" if finished else _plateau(epochs) or "learning")


def _rising(epochs: Sequence[EpochFinished]) -> str:
    lowest = min(epoch.train_loss for epoch in epochs)
    if epochs[-1].train_loss > max(1.5 * lowest, 0.05):
        return "the training loss is rising: the learning rate may be too high"
    return ""


def _overfitting(epochs: Sequence[EpochFinished]) -> str:
    """The validation loss has risen since some epoch, while the training loss went on falling."""
    measured = [epoch for epoch in epochs if epoch.validation_loss is not None]
    if not measured:
        return ""
    best, last = min(measured, key=_validation_loss), epochs[-1]
    since = last.epoch - best.epoch
    if (
        since > _PATIENCE
        and _validation_loss(last) > 1.05 * _validation_loss(best)
        and last.train_loss < best.train_loss
    ):
        return f"overfitting since epoch {best.epoch}: the validation loss rises while the training loss falls"
    return ""


def _plateau(epochs: Sequence[EpochFinished]) -> str:
    """The training loss stands still, and not because the schedule has taken the learning rate away."""
    last = epochs[-1]
    slowed = last.learning_rate < 0.5 * max(epoch.learning_rate for epoch in epochs)
    if len(epochs) <= _PATIENCE + 2 or slowed:
        return ""
    before = epochs[-1 - _PATIENCE].train_loss
    if abs(last.train_loss - before) < 0.005 * before:
        return "plateau: the training loss has hardly moved for three epochs; try another learning rate"
    return ""


def _validation_loss(epoch: EpochFinished) -> float:
    return float("inf") if epoch.validation_loss is None else epoch.validation_loss

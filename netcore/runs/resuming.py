"""Goes on with a run from its checkpoint, as if it had never stopped.

What may be gone on with: a run that was stopped, that failed, or whose process is gone. It keeps its settings, its
number of workers and the name of its model.
"""

from __future__ import annotations

from pathlib import Path

from netcore.errors import CheckpointError, DamagedCheckpoint, RunError
from netcore.resources import storing
from netcore.runs.history import History
from netcore.runs.run import Run
from netcore.training.checkpoint import TrainingState, checkpoint_before, load_checkpoint
from netcore.training.events import CheckpointSaved, Event, RunFinished
from netcore.training.step import Training

__all__ = ["check_unfinished", "checkpoints", "go_back"]


def check_unfinished(run: Run, history: History) -> None:
    """Check that a run has something left to do.

    Raises:
        RunError: It is complete, or would only diverge again.
    """
    if history.state == "completed":
        model = history.finished.model if history.finished else None
        raise RunError(
            f"run {run.id} is complete, all {run.config.epochs} epochs; to train on from what it has learned, use"
            f" mnist-tui train --from {model}"
        )
    if history.state == "diverged":
        raise RunError(
            f"run {run.id} has diverged, and resumed it would do so again at the same batch; train anew with a learning"
            f" rate below {run.config.learning_rate:g}"
        )


def go_back(run: Run, training: Training) -> str:
    """Take a run to its newest checkpoint that is whole; leave it at its beginning where it has not had any yet.

    Only while the run is held: a damaged checkpoint is put aside, so that it never takes the place of a whole one.

    Returns:
        What a person should know of that; empty where all is well.

    Raises:
        CheckpointError: There is none to go on from, or it is of another version or other settings.
        StorageError: The damaged one cannot be put aside.
    """
    damaged: list[str] = []
    for path in checkpoints(run):
        try:
            state = load_checkpoint(path)
        except DamagedCheckpoint as error:
            damaged.append(str(error))
            continue
        training.restore(state)
        if damaged:
            with storing(run.checkpoint):
                run.checkpoint.replace(run.path / "checkpoint-damaged.npz")
        return _went_back_to(state) if damaged else ""
    if damaged:
        raise CheckpointError(f"no whole checkpoint is left: {'; '.join(damaged)}")
    if any(_leaves_something(record.event) for record in run.records()):
        raise CheckpointError(f"{run.checkpoint}: the checkpoint is gone; start the run again with mnist-tui train")
    return ""


def _leaves_something(event: Event) -> bool:
    """Whether it says that a checkpoint or a model is there; a run without either has nothing to lose by beginning."""
    return isinstance(event, CheckpointSaved) or (isinstance(event, RunFinished) and event.model is not None)


def checkpoints(run: Run) -> list[Path]:
    """Its checkpoints, the newest first."""
    return [path for path in (run.checkpoint, checkpoint_before(run.checkpoint)) if path.is_file()]


def _went_back_to(state: TrainingState) -> str:
    position = f"epoch {state.epoch}" + (f", batch {state.batch}" if state.batch else "")
    return f"the newest checkpoint is damaged, going on from {position}"

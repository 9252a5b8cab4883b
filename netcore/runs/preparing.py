"""Loads what a run needs, so that all that can be wrong with its settings is told before it begins."""

from __future__ import annotations

from netcore.datasets.info import find_dataset
from netcore.datasets.library import load_part
from netcore.errors import DatasetError, SettingError
from netcore.models.library import check_free
from netcore.models.model import load_model
from netcore.nn.network import Network
from netcore.runs.resuming import check_unfinished, checkpoints
from netcore.runs.run import Run
from netcore.training.config import TrainingConfig
from netcore.training.step import Training

__all__ = ["prepare", "prepare_again"]


def prepare(config: TrainingConfig) -> Training:
    """Load what a run needs and set it up at its beginning.

    Raises:
        DatasetError: The dataset is missing or damaged.
        ModelError: The model to start from is, or it is a committee.
        SettingError: The settings do not fit the dataset, the model to start from, or a model that is there already.
    """
    if config.name is not None:
        check_free(config.name)
    return _set_up(config, load_model(config.start_from).single() if config.start_from else None)


def prepare_again(run: Run) -> Training:
    """Load what a run needs to be gone on with; `netcore.runs.recorder.record` then takes it to its checkpoint.

    Raises:
        RunError: There is nothing to go on with, or another process trains it.
        DatasetError: The dataset is missing or damaged.
        ModelError: The model to start from is, where the run has no checkpoint yet.
        SettingError: The dataset has changed, so that the settings do not fit it any more.
    """
    run.check_free()  # said at once, not after the images are loaded; `record` makes sure
    check_unfinished(run, run.history())
    config = run.config
    # A checkpoint has the parameters: the model from which they started long ago may have changed or gone since.
    begins = config.start_from is not None and not checkpoints(run)
    start = load_model(config.start_from).single() if begins and config.start_from else None
    return _set_up(config, start)


def _set_up(config: TrainingConfig, start: Network | None) -> Training:
    """A run at its beginning, with the images of its dataset.

    Args:
        config: Its settings.
        start: Network whose parameters to start from.

    Raises:
        DatasetError: The dataset is missing or damaged, or a part of it has no images.
        SettingError: The settings do not fit the dataset, the network to start from, or into memory.
    """
    dataset = find_dataset(config.dataset)
    # The test part is looked at when training has ended: too late for what is wrong with it.
    test, train = load_part(dataset, "test"), load_part(dataset, "train")
    for part, purpose in ((test, "test part has no images to measure on"), (train, "training part has no images")):
        if not len(part):
            raise DatasetError(f"{dataset.folder}: its {purpose}; import it with some")
    try:
        return Training(config, train, len(dataset.classes), start)
    except MemoryError as error:
        many = f"{config.architecture().parameters:,} parameters"
        raise SettingError("layers", f"to train {many} there is too little memory; use fewer") from error

"""A run that is stopped anywhere and resumed from its checkpoint gives the same bits as one that runs straight."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcore.nn.choices import AugmentationName, OptimizerName, ScheduleName
from netcore.training.checkpoint import load_checkpoint, save_checkpoint
from netcore.training.controls import Controls
from netcore.training.events import EpochFinished, Progress, RunFinished, RunStarted
from netcore.training.step import Training
from tests.netcore.toy import events, last_state, toy_run, toy_training, without_clock

pytestmark = pytest.mark.filterwarnings("error")

SETTINGS = st.fixed_dictionaries(
    {
        "learning_rate": st.sampled_from([0.05, 0.002]),
        "dropout": st.sampled_from([0.0, 0.3]),
        "label_smoothing": st.sampled_from([0.0, 0.1]),
        "weight_decay": st.sampled_from([0.0, 0.01]),
        "schedule": st.sampled_from(get_args(ScheduleName)),
        "warmup": st.sampled_from([0.0, 0.7]),
        "input_dropout": st.sampled_from([0.0, 0.2]),
        "average": st.sampled_from([0.0, 0.9]),
        "augment": st.sampled_from(get_args(AugmentationName)),
        "validation": st.sampled_from([0, 13]),
        "batch_size": st.sampled_from([16, 48, 60, "all"]),
        "seed": st.integers(0, 3),
    }
)


def epochs_and_end(stream: list[Any]) -> list[Any]:
    """The events that stay the same however often a run is stopped."""
    return [without_clock(event) for event in stream if isinstance(event, EpochFinished | RunFinished)]


def through_a_file(training: Training, folder: Path) -> Training:
    """As another process would go on: from the settings and the checkpoint's file alone."""
    save_checkpoint(folder / "checkpoint.npz", training.capture())
    resumed = toy_training(**training.config.to_json())
    resumed.restore(load_checkpoint(folder / "checkpoint.npz"))
    return resumed


@pytest.mark.parametrize("optimizer", get_args(OptimizerName))
@settings(max_examples=30)
@given(settings=SETTINGS, stops=st.sets(st.integers(0, 13), max_size=4))
def test_stopped_after_any_batches(optimizer: str, settings: dict[str, Any], stops: set[int]):
    settings = settings | {"optimizer": optimizer}
    straight = toy_training(**settings)
    expected = list(toy_run(straight))

    training, seen, reports = toy_training(**settings), [], 0
    with TemporaryDirectory() as folder:
        while True:
            controls = Controls()
            if reports in stops:  # before the first batch
                stops = stops - {reports}
                controls.stop()
            for event in toy_run(training, controls):
                seen.append(event)
                if isinstance(event, Progress | EpochFinished):  # each batch ends in one of these
                    reports += 1
                    if reports in stops:
                        stops = stops - {reports}
                        controls.stop()
            if seen[-1].reason == "completed":
                break
            training = through_a_file(training, Path(folder))

    np.testing.assert_array_equal(training.network.parameters, straight.network.parameters)
    np.testing.assert_array_equal(training.result.parameters, straight.result.parameters)
    ends = [
        event for event in epochs_and_end(seen) if not (isinstance(event, RunFinished) and event.reason == "stopped")
    ]
    assert ends == epochs_and_end(expected)
    ours, theirs = last_state(seen), last_state(expected)
    assert ours.generator == theirs.generator
    for name, array in theirs.optimizer.items():
        np.testing.assert_array_equal(ours.optimizer[name], array)


@pytest.mark.parametrize("schedule", ["constant", "cosine"])
@pytest.mark.parametrize("epoch", [0, 2])
def test_stopped_between_the_last_batch_and_the_validation(epoch: int, schedule: str, tmp_path: Path):
    config = {"validation": 13, "schedule": schedule}
    expected = list(toy_run(toy_training(**config)))
    training = toy_training(**config)
    for _ in range(epoch):
        while training.batch < training.batches:
            training.step()
        training.finish_epoch()
    while training.batch < training.batches:
        training.step()
    resumed = through_a_file(training, tmp_path)
    seen = list(toy_run(resumed))
    assert seen[0] == RunStarted(
        **{
            name: getattr(expected[0], name)
            for name in RunStarted.__dataclass_fields__
            if name not in ("epoch", "batch")
        },
        epoch=epoch,
        batch=training.batches,
    )
    assert epochs_and_end(seen) == epochs_and_end(expected)[epoch:]


def test_a_changed_learning_rate_is_kept(tmp_path: Path):
    def until_changed() -> tuple[Training, Controls, Any]:
        controls, training = Controls(), toy_training(schedule="cosine")
        stream = toy_run(training, controls)
        while not isinstance(next(stream), Progress):
            pass
        controls.scale_learning_rate(0.5)
        while not isinstance(next(stream), Progress):
            pass
        return training, controls, stream

    straight, _, rest = until_changed()
    expected = events(list(rest))
    stopped, controls, rest = until_changed()
    controls.stop()
    assert events(list(rest))[-1].reason == "stopped"
    resumed = through_a_file(stopped, tmp_path)
    seen = events(list(toy_run(resumed)))[1:]  # without its RunStarted
    assert [without_clock(event) for event in seen] == [without_clock(event) for event in expected]
    np.testing.assert_array_equal(resumed.network.parameters, straight.network.parameters)


@pytest.mark.parametrize("augment", get_args(AugmentationName))
@pytest.mark.parametrize("optimizer", get_args(OptimizerName))
def test_stopped_in_the_middle_of_an_epoch_with_everything_on(optimizer: str, augment: str, tmp_path: Path):
    """Each optimizer and each augmentation together with all that draws random numbers or remembers something."""
    config = {
        "optimizer": optimizer,
        "augment": augment,
        "dropout": 0.3,
        "input_dropout": 0.2,
        "average": 0.9,
        "weight_decay": 0.01,
        "label_smoothing": 0.1,
        "schedule": "one-cycle",
        "warmup": 0.5,
        "validation": 13,
    }
    straight = toy_training(**config)
    list(toy_run(straight))
    training = toy_training(**config)
    for _ in range(2):
        training.step()
        training = through_a_file(training, tmp_path)
    list(toy_run(training))
    np.testing.assert_array_equal(training.network.parameters, straight.network.parameters)
    np.testing.assert_array_equal(training.result.parameters, straight.result.parameters)


DRAWN = [{"dropout": 0.3}, {"input_dropout": 0.2}, *({"augment": name} for name in get_args(AugmentationName))]


@pytest.mark.parametrize("drawn", DRAWN, ids=str)
def test_stopped_after_every_batch_of_which_each_epoch_has_a_short_last_one(drawn: dict[str, Any], tmp_path: Path):
    config = {**drawn, "batch_size": 48, "epochs": 3}
    straight = toy_training(**config)
    assert len(straight.rows) % 48 == 12
    list(toy_run(straight))
    training = toy_training(**config)
    for epoch in range(1, 4):
        while training.batch < training.batches:
            training.step()
            training = through_a_file(training, tmp_path)
        training.finish_epoch()
        assert training.epoch == epoch
    np.testing.assert_array_equal(training.network.parameters, straight.network.parameters)


def test_every_captured_state_can_be_gone_on_from(tmp_path: Path):
    straight = toy_training(epochs=2, dropout=0.1)
    states = [item.state for item in toy_run(straight) if hasattr(item, "state")]
    assert [(state.epoch, state.batch) for state in states] == [(0, 0), (1, 0), (2, 0)]
    for number, state in enumerate(states):
        save_checkpoint(tmp_path / f"{number}.npz", state)
        resumed = toy_training(epochs=2, dropout=0.1)
        resumed.restore(load_checkpoint(tmp_path / f"{number}.npz"))
        assert list(toy_run(resumed))[-1].reason == "completed"
        np.testing.assert_array_equal(resumed.network.parameters, straight.network.parameters)


def test_time_spent_is_counted_on(tmp_path: Path):
    training = toy_training()
    training.seconds, training.epoch_seconds = 12.5, 2.25
    training.step()
    resumed = through_a_file(training, tmp_path)
    assert (resumed.seconds, resumed.epoch_seconds) == (12.5, 2.25)
    assert (resumed.loss, resumed.correct) == (training.loss, training.correct)

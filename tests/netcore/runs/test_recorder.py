"""A run recorded: its log, its checkpoints, its model, and what is left when something goes wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import log_softmax

from netcore.datasets.idx import write_idx
from netcore.datasets.library import load_part
from netcore.errors import DamagedFile, DatasetError, DatasetNotFound, RunError, SettingError, StorageError
from netcore.models.calibration import calibrate
from netcore.models.card import Card
from netcore.models.evaluation import evaluate
from netcore.models.library import list_models, model_path
from netcore.models.model import load_model, save_model
from netcore.nn.architecture import Architecture
from netcore.nn.network import Network
from netcore.runs import checkpointer
from netcore.runs.history import History
from netcore.runs.preparing import prepare, prepare_again
from netcore.runs.recorder import record
from netcore.runs.run import Run, list_runs
from netcore.training.checkpoint import load_checkpoint, save_checkpoint
from netcore.training.config import TrainingConfig
from netcore.training.controls import Controls
from netcore.training.events import (
    CheckpointFailed,
    CheckpointSaved,
    EpochFinished,
    Event,
    Progress,
    RunDetached,
    RunFinished,
    RunPaused,
    RunStarted,
)
from netcore.training.records import Record
from netcore.training.step import Training
from tests.netcore.limits import no_file_longer_than, no_more_memory_than
from tests.netcore.runs.helpers import config
from tests.netcore.toy import CLASSES

pytestmark = [pytest.mark.usefixtures("toy_dataset"), pytest.mark.filterwarnings("error")]


def recorded(run: Run) -> list[Record]:
    return list(record(run, prepare(run.config), Controls()))


def seen(history: History) -> dict[str, Any]:
    """Everything that a history can tell."""
    properties = {name for name, value in vars(History).items() if isinstance(value, property)}
    return vars(history) | {name: getattr(history, name) for name in properties}


def test_what_is_yielded_is_what_is_logged():
    run = Run.create(config())
    live = recorded(run)
    assert run.records() == live
    saved = [(kept.event.epoch, kept.event.batch) for kept in live if isinstance(kept.event, CheckpointSaved)]
    # They are written beside the training: where the disk is slower than an epoch, the newest state counts.
    assert saved == sorted(saved)
    assert saved[-1] == (3, 0)
    kinds = [type(kept.event) for kept in live if not isinstance(kept.event, Progress | CheckpointSaved)]
    assert kinds == [RunStarted, EpochFinished, EpochFinished, EpochFinished, RunFinished]
    assert load_checkpoint(run.checkpoint).epoch == 3
    assert run.state(run.history()) == "completed"


def test_the_history_of_the_log_is_the_history_of_the_live_run():
    run, live = Run.create(config()), History()
    for kept in record(run, prepare(run.config), Controls()):
        live.add(kept)
        assert seen(run.history()) == seen(live)  # at every moment, as another terminal sees it


def test_the_model_and_its_card_say_what_the_events_said():
    training = prepare(config(name="net", seed=4))
    run = Run.create(training.config)
    live = list(record(run, training, Controls()))
    finished = live[-1].event
    epochs = [kept.event for kept in live if isinstance(kept.event, EpochFinished)]
    assert finished.model == "net"
    model = load_model("net")
    assert model.path == model_path("net")
    card = model.card
    assert (card.name, card.dataset, card.classes, card.architecture) == ("net", "toy", CLASSES, run.config.layers)
    assert (card.seed, card.epochs) == (4, 3)
    assert TrainingConfig.from_json(dict(card.settings)) == run.config
    assert (card.test_accuracy, card.test_loss) == (finished.test_accuracy, finished.test_loss)
    assert (card.validation_accuracy, card.validation_loss) == (
        epochs[-1].validation_accuracy,
        epochs[-1].validation_loss,
    )
    for name in ("train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "learning_rate", "seconds"):
        assert card.history[name] == pytest.approx([getattr(epoch, name) for epoch in epochs], rel=1e-5)
    measured = evaluate(model.network, load_part("toy", "test"))
    assert card.test_accuracy == measured.accuracy
    assert card.test_loss == pytest.approx(measured.loss)
    np.testing.assert_array_equal(load_checkpoint(run.checkpoint).parameters, model.network.parameters)
    assert card.made_at.endswith("+00:00")
    assert card.versions["numpy"] == np.__version__


def test_the_temperature_is_fitted_on_the_images_held_out():
    training = prepare(config(name="net"))
    list(record(Run.create(training.config), training, Controls()))
    model, held_out = load_model("net"), training.validation
    logs = model.network.log_probabilities(held_out.images)

    def loss(temperature: float) -> float:
        scaled = log_softmax(logs.astype(float) / temperature, axis=1)
        return -float(np.mean(scaled[np.arange(len(held_out)), held_out.labels]))

    best = loss(model.card.temperature)
    assert best <= min(loss(temperature) for temperature in np.geomspace(0.051, 19.9, 400))
    assert model.card.ece_validation == evaluate(model.network, held_out).ece


def test_where_an_average_is_kept_the_model_and_its_card_are_about_it():
    def check(training: Training) -> None:
        model, held_out = load_model("net"), training.validation
        np.testing.assert_array_equal(model.network.parameters, training.result.parameters)
        known = calibrate(training.result.log_probabilities(held_out.images), held_out.labels)
        assert (model.card.temperature, model.card.ece_validation) == (known.temperature, known.ece)

    run, controls = Run.create(config(name="net", average=0.9, epochs=6)), Controls()
    training = prepare(run.config)
    for kept in record(run, training, controls):
        if isinstance(kept.event, EpochFinished) and kept.event.epoch == 3:
            controls.stop()
    check(training)
    again = prepare_again(run)
    list(record(run, again, Controls()))
    check(again)  # also where a model that was saved before is replaced


def test_without_images_held_out_there_is_no_temperature():
    recorded(Run.create(config(name="all", validation=0)))
    card = load_model("all").card
    assert (card.temperature, card.ece_validation) == (None, None)


def test_a_run_without_a_name_gets_a_free_one():
    names = [recorded(Run.create(config(epochs=1)))[-1].event.model for _ in range(2)]
    assert names == ["toy-1", "toy-2"]


def test_a_name_that_is_taken_is_refused_before_training():
    recorded(Run.create(config(epochs=1, name="net")))
    with pytest.raises(SettingError, match="'net-1'"):
        prepare(config(name="net"))


def test_a_name_taken_meanwhile_is_left_to_the_other():
    run = Run.create(config(epochs=1, name="net"))
    training = prepare(run.config)
    other = Network.initialised(Architecture.parse("softmax(10)"), np.random.default_rng(0))
    save_model(model_path("net"), other, Card(name="net", dataset="toy", classes=CLASSES, architecture="softmax(10)"))
    assert list(record(run, training, Controls()))[-1].event.model == "net-1"
    np.testing.assert_array_equal(load_model("net").network.parameters, other.parameters)
    assert load_model("net-1").card.name == "net-1"


def test_two_runs_that_end_in_the_same_moment_keep_both_models(monkeypatch: pytest.MonkeyPatch):
    """Both have found the name free: it goes to the one that writes first."""
    other = Card(name="chosen", dataset="toy", classes=CLASSES, architecture="relu(6), softmax(10)", run="another")
    network = Network(Architecture.parse("relu(6), softmax(10)"))

    def taken_meanwhile(name: str) -> bool:
        if not model_path("chosen").exists():
            save_model(model_path("chosen"), network, other)
            return False
        return model_path(name).exists()

    monkeypatch.setattr("netcore.runs.recorder.taken", taken_meanwhile)
    run = Run.create(config(name="chosen"))
    assert recorded(run)[-1].event.model == "chosen-1"
    assert load_model("chosen").card == other
    assert load_model("chosen-1").card.run == run.id


def rewrite(home: Path, part: str, images: int, labels: int) -> None:
    """Give a part of the dataset so many images and labels, all zero; its description stays as it is."""
    folder = home / "datasets" / "toy"
    write_idx(folder / f"{part}-images-idx3-ubyte.gz", np.zeros((images, 28, 28), np.uint8))
    write_idx(folder / f"{part}-labels-idx1-ubyte.gz", np.zeros(labels, np.uint8))


def test_a_dataset_without_test_images_is_refused_before_training(home: Path):
    rewrite(home, "t10k", 0, 0)
    with pytest.raises(DatasetError, match="toy: its test part has no images to measure on"):
        prepare(config())


def test_a_damaged_test_part_is_told_before_training(home: Path):
    rewrite(home, "t10k", 3, 4)
    with pytest.raises(DamagedFile, match=r"t10k-labels.* has the shape \(4,\), and there are 3 images"):
        prepare(config())


def test_a_dataset_without_training_images_is_refused(home: Path):
    rewrite(home, "train", 0, 0)
    with pytest.raises(DatasetError, match="toy: its training part has no images"):
        prepare(config())


@pytest.mark.parametrize("workers", [1, 2])
def test_a_network_larger_than_memory_is_refused_by_its_size(workers: int):
    with (
        no_more_memory_than(500_000_000),
        pytest.raises(SettingError, match="to train 182,539,770 parameters there is too little memory"),
    ):
        prepare(config(layers="relu(65536), relu(2000), softmax(10)", optimizer="adam", workers=workers))


def test_start_from_a_model():
    first = recorded(Run.create(config(name="first")))[-1].event
    again = prepare(config(start_from="first"))
    np.testing.assert_array_equal(again.network.parameters, load_model("first").network.parameters)
    assert first.model == "first"
    with pytest.raises(SettingError, match="differs"):
        prepare(config(start_from="first", layers="relu(7), softmax(10)"))


def test_no_such_dataset():
    with pytest.raises(DatasetNotFound, match=r"no dataset.*none"):
        prepare(config(dataset="none"))


def stop_after_first_epoch(run: Run, controls: Controls, *, keep: bool) -> list[Record]:
    kept = []
    for item in record(run, prepare(run.config), controls):
        kept.append(item)
        if isinstance(item.event, EpochFinished):
            controls.stop(keep=keep)
    return kept


def test_stopped_and_kept():
    run = Run.create(config(epochs=50, name="half"))
    finished = stop_after_first_epoch(run, Controls(), keep=True)[-1].event
    assert (finished.reason, finished.epoch, finished.model) == ("stopped", 1, "half")
    assert load_model("half").card.epochs == 1
    assert run.state(run.history()) == "stopped"


def test_thrown_away():
    run = Run.create(config(epochs=50, name="gone"))
    finished = stop_after_first_epoch(run, Controls(), keep=False)[-1].event
    assert (finished.reason, finished.model) == ("stopped", None)
    assert not run.path.exists()
    assert list_runs() == []
    assert not any(entry.name == "gone" for entry in list_models())


def test_who_wants_it_thrown_away_while_its_model_is_saved_comes_too_late(monkeypatch: pytest.MonkeyPatch):
    run, controls = Run.create(config(name="late")), Controls()

    def save(*arguments: Any, **more: Any) -> None:
        controls.stop(keep=False)
        save_model(*arguments, **more)

    monkeypatch.setattr("netcore.runs.recorder.save_model", save)
    finished = list(record(run, prepare(run.config), controls))[-1].event
    assert (finished.reason, finished.model) == ("completed", "late")
    assert run.history().finished == finished
    assert load_model("late").card.run == run.id


def test_resumed_in_another_process_life():
    training = prepare(config(epochs=2))
    straight = load_model(list(record(Run.create(training.config), training, Controls()))[-1].event.model)
    run, controls = Run.create(training.config), Controls()
    for item in record(run, prepare(run.config), controls):
        if isinstance(item.event, EpochFinished):
            controls.stop()
    again = Run.open(run.id)
    training = prepare(again.config)
    training.restore(load_checkpoint(again.checkpoint))
    finished = list(record(again, training, Controls()))[-1].event
    assert (finished.reason, finished.epoch) == ("completed", 2)
    resumed = load_model(finished.model)
    np.testing.assert_array_equal(resumed.network.parameters, straight.network.parameters)
    assert resumed.card.history["train_loss"] == straight.card.history["train_loss"]
    assert again.history().state == "completed"
    assert [epoch.epoch for epoch in again.history().epochs] == [1, 2]


def test_a_diverged_run_keeps_its_checkpoint_and_makes_no_model():
    run = Run.create(config(layers="linear(9), linear(9), softmax(10)", learning_rate=900, epochs=50, name="wild"))
    finished = recorded(run)[-1].event
    assert (finished.reason, finished.model) == ("diverged", None)
    assert np.isfinite(load_checkpoint(run.checkpoint).parameters).all()
    assert not model_path("wild").exists()
    assert run.state(run.history()) == "diverged"
    assert run.history().verdict.startswith("diverged: the loss is not a finite number")


def test_where_no_checkpoint_can_be_saved_training_goes_on():
    run = Run.create(config(name="net"))
    run.checkpoint.mkdir()  # a folder cannot be replaced by a file
    live = [kept.event for kept in recorded(run)]
    failed = [event for event in live if isinstance(event, CheckpointFailed)]
    assert (failed[-1].epoch, failed[-1].batch) == (3, 0)
    assert str(run.checkpoint) in failed[0].message
    assert not any(isinstance(event, CheckpointSaved) for event in live)
    assert (live[-1].reason, live[-1].model) == ("completed", "net")


@pytest.mark.parametrize(("wish", "kind"), [(Controls.pause, RunPaused), (Controls.detach, RunDetached)])
def test_a_pause_and_a_detach_are_told_when_their_checkpoint_is_on_a_slow_disk(
    wish: Callable[[Controls], None], kind: type[Event], monkeypatch: pytest.MonkeyPatch
):
    def slowly(*arguments: Any) -> None:
        time.sleep(0.05)
        save_checkpoint(*arguments)

    monkeypatch.setattr(checkpointer, "save_checkpoint", slowly)
    run, controls, told = Run.create(config(epochs=50)), Controls(), 0
    for kept in record(run, prepare(run.config), controls):
        if isinstance(kept.event, EpochFinished) and kept.event.epoch == 2:
            wish(controls)
        if isinstance(kept.event, kind):
            told += 1
            assert load_checkpoint(run.checkpoint).epoch == 2
            controls.stop()
    assert told == 1


def test_a_log_that_cannot_be_written_ends_the_run_with_a_named_error():
    run = Run.create(config())
    with closing(record(run, prepare(run.config), Controls())) as stream:
        next(stream)
        size = (run.path / "events.jsonl").stat().st_size
        with no_file_longer_than(size), pytest.raises(StorageError, match=run.id):
            list(stream)
    assert not run.alive
    assert [type(kept.event) for kept in run.records()] == [RunStarted]
    assert run.state(run.history()) == "broken"


def test_what_a_full_disk_does_not_take_is_logged_when_there_is_room():
    run, live = Run.create(config(epochs=6)), []
    with closing(record(run, prepare(run.config), Controls())) as stream:
        live.append(next(stream))
        size = (run.path / "events.jsonl").stat().st_size
        with no_file_longer_than(size + 40):  # not the whole of a line
            live += [next(stream) for _ in range(4)]
            assert run.records() == live[:1]
        live += stream
    assert isinstance(live[-1].event, RunFinished)
    assert run.records() == live
    assert run.state(run.history()) == "completed"


def test_a_failure_is_in_the_log_before_it_is_raised():
    run = Run.create(config())
    training = prepare(run.config)
    (labels,) = (run.path.parents[1] / "datasets" / "toy").glob("t10k-labels*")
    labels.write_bytes(b"damaged")
    with pytest.raises(DamagedFile):
        list(record(run, training, Controls()))
    finished = run.records()[-1].event
    assert finished.reason == "failed"
    assert finished.message.startswith("DamagedFile: ")
    assert run.state(run.history()) == "failed"


def test_too_little_memory_is_named(monkeypatch: pytest.MonkeyPatch):
    run = Run.create(config())
    training = prepare(run.config)

    def full() -> None:
        raise MemoryError

    monkeypatch.setattr(training, "step", full)
    with pytest.raises(RunError, match=f"{run.id}: there is too little memory to train it"):
        list(record(run, training, Controls()))
    assert run.records()[-1].event.message.startswith("MemoryError")


def test_a_model_that_cannot_be_saved_is_a_failure_with_a_checkpoint():
    run = Run.create(config(epochs=1, name="net"))
    (run.path.parents[1] / "models").write_text("a file where the folder should be")
    with pytest.raises(StorageError, match=r"net\.npz"):
        recorded(run)
    assert run.records()[-1].event.reason == "failed"
    assert load_checkpoint(run.checkpoint).epoch == 1


def test_one_run_is_trained_by_one():
    run = Run.create(config())
    with closing(record(run, prepare(run.config), Controls())) as stream:
        next(stream)
        with pytest.raises(RunError, match="another process"):
            recorded(run)
        assert run.alive
    assert not run.alive

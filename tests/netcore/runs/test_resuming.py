"""A run gone on with from its checkpoint: what it keeps, what it refuses, and what damage costs."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netcore.datasets.library import load_part
from netcore.errors import CheckpointError, RunError, StorageError
from netcore.models.card import Card
from netcore.models.library import list_models, model_path
from netcore.models.model import load_model, save_model
from netcore.nn.architecture import Architecture
from netcore.nn.network import Network
from netcore.runs.preparing import prepare, prepare_again
from netcore.runs.recorder import record
from netcore.runs.run import Run
from netcore.training.checkpoint import checkpoint_before, load_checkpoint, save_checkpoint
from netcore.training.config import TrainingConfig
from netcore.training.controls import Controls
from netcore.training.events import (
    CheckpointFailed,
    CheckpointSaved,
    EpochFinished,
    Event,
    RunFinished,
    RunStarted,
    SettingChanged,
)
from netcore.training.loop import train
from tests.netcore.limits import no_file_longer_than
from tests.netcore.toy import CLASSES

pytestmark = [pytest.mark.usefixtures("toy_dataset"), pytest.mark.filterwarnings("error")]

EPOCHS = 6


def new_run(**settings: Any) -> Run:
    usual = {"dataset": "toy", "layers": "relu(6), softmax(10)", "epochs": EPOCHS, "batch_size": 16, "validation": 12}
    return Run.create(TrainingConfig(**(usual | {"workers": 1, "dropout": 0.1} | settings)))


def go(run: Run, stop_after: int | None = None, *, again: bool = False) -> list[Event]:
    """Train to the end or to the end of an epoch."""
    controls, told = Controls(), []
    for kept in record(run, prepare_again(run) if again else prepare(run.config), controls):
        told.append(kept.event)
        if isinstance(kept.event, EpochFinished) and kept.event.epoch == stop_after:
            controls.stop()
    return told


def resume(run: Run, stop_after: int | None = None) -> list[Event]:
    return go(Run.open(run.path), stop_after, again=True)


def leave(run: Run, after: int) -> None:
    """Train as a process that is killed after an epoch and the checkpoint that follows."""
    with closing(record(run, prepare(run.config), Controls())) as stream:
        for kept in stream:
            if isinstance(kept.event, CheckpointSaved) and kept.event.epoch >= after:
                break
    assert run.state(run.history()) == "broken"


def straight() -> Network:
    """What becomes of such a run that is left alone."""
    run = new_run(name="straight")
    go(run)
    return load_model("straight").network


def content(run: Run) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in run.path.iterdir() if path.name != "lock"}


def own_models() -> set[str]:
    return {entry.name for entry in list_models() if not entry.bundled}


# What it keeps


@pytest.mark.parametrize(("name", "saved"), [("net", "net"), (None, "toy-1")])
def test_its_model_keeps_its_name_and_is_replaced(name: str | None, saved: str):
    run = new_run(name=name)
    assert go(run, stop_after=2)[-1].model == saved
    assert resume(run, stop_after=4)[-1].model == saved
    assert load_model(saved).card.epochs == 4
    assert resume(run)[-1].model == saved
    model = load_model(saved)
    assert (model.card.epochs, model.card.run) == (EPOCHS, run.id)
    assert own_models() == {saved}
    np.testing.assert_array_equal(model.network.parameters, straight().parameters)
    assert [epoch.epoch for epoch in run.history().epochs] == [1, 2, 3, 4, 5, 6]


def test_the_log_says_where_it_went_on():
    run = new_run()
    go(run, stop_after=2)
    begun = resume(run)[0]
    assert isinstance(begun, RunStarted)
    assert (begun.epoch, begun.batch, begun.note) == (2, 0, "")


def test_another_learning_rate_that_the_log_tells_of_outlives_a_kill():
    """Asked for between two epochs, where the checkpoint of the first does not know of it."""
    run, controls = new_run(), Controls()
    with closing(record(run, prepare(run.config), controls)) as stream:
        for kept in stream:
            match kept.event:
                case EpochFinished(epoch=2):
                    controls.set_learning_rate(0.004)
                case SettingChanged():
                    change, saved = kept.event, load_checkpoint(run.checkpoint)
                    break
    assert (saved.epoch, saved.batch) == (change.epoch, change.batch) == (2, 0)
    resumed = resume(run)
    epochs = [event for event in resumed if isinstance(event, EpochFinished)]
    assert (resumed[0].epoch, resumed[0].batch) == (2, 0)
    assert epochs[0].learning_rate < 0.004  # of the last batch, with the schedule
    assert [mark.text for mark in run.history().marks] == [f"rate {change.old:.3g} → 0.004"]

    training, controls = prepare(run.config), Controls()
    for event in train(training, load_part("toy", "test"), CLASSES, controls):
        if isinstance(event, EpochFinished) and event.epoch == 2:
            controls.set_learning_rate(0.004)
    np.testing.assert_array_equal(load_checkpoint(run.checkpoint).parameters, training.network.parameters)


def test_a_process_that_ends_between_saving_its_model_and_saying_so():
    run = new_run()
    go(run)
    log = run.path / "events.jsonl"
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-1]))
    assert run.state(run.history()) == "broken"
    assert resume(run)[-1].model == "toy-1"
    assert own_models() == {"toy-1"}


def test_the_model_of_another_is_never_replaced():
    run = new_run(name="net")
    go(run, stop_after=2)
    other = Network.initialised(Architecture.parse("softmax(10)"), np.random.default_rng(0))
    for own_id in ("", "20200101-000000-net"):
        save_model(
            model_path("net"),
            other,
            Card(name="net", dataset="toy", classes=CLASSES, architecture="softmax(10)", run=own_id),
        )
        assert resume(run, stop_after=run.history().epochs[-1].epoch + 1)[-1].model == "net-1"
        np.testing.assert_array_equal(load_model("net").network.parameters, other.parameters)


def test_a_copy_of_its_model_is_left_alone():
    run = new_run(name="net")
    go(run, stop_after=2)
    shutil.copy(model_path("net"), model_path("a-copy"))
    before = model_path("a-copy").read_bytes()
    assert resume(run)[-1].model == "net"
    assert model_path("a-copy").read_bytes() == before


def test_the_model_it_started_from_is_not_needed_any_more():
    go(new_run(name="first", epochs=1))
    run = new_run(name="second", start_from="first")
    go(run, stop_after=2)
    model_path("first").unlink()
    assert resume(run)[-1].reason == "completed"


def test_found_by_the_name_that_its_model_was_given():
    first, second = new_run(), new_run()
    for run in (first, second):
        go(run, stop_after=1)
    assert [Run.open(name).id for name in ("toy-1", "toy-2")] == [first.id, second.id]


# What it refuses


def test_what_is_complete_has_nothing_to_resume():
    run = new_run(name="net")
    go(run)
    with pytest.raises(RunError, match=r"is complete, all 6 epochs; .* mnist-tui train --from net"):
        resume(run)


def test_what_diverged_would_do_so_again():
    run = new_run(layers="linear(9), linear(9), softmax(10)", learning_rate=900)
    assert go(run)[-1].reason == "diverged"
    with pytest.raises(RunError, match="below 900"):
        resume(run)


def test_a_run_in_use_says_whose_it_is():
    run = new_run()
    with (
        run.held(),
        pytest.raises(RunError, match=f"by another process, number {os.getpid()}; mnist-tui watch {run.id}"),
    ):
        resume(run)


def test_two_who_prepare_do_not_both_train():
    run = new_run()
    leave(run, after=2)
    late = prepare_again(run)
    resume(run)
    before = content(run)
    with pytest.raises(RunError, match="is complete"):
        list(record(run, late, Controls()))
    assert content(run) == before


# Damage


def spoil(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def test_a_damaged_checkpoint_costs_an_epoch():
    run = new_run(name="net")
    leave(run, after=3)
    older = checkpoint_before(run.checkpoint).read_bytes()
    spoil(run.checkpoint)
    at = load_checkpoint(checkpoint_before(run.checkpoint)).epoch
    damaged = run.checkpoint.read_bytes()
    controls, training = Controls(), prepare_again(run)
    with closing(record(run, training, controls)) as stream:
        begun = next(stream).event
        assert (begun.epoch, begun.note) == (at, f"the newest checkpoint is damaged, going on from epoch {at}")
        # Until a newer one is whole, the good one is where it was, and the damaged one is not in its way.
        assert checkpoint_before(run.checkpoint).read_bytes() == older
        assert (run.path / "checkpoint-damaged.npz").read_bytes() == damaged
    assert resume(run)[-1].model == "net"
    np.testing.assert_array_equal(load_model("net").network.parameters, straight().parameters)


def test_going_back_into_an_epoch_says_to_which_batch():
    run = new_run()
    training = prepare(run.config)
    training.step()
    for _ in range(2):
        save_checkpoint(run.checkpoint, training.capture())
    spoil(run.checkpoint)
    assert resume(run)[0].note.endswith("going on from epoch 0, batch 1")


def test_where_both_are_damaged_nothing_is_touched():
    run = new_run(name="net")
    go(run, stop_after=3)
    for path in (run.checkpoint, checkpoint_before(run.checkpoint)):
        spoil(path)
    before, model = content(run), model_path("net").read_bytes()
    with pytest.raises(
        CheckpointError, match=r"no whole checkpoint is left: .*checkpoint\.npz.*checkpoint-before\.npz"
    ):
        resume(run)
    assert content(run) == before
    assert model_path("net").read_bytes() == model


def test_one_of_another_version_is_not_passed_over():
    run = new_run()
    go(run, stop_after=3)
    with np.load(run.checkpoint) as arrays:
        held = dict(arrays)
    position = json.loads(str(held["position"])) | {"format": 99}
    np.savez(run.checkpoint, **(held | {"position": np.array(json.dumps(position))}))
    before = content(run)
    with pytest.raises(CheckpointError, match=r"format 99.* use the version of mnist-tui that wrote it"):
        resume(run)
    assert content(run) == before


def test_one_that_is_gone_is_told_where_there_is_something_to_lose():
    run = new_run(name="net")
    go(run, stop_after=3)
    for path in (run.checkpoint, checkpoint_before(run.checkpoint)):
        path.unlink()
    with pytest.raises(CheckpointError, match="the checkpoint is gone"):
        resume(run)
    assert load_model("net").card.epochs == 3


def test_one_that_is_gone_is_told_where_there_was_no_model_yet():
    run = new_run()
    leave(run, after=1)
    for path in (run.checkpoint, checkpoint_before(run.checkpoint)):
        path.unlink(missing_ok=True)
    with pytest.raises(CheckpointError, match="the checkpoint is gone"):
        resume(run)


def test_one_that_never_was_is_told_where_there_is_a_model():
    run = new_run(name="net")
    run.checkpoint.mkdir()  # a folder cannot be replaced by a file
    go(run, stop_after=2)
    run.checkpoint.rmdir()
    with pytest.raises(CheckpointError, match="the checkpoint is gone"):
        resume(run)


def test_a_process_killed_before_its_first_checkpoint_has_lost_nothing():
    go(new_run(name="first", epochs=1))
    settings = {"start_from": "first", "seed": 3}
    go(new_run(name="other", **settings))
    run = new_run(name="net", **settings)
    with run.held():
        pass
    assert resume(run)[0].epoch == 0
    np.testing.assert_array_equal(load_model("net").network.parameters, load_model("other").network.parameters)


def test_a_model_that_has_learned_longer_is_not_replaced():
    run = new_run(name="net")
    go(run, stop_after=4)
    shutil.copy(checkpoint_before(run.checkpoint), run.path / "older.npz")
    controls = Controls()
    controls.stop()
    early = new_run(name="early")
    go(early, stop_after=2)
    shutil.copy(early.checkpoint, run.checkpoint)  # as if the disk had gone back
    finished = list(record(run, prepare_again(run), controls))[-1].event
    assert (finished.epoch, finished.model) == (2, "net-1")
    assert load_model("net").card.epochs == 4


def test_nor_one_that_has_learned_some_batches_longer():
    run = new_run(name="net")
    training = prepare(run.config)
    states = [training.capture()]
    for _ in range(2):
        training.step()
        states.append(training.capture())
    saved = []
    for state in (states[1], states[2], states[0]):
        save_checkpoint(run.checkpoint, state)
        controls = Controls()
        controls.stop()
        saved.append(list(record(run, prepare_again(run), controls))[-1].event.model)
    assert saved == ["net", "net", "net-1"]
    assert (load_model("net").card.epochs, load_model("net").card.batch) == (0, 2)


@pytest.mark.parametrize("step", ["fsync", "first rename", "second rename"])
def test_killed_at_each_step_of_writing_a_checkpoint(step: str, monkeypatch: pytest.MonkeyPatch):
    """At each there is a whole checkpoint, and the run ends as the straight one does."""

    class Killed(BaseException):
        pass

    run = new_run(name="net")
    leave(run, after=2)
    whole, renames = load_checkpoint(run.checkpoint), 0
    rename = Path.replace

    def killed(*_: object) -> None:
        raise Killed

    def counted(source: Path, target: Path) -> Path:
        nonlocal renames
        renames += 1
        return killed() if renames == ("first rename", "second rename").index(step) + 1 else rename(source, target)

    with monkeypatch.context() as patched:
        if step == "fsync":
            patched.setattr(os, "fsync", killed)
        else:
            patched.setattr(Path, "replace", counted)
        with pytest.raises(Killed):
            save_checkpoint(run.checkpoint, whole)
    assert run.checkpoint.exists() == (step != "second rename")
    begun = resume(run)[0]
    assert (begun.epoch, begun.note) == (whole.epoch, "")
    np.testing.assert_array_equal(load_model("net").network.parameters, straight().parameters)


def test_what_a_killed_process_had_begun_to_write_is_removed():
    run = new_run()
    leave(run, after=1)
    (run.path / ".checkpoint.npz.12345.tmp").write_bytes(b"half")
    resume(run)
    assert not list(run.path.glob(".*"))


# A full disk


def test_where_checkpoints_do_not_fit_the_run_goes_on_and_the_old_one_stays():
    run = new_run(name="net")
    leave(run, after=2)
    expected = straight()
    old, room = run.checkpoint.read_bytes(), model_path("straight").stat().st_size + 5000
    assert room < len(old)
    with no_file_longer_than(room):
        told = resume(run)
    failed = [event for event in told if isinstance(event, CheckpointFailed)]
    assert failed[-1].epoch == EPOCHS
    assert not any(isinstance(event, CheckpointSaved) for event in told)
    assert (told[-1].reason, told[-1].model) == ("completed", "net")
    assert run.checkpoint.read_bytes() == old
    np.testing.assert_array_equal(load_model("net").network.parameters, expected.parameters)


def test_where_the_log_does_not_fit_the_run_ends_and_can_be_resumed():
    run = new_run(name="net")
    with closing(record(run, prepare(run.config), Controls())) as stream:
        while not isinstance(next(stream).event, CheckpointSaved):
            pass
        size = (run.path / "events.jsonl").stat().st_size
        with no_file_longer_than(size + 100), pytest.raises(StorageError, match=run.id):
            list(stream)
    assert run.state(run.history()) == "broken"
    load_checkpoint(run.checkpoint)
    assert resume(run)[-1].reason == "completed"
    np.testing.assert_array_equal(load_model("net").network.parameters, straight().parameters)
    assert [epoch.epoch for epoch in run.history().epochs] == [1, 2, 3, 4, 5, 6]


def test_where_the_model_does_not_fit_it_is_saved_when_resumed(home: Path):
    run = new_run(name="net")
    (home / "models").write_text("a file where the folder should be")
    with pytest.raises(StorageError, match=r"net\.npz"):
        go(run)
    assert run.history().state == "failed"
    (home / "models").unlink()
    finished = resume(run)[-1]
    assert (finished.reason, finished.model) == ("completed", "net")
    np.testing.assert_array_equal(load_model("net").network.parameters, straight().parameters)


def test_a_run_that_cannot_be_begun_leaves_nothing(home: Path):
    with no_file_longer_than(10), pytest.raises(StorageError, match=r"config\.json"):
        new_run()
    assert list((home / "runs").iterdir()) == []
    assert isinstance(go(new_run())[-1], RunFinished)


def test_a_run_whose_folder_cannot_be_written_is_not_gone_on_with():
    run = new_run()
    leave(run, after=1)
    before = content(run)
    with no_file_longer_than(1), pytest.raises(StorageError, match=run.id):
        resume(run)
    assert content(run) == before

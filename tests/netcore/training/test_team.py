"""A run whose steps are shared by processes: the same bits, whoever computes them, and whoever is lost on the way."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import numpy as np
import pytest

from netcore.datasets.library import Part
from netcore.errors import WorkerLost
from netcore.nn.choices import AugmentationName
from netcore.training.config import TrainingConfig
from netcore.training.helpers import Helpers, cell_of
from netcore.training.pace import Pace
from netcore.training.step import Training
from tests.netcore.limits import no_file_longer_than
from tests.netcore.toy import TRAIN, toy_part, toy_training

pytestmark = pytest.mark.filterwarnings("error")

EVERYTHING = {
    "layers": "relu(7), tanh(6), softmax(10)",
    "weight_decay": 0.1,
    "dropout": 0.2,
    "input_dropout": 0.1,
    "average": 0.9,
    "augment": "shift",
    "validation": 7,
    "workers": 2,
}


@pytest.fixture(autouse=True)
def always_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """These networks are far too small for sharing to pay."""
    monkeypatch.setattr(Pace, "count", lambda *_, **__: None)


def steps(training: Training, count: int) -> np.ndarray:
    """Train for so many batches; return the parameters."""
    for _ in range(count):
        training.step()
        if training.batch == training.batches:
            training.finish_epoch()
    return training.network.parameters.copy()


def wait_until_all_help(training: Training) -> None:
    begin = monotonic()
    while not training._team._helpers.ready:
        assert monotonic() - begin < 20
        sleep(0.002)  # or the helper, which begins meanwhile, would have to share its core


def processes(training: Training) -> Iterator[int]:
    return (other.pid for other in training._team._helpers._others)


def process_is_there(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_together_and_alone_give_the_same_bits(optimizer: str):
    settings: dict[str, Any] = EVERYTHING | {"optimizer": optimizer, "learning_rate": 0.01}
    alone, together = toy_training(**settings), toy_training(**settings)
    expected = steps(alone, 10)
    first = steps(together, 2)  # before anyone is there
    with together.at_work():
        wait_until_all_help(together)
        assert (steps(together, 5) != first).any()
    np.testing.assert_array_equal(steps(together, 3), expected)
    np.testing.assert_array_equal(together.result.parameters, alone.result.parameters)
    assert together.loss == alone.loss


@pytest.mark.parametrize("augment", ["none", "shift"])
@pytest.mark.parametrize("changing", [False, True])
def test_many_steps_together_and_now_and_then_alone(augment: AugmentationName, changing: bool):
    """What others have gathered, drawn and begun ahead of a step is used, or left, whoever does it then."""
    part = toy_part(240)
    config = TrainingConfig(
        layers="relu(12), softmax(10)",
        batch_size=20,
        validation=0,
        dropout=0.2,
        augment=augment,
        workers=2,
        epochs=50,
    )
    expected, shared = steps(Training(config, part, 10), 300), Training(config, part, 10)
    rng = np.random.default_rng(3)
    with shared.at_work():
        wait_until_all_help(shared)
        for _ in range(100):
            shared._team._pace.together = not changing or bool(rng.integers(2))
            steps(shared, 3)
        np.testing.assert_array_equal(shared.network.parameters, expected)


@pytest.mark.parametrize("augment", ["none", "shift"])
@pytest.mark.parametrize("batch_size", [1, 3, 16, "all"])
def test_any_batch_can_be_shared(batch_size: int | str, augment: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("netcore.training.common.SLICE", 5)  # the larger ones take several slices
    settings: dict[str, Any] = {"batch_size": batch_size, "augment": augment, "learning_rate": 0.01}
    expected = steps(toy_training(workers=3, **settings), 7)
    shared = toy_training(workers=3, **settings)
    with shared.at_work():
        wait_until_all_help(shared)
        np.testing.assert_array_equal(steps(shared, 7), expected)
    if augment == "none":  # how images are changed depends on how they are shared out
        whole = steps(toy_training(workers=1, **settings), 7)
        np.testing.assert_allclose(expected, whole, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("batch_size", [59, 48, 1])
def test_a_last_batch_with_too_few_images_for_all(batch_size: int):
    """Of one image, of which the first share is nothing; and of twelve, for which other arrays are taken."""
    settings: dict[str, Any] = {"batch_size": batch_size, "workers": 2, "augment": "warp", "learning_rate": 0.01}
    expected, shared = steps(toy_training(**settings), 7), toy_training(**settings)
    with shared.at_work():
        wait_until_all_help(shared)
        np.testing.assert_array_equal(steps(shared, 7), expected)


def test_images_in_a_mapped_file_are_mapped_by_all(tmp_path: Path):
    (tmp_path / "images").write_bytes(b"a header" + TRAIN.images.tobytes())
    mapped = np.memmap(tmp_path / "images", np.uint8, "r", len(b"a header"), TRAIN.images.shape)
    config = TrainingConfig(layers="relu(6), softmax(10)", validation=0, batch_size=16, workers=2)
    expected = steps(Training(config, TRAIN, 10), 6)
    training = Training(config, Part(mapped, TRAIN.labels), 10)
    assert "images" not in training._team.arrays  # not a copy
    with training.at_work():
        wait_until_all_help(training)
        np.testing.assert_array_equal(steps(training, 6), expected)


def test_a_snapshot_beside_training_is_a_network_between_two_steps():
    settings: dict[str, Any] = {"layers": "relu(1000), softmax(10)", "optimizer": "adam", "workers": 2, "epochs": 99}
    straight, shared = toy_training(**settings), toy_training(**settings)
    between = {steps(straight, 1).tobytes() for _ in range(60)} | {shared.network.parameters.tobytes()}
    seen: list[bytes] = []
    trained = Event()

    def look() -> None:
        while not trained.is_set():
            seen.append(shared.snapshot().parameters.tobytes())

    with shared.at_work():
        wait_until_all_help(shared)
        looking = Thread(target=look)
        looking.start()
        steps(shared, 60)
        trained.set()
        looking.join()
    assert len(set(seen)) > 10
    assert set(seen) <= between


def test_where_no_process_can_be_started_one_does_all(monkeypatch: pytest.MonkeyPatch):
    expected = steps(toy_training(workers=2), 5)

    def refused(*_: object, **__: object) -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr("subprocess.Popen", refused)
    training = toy_training(workers=2)
    with training.at_work():
        np.testing.assert_array_equal(steps(training, 5), expected)


def test_where_there_is_no_memory_that_others_see_one_does_all(monkeypatch: pytest.MonkeyPatch):
    expected = steps(toy_training(workers=2), 5)
    with no_file_longer_than(1000):  # which counts for such memory too
        training = toy_training(workers=2)
    with training.at_work():
        np.testing.assert_array_equal(steps(training, 5), expected)


def test_where_only_some_can_be_started_they_are_sent_away_at_once(monkeypatch: pytest.MonkeyPatch):
    expected, started = steps(toy_training(workers=3), 5), []
    start = subprocess.Popen

    def second_refused(*arguments: Any, **named: Any) -> Any:
        if started:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        started.append(start(*arguments, **named))
        return started[0]

    monkeypatch.setattr("subprocess.Popen", second_refused)
    training = toy_training(workers=3)
    with training.at_work():
        assert not process_is_there(started[0].pid)
        np.testing.assert_array_equal(steps(training, 5), expected)


def test_steps_are_shared_as_the_pace_wants_and_counted_as_they_were_made(monkeypatch: pytest.MonkeyPatch):
    counted: list[bool] = []
    monkeypatch.setattr(Pace, "count", lambda *_, together: counted.append(together))
    training = toy_training(workers=2)
    training._team._pace.together = False  # when help was last there
    steps(training, 1)
    with training.at_work():
        wait_until_all_help(training)
        steps(training, 2)
        training._team._pace.together = False
        steps(training, 3)
    steps(training, 1)  # whom there is no help for has nothing to compare
    assert counted == [True, True, False, False, False]


def test_a_helper_that_is_killed_is_done_without():
    expected = steps(toy_training(workers=2), 8)
    training = toy_training(workers=2)
    with training.at_work():
        wait_until_all_help(training)
        steps(training, 3)
        for number in processes(training):
            os.kill(number, signal.SIGKILL)
        np.testing.assert_array_equal(steps(training, 5), expected)


def lose_helper_before(meeting: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the helper gone before the so manieth meeting, to which the first process comes last."""
    tell, told = Helpers.tell, 0

    def lost(helpers: Helpers) -> None:
        nonlocal told
        told += 1
        if told == meeting:
            assert helpers.wait(helpers.met)
            end(helpers, helpers.met)
        tell(helpers)

    monkeypatch.setattr(Helpers, "tell", lost)


def end(helpers: Helpers, met: int) -> None:
    """Kill the helper, as if this had been the last meeting that it came to."""
    for other in helpers._others:
        other.kill()
        other.wait()
    helpers._meeting.tell(cell_of(1), met)


@pytest.mark.parametrize("meeting", range(1, 10))
def test_a_helper_that_is_lost_before_anything_moved_is_done_without(meeting: int, monkeypatch: pytest.MonkeyPatch):
    """In the first and second step of batches that are worked off in two slices of three meetings each."""
    monkeypatch.setattr("netcore.training.common.SLICE", 7)
    settings: dict[str, Any] = EVERYTHING | {"batch_size": 25}
    expected = steps(toy_training(**settings), 5)
    training = toy_training(**settings)
    with training.at_work():
        wait_until_all_help(training)
        lose_helper_before(meeting, monkeypatch)
        training.step()
        training.step()
        assert not training._team._helpers._others
        training.finish_epoch() if training.batch == training.batches else None
        np.testing.assert_array_equal(steps(training, 3), expected)


def test_a_helper_that_is_lost_before_it_has_moved_its_parameters_ends_the_run():
    training, told = toy_training(workers=2), []

    def ask(for_what: Callable[[], object]) -> None:
        try:
            for_what()
        except WorkerLost as error:
            told.append(str(error))

    with pytest.raises(WorkerLost), training.at_work():  # whatever fails in there, its end says the same
        wait_until_all_help(training)
        training.step()
        helpers = training._team._helpers
        assert helpers.wait(helpers.met)
        end(helpers, training._team._moved - 1)
        ask(lambda: training.network)
        ask(lambda: training.network)
        for together in (False, True):
            training._team._pace.together = together
            ask(training.step)
    ask(training.snapshot)  # also when all are gone: what this process has is a part of the step
    assert len(told) == 5
    assert all("mnist-tui resume" in text for text in told)


def test_a_helper_that_is_lost_as_soon_as_it_has_moved_its_parameters_has_moved_them(monkeypatch: pytest.MonkeyPatch):
    """It comes to the last meeting between the leader's last look and the question whether it is still there."""
    expected = steps(toy_training(workers=2), 3)
    training = toy_training(workers=2)
    with training.at_work():
        wait_until_all_help(training)
        steps(training, 1)
        helpers = training._team._helpers
        assert helpers.wait(helpers.met)
        last = helpers.met + 2
        (other,) = helpers._others
        tell, poll = Helpers.tell, other.poll

        def wait_until_told(meeting: int) -> None:
            begin = monotonic()
            while helpers._meeting.told(cell_of(1)) < meeting:
                assert monotonic() - begin < 20
                sleep(0.001)  # the helper needs the core

        def stop_before_the_last_meeting(helpers: Helpers) -> None:
            if helpers.met + 1 == last - 1:
                wait_until_told(last - 1)  # now it waits for the leader there
                os.kill(other.pid, signal.SIGSTOP)
            tell(helpers)

        def lose_it() -> int | None:
            if helpers._meeting.told(cell_of(1)) < last:
                os.kill(other.pid, signal.SIGCONT)
                wait_until_told(last + 1)  # it has moved them
                end(helpers, last + 1)
            return poll()

        monkeypatch.setattr(Helpers, "tell", stop_before_the_last_meeting)
        monkeypatch.setattr(other, "poll", lose_it)
        training.step()
        monkeypatch.undo()
        assert other.poll() is not None
        np.testing.assert_array_equal(steps(training, 1), expected)


def test_where_one_of_several_is_lost_nobody_else_writes_any_more():
    expected = steps(toy_training(workers=3), 3)
    training = toy_training(workers=3)
    with training.at_work():
        wait_until_all_help(training)
        steps(training, 1)
        helpers = training._team._helpers
        assert helpers.wait(helpers.met)
        first, second = helpers._others
        first.kill()
        first.wait()
        os.kill(second.pid, signal.SIGSTOP)
        for number in (1, 2):  # as if one had gone, and the other still were, in what it does ahead
            helpers._meeting.tell(cell_of(number), helpers.met - 1)
        training._team._pace.together = False
        np.testing.assert_array_equal(steps(training, 2), expected)
        assert not process_is_there(second.pid)


def test_helpers_are_gone_when_training_ends_and_sleep_while_it_rests():
    training = toy_training(workers=2)
    with training.at_work():
        wait_until_all_help(training)
        steps(training, 1)
        (number,) = processes(training)
        begin = monotonic()
        while not training._team._helpers._meeting.told(cell_of(1, asleep=True)):
            assert monotonic() - begin < 20
            sleep(0.002)  # the helper needs the core
        steps(training, 1)  # and is woken
    assert not process_is_there(number)


def test_back_to_earlier_states_after_help():
    """Nothing is left of what was gathered, drawn and done ahead of the steps that come again."""
    settings: dict[str, Any] = EVERYTHING | {"batch_size": 6}
    straight, training = toy_training(**settings), toy_training(**settings)
    expected = steps(straight, 8)
    with training.at_work():
        wait_until_all_help(training)
        states = []
        for _ in range(5):
            training.step()
            states.append(training.capture())
    for done in (5, 2):
        training.restore(states[done - 1])
        np.testing.assert_array_equal(steps(training, 8 - done), expected)


def test_a_loss_that_is_not_finite_changes_nothing_anywhere():
    training = toy_training(workers=2)
    with training.at_work():
        wait_until_all_help(training)
        training.network.parameters[0] = np.nan  # of a weight that sees a pixel: a nan for every image
        before = training.network.parameters.copy()
        with pytest.raises(ArithmeticError):
            training.step()
        np.testing.assert_array_equal(training.network.parameters, before)

"""Every kind of event as a line of JSON, and back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcore.training.config import TrainingConfig
from netcore.training.records import EVENTS, Record

NUMBER = st.floats(allow_nan=False, allow_infinity=False)
COUNT = st.integers(0, 10**9)
BY_TYPE = {
    "int": COUNT,
    "float": NUMBER,
    "float | None": st.none() | NUMBER,
    "str": st.text(),
    "str | None": st.none() | st.text(),
    "tuple[str, ...]": st.lists(st.text()).map(tuple),
    "dict[str, Any]": st.builds(lambda seed: TrainingConfig(seed=seed).to_json(), COUNT),
    "FinishReason": st.sampled_from(["completed", "stopped", "diverged", "failed"]),
    "Mode": st.sampled_from(["go_on", "one_epoch", "pause"]),
    "Literal['learning_rate']": st.just("learning_rate"),
}


def of_kind(kind: type) -> st.SearchStrategy:
    fields = {name: BY_TYPE[field.type] for name, field in kind.__dataclass_fields__.items()}
    if "batches" in fields:
        fields["batches"] = st.integers(1, 10**9)
    return st.builds(kind, **fields)


@pytest.mark.parametrize("name", EVENTS)
@given(data=st.data(), run=st.text(), at=st.floats(0, 1e10))
def test_there_and_back(name: str, data: st.DataObject, run: str, at: float):
    record = Record(run, at, data.draw(of_kind(EVENTS[name])))
    line = record.to_json()
    assert "\n" not in line
    assert Record.from_json(line) == record
    assert Record.from_json(line.encode()) == record
    values = json.loads(line, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    assert list(values)[:3] == ["event", "run", "at"]
    assert (values["event"], values["run"], values["at"]) == (name, run, at)


def test_the_names_that_scripts_know():
    assert {"run_started", "progress", "epoch_finished", "setting_changed", "checkpoint_saved", "run_finished"} <= set(
        EVENTS
    )
    fields = set(EVENTS["epoch_finished"].__dataclass_fields__)
    assert fields == {
        *("epoch", "epochs", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy"),
        *("learning_rate", "seconds", "images_per_second"),
    }
    assert {"reason", "test_accuracy", "test_loss", "model"} <= set(EVENTS["run_finished"].__dataclass_fields__)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "null",
        "5",
        "[]",
        '"run_started"',
        "{}",
        '{"event": "run_exploded", "run": "a", "at": 1}',
        '{"event": [], "run": "a", "at": 1}',
        '{"event": "run_paused", "run": "a", "at": "noon", "epoch": 1, "batch": 2}',
        '{"event": "run_paused", "run": "a", "at": 1, "epoch": 1}',
        '{"event": "run_paused", "run": "a", "at": 1, "epoch": 1, "batch": 2, "mood": 3}',
        '{"event": "run_paused", "run": "a", "at": 1, "epoch": 1, "bat',
        b"\xff\xfe",
        '{"event": "setting_changed", "run": "a", "at": 1, "setting": "learning_rate", "old": 1, "new": 2, "epoch": 1,'
        ' "batch": 0, "batches": 0}',
        json.dumps(
            {"event": "run_started", "run": "a", "at": 1, "config": {}, "classes": [], "parameters": 1, "epoch": 0}
            | {"train_images": 1, "validation_images": 0, "batches": 1, "batch": 0}
        ),
        "[" * 100_000,
        '{"event": "run_paused", "run": "a", "at": 1e300, "epoch": 1, "batch": 2}',
        f'{{"event": "run_paused", "run": "a", "at": 1{400 * "0"}, "epoch": 1, "batch": 2}}',
        '{"event": "run_paused", "run": "a", "at": 1, "epoch": "1", "batch": 2}',
        '{"event": "run_paused", "run": "a", "at": 1, "epoch": -1, "batch": 2}',
        '{"event": "run_paused", "run": "a", "at": 1, "epoch": 1.5, "batch": 2}',
        '{"event": "run_paused", "run": ["a"], "at": 1, "epoch": 1, "batch": 2}',
        '{"event": "run_finished", "run": "a", "at": 1, "epoch": 1, "reason": "completad"}',
        '{"event": "run_finished", "run": "a", "at": 1, "epoch": 1, "reason": "completed", "test_accuracy": "x"}',
        '{"event": "run_finished", "run": "a", "at": 1, "epoch": 1, "reason": "completed", "test_accuracy": NaN}',
        json.dumps(
            {"event": "run_started", "run": "a", "at": 1, "config": {"layers": 5} | {"dataset": "mnist", "epochs": 3}}
            | {"classes": [], "parameters": 1, "epoch": 0, "train_images": 1, "validation_images": 0, "batches": 1}
        ),
    ],
)
def test_a_line_that_is_no_event_is_a_value_error(line: str | bytes):
    with pytest.raises(ValueError):  # the reader of a log only leaves such lines out
        Record.from_json(line)

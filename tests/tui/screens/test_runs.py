"""The Runs screen over real runs of a small dataset; what it shows against what their logs say line by line."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets._toast import Toast

from netcore.models.library import find_model
from netcore.runs.preparing import prepare
from netcore.runs.recorder import record
from netcore.runs.run import Run
from netcore.training.config import TrainingConfig
from netcore.training.controls import Controls
from netcore.training.events import EpochFinished, RunPaused, RunStarted
from tests.tui.app_home import ENDLESS, EVERY_SIZE, opened, press, resize, screen_text, show_as, until
from tui.render.run_rows import age, started_at
from tui.render.tier import Tier
from tui.screens.runs import RunsScreen
from tui.widgets.plot import LinePlot
from tui.widgets.run_list import RunList
from tui.widgets.run_status import RunStatus
from tui.widgets.strips import StripWidget
from tui.widgets.words import Words

LITTLE = TrainingConfig(dataset="little", layers="relu(12), softmax(4)", epochs=3, batch_size=50, validation=60)


@pytest.fixture(autouse=True)
def home(little_home: Path) -> Path:
    return little_home


def train(name: str, stop_after: int | None = None, **settings: Any) -> Run:
    """A run from its first event to its last."""
    config = replace(LITTLE, name=name, **settings)
    training, controls, run = prepare(config), Controls(), Run.create(config)
    for told in record(run, training, controls):
        if isinstance(told.event, EpochFinished) and told.event.epoch == stop_after:
            controls.stop(keep=True)
    return run


def leave(name: str) -> Run:
    """A run whose process is gone after an epoch."""
    run = train(name)
    lines = (run.path / "events.jsonl").read_text().splitlines()
    first = next(place for place, line in enumerate(lines) if '"epoch_finished"' in line)
    (run.path / "events.jsonl").write_text("\n".join([*lines[: first + 1], '{"event": "prog']))
    find_model(name).unlink()
    return run


def logged(run: Run, kind: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in (run.path / "events.jsonl").read_text().splitlines()]
    return [line for line in lines if line["event"] == kind]


def looked(screen: RunsScreen) -> bool:
    """Whether it has listed the runs."""
    return screen._shelf._folder != Path()


@asynccontextmanager
async def runs_screen(
    *keys: str, size: tuple[int, int] = (80, 24), tier: Tier = "truecolor"
) -> AsyncIterator[tuple[Pilot[Any], RunsScreen]]:
    """The app on its Runs screen, all logs read, after some keys."""
    async with opened(RunsScreen, "5", size=size, tier=tier) as (pilot, screen):
        await until(pilot, lambda: looked(screen) and not screen._reading and not screen._shelf.unread())
        await press(pilot, *keys)
        yield pilot, screen


def listed(screen: RunsScreen) -> str:
    """What the list says, all of it."""
    runs = screen.query_one(RunList)
    return "\n".join(str(runs.get_option_at_index(place).prompt) for place in range(runs.option_count))


def line_of(screen: RunsScreen, name: str) -> str:
    return next(line for line in listed(screen).splitlines() if f" {name} " in line)


def curves(screen: RunsScreen, plot: str) -> dict[str, list[float | None]]:
    return {one.name: list(one.values) for one in screen.query_one(f"#{plot}-plot", LinePlot).series}


def status(screen: RunsScreen) -> str:
    return " ".join(screen.query_one(RunStatus).text.split())


async def told(pilot: Pilot[Any], words: str) -> None:
    """Wait until a notice says this; its lines may be broken anywhere."""
    await until(pilot, lambda: words in " ".join(str(toast.render()) for toast in pilot.app.screen.query(Toast)))


async def choose(pilot: Pilot[Any], screen: RunsScreen, run: Run) -> None:
    """Go to a run with the arrows."""
    await press(pilot, "home")
    while screen.query_one(RunList).chosen != run.id:
        await press(pilot, "down")


# The list


async def test_each_state_has_a_word_and_a_mark():
    done, cut = train("done"), train("cut", stop_after=1, epochs=9)
    wild = train("wild", learning_rate=1000.0, layers="linear(12), softmax(4)", epochs=9)
    left = leave("left")
    async with runs_screen() as (_, screen):
        for run, said in ((done, "✓ completed"), (cut, "■ stopped"), (wild, "∞ diverged"), (left, "! broken")):
            assert said in line_of(screen, run.config.name or "")
        assert "little · relu(12), softmax(4)" in listed(screen)


async def test_progress_and_best_accuracy_are_those_of_the_log():
    first, second = train("first"), train("second", stop_after=2, epochs=9, validation=0)
    async with runs_screen() as (_, screen):
        for run, part, wanted in ((first, "validation_accuracy", 3), (second, "train_accuracy", 9)):
            epochs = logged(run, "epoch_finished")
            line = line_of(screen, run.config.name or "")
            assert f" {len(epochs)} / {wanted} " in line
            assert f" {100 * max(epoch[part] for epoch in epochs):.2f} % " in line
            assert (" train " in line) == (part == "train_accuracy")


async def test_the_newest_is_first_and_old_ones_tell_their_age(home):
    run = train("young")
    shutil.copytree(run.path, home / "runs" / "20200102-030405-old")
    async with runs_screen() as (_, screen):
        lines = [line for line in listed(screen).splitlines() if "completed" in line]
        assert len(lines) == 2
        assert lines[0].endswith("just now")
        days = int(lines[1].split()[-3])
        assert lines[1].endswith(f"{days} d ago")
        assert days > 365


def test_an_age_is_coarse():
    now = started_at("20200102-030405-x")
    assert now is not None
    ages = [age(now - seconds, now) for seconds in (0, 59, 60, 3599, 7200, 90_000)]
    assert ages == ["just now", "just now", "1 min ago", "59 min ago", "2 h ago", "1 d ago"]
    assert started_at("no date") is None
    assert age(None, now) == "–"


async def test_without_runs_it_says_what_to_do():
    async with runs_screen() as (pilot, _):
        assert "There are no runs yet." in screen_text(pilot)
        await press(pilot, "enter", "space", "d", "v", "l", "left")
        assert screen_text(pilot).splitlines()[-1].split() == ["?", "Help", "q", "Quit"]
        await press(pilot, "question_mark")
        await until(pilot, lambda: "escape closes" in screen_text(pilot))
        assert screen_text(pilot).splitlines()[-1].split() == ["?", "Help", "q", "Quit"]


async def test_all_keys_have_room():
    train("done")
    train("cut", stop_after=1, epochs=9)
    async with runs_screen() as (pilot, _):
        for keys in ((), ("space",), ("down", "space"), ("up",)):
            await press(pilot, *keys)
            assert "…" not in screen_text(pilot).splitlines()[-1]


# The chosen run


async def test_the_curves_and_words_are_those_of_the_log():
    run = train("mine-2")
    async with runs_screen() as (_, screen):
        epochs, (end,) = logged(run, "epoch_finished"), logged(run, "run_finished")
        for unit in ("loss", "accuracy"):
            shown = curves(screen, unit)
            assert shown["train"] == [epoch[f"train_{unit}"] for epoch in epochs]
            assert shown["validation"] == [epoch[f"validation_{unit}"] for epoch in epochs]
        assert "COMPLETED" in status(screen)
        assert f"{100 * end['test_accuracy']:.2f} % on the test images · saved as mine-2" in status(screen)


async def test_a_cursor_reads_an_epoch_in_both_plots():
    run = train("read")
    async with runs_screen("left", "left") as (pilot, screen):
        epoch = logged(run, "epoch_finished")[1]
        await until(pilot, lambda: "← epoch 2 →" in status(screen))
        assert f"train loss {epoch['train_loss']:.4f}" in status(screen)
        assert [plot.cursor for plot in screen.query(LinePlot)] == [2, 2]


async def test_settings_take_the_place_of_the_curves_where_room_is_short():
    train("set", learning_rate=0.025)
    async with runs_screen() as (pilot, screen):
        assert "learning rate 0.025" not in screen_text(pilot)
        await press(pilot, "v")
        assert "learning rate 0.025" in screen_text(pilot)
        assert not screen.query_one("#loss-plot").region.height
        await press(pilot, "v")
        assert screen.query_one("#loss-plot").region.height
        await resize(pilot, 120, 40)
        await until(pilot, lambda: "learning rate 0.025" in screen_text(pilot))
        assert screen.query_one("#loss-plot").region.height
        assert "Settings" not in screen_text(pilot).splitlines()[-1]


# Comparing


async def test_runs_are_laid_over_each_other():
    slow, quick, bare = train("slow", learning_rate=0.01), train("quick", epochs=5), train("bare-2", validation=0)
    async with runs_screen() as (pilot, screen):
        for run in (quick, slow):
            await choose(pilot, screen, run)
            await press(pilot, "space")
        expected = {
            f"{number} {run.config.name}": [epoch["validation_accuracy"] for epoch in logged(run, "epoch_finished")]
            for number, run in ((1, quick), (2, slow))
        }
        assert curves(screen, "accuracy") == expected
        await choose(pilot, screen, bare)
        await press(pilot, "space")
        assert curves(screen, "loss")["3 bare-2 (train)"] == [e["train_loss"] for e in logged(bare, "epoch_finished")]
        assert line_of(screen, "slow").startswith("2 ")
        await choose(pilot, screen, quick)
        await press(pilot, "space")  # the others move up
        assert list(curves(screen, "loss")) == ["1 slow", "2 bare-2 (train)"]
        await press(pilot, "escape")
        assert set(curves(screen, "loss")) == {"train", "validation"}
        assert "Unpick" not in screen_text(pilot).splitlines()[-1]


async def test_no_more_are_compared_than_can_be_told_apart(home):
    run = train("one", epochs=1)
    for number in range(7):
        shutil.copytree(run.path, home / "runs" / f"20200102-03040{number}-copy")
    async with runs_screen(*["space", "down"] * 7) as (pilot, screen):
        assert len(curves(screen, "loss")) == 6
        await told(pilot, "could not be told apart")


# Keys


async def test_enter_tests_what_came_of_a_run():
    run = train("fresh")
    async with runs_screen("enter") as (pilot, _):
        await until(pilot, lambda: "fresh on little" in screen_text(pilot))
        assert pilot.app.session.model == logged(run, "run_finished")[0]["model"] == "fresh"


async def test_enter_shows_a_run_that_left_no_model():
    run = leave("left")
    async with runs_screen() as (pilot, _):
        assert "enter Open" in screen_text(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: pilot.app.current_mode == "train" and "BROKEN" in screen_text(pilot))
        await until(pilot, lambda: [epoch.epoch for epoch in pilot.app.session.history.epochs] == [1])
        assert "r Resume" in screen_text(pilot)
        await press(pilot, "r")
        await until(pilot, lambda: "COMPLETED" in screen_text(pilot))
    assert run.history().state == "completed"


async def test_a_model_that_is_gone_is_named():
    train("gone")
    find_model("gone").unlink()
    async with runs_screen("enter") as (pilot, screen):
        await told(pilot, "Its model gone is gone.")
        assert pilot.app.screen is screen


async def test_a_model_of_the_same_name_by_another_run_is_not_taken_for_it():
    train("same")
    find_model("same").unlink()
    newest = train("same")
    async with runs_screen("end", "enter") as (pilot, screen):
        await told(pilot, "Its model is gone; same is that of another run by now.")
        assert pilot.app.screen is screen
        await press(pilot, "home", "enter")
        assert screen.query_one(RunList).chosen == newest.id
        await until(pilot, lambda: "same on little" in screen_text(pilot))


async def test_a_cursor_is_taken_back_where_a_run_has_no_such_epoch():
    short, long = train("short"), train("long", epochs=9)
    async with runs_screen(size=(120, 40)) as (pilot, screen):
        await choose(pilot, screen, long)
        await press(pilot, "left")
        await until(pilot, lambda: "epoch 9" in status(screen))
        await choose(pilot, screen, short)
        await until(pilot, lambda: "epoch 3" in status(screen))


async def test_delete_asks_and_leaves_the_model(home):
    first, second = train("first"), train("second")
    async with runs_screen() as (pilot, screen):
        await choose(pilot, screen, first)
        await press(pilot, "d")
        await until(pilot, lambda: "its model first stays" in screen_text(pilot))
        await press(pilot, "enter")  # keep
        assert first.path.is_dir()
        await press(pilot, "delete", "down", "enter")
        await until(pilot, lambda: not first.path.exists())
        await until(pilot, lambda: "first" not in listed(screen))
        assert find_model("first").is_file()
        assert screen.query_one(RunList).chosen == second.id
        assert second.path.is_dir()


async def test_a_run_in_use_is_not_deleted():
    run = train("busy")
    with run.held():
        async with runs_screen("d") as (pilot, screen):
            await told(pilot, "stop it first")
            assert pilot.app.screen is screen
    assert run.path.is_dir()


# Following


async def test_a_run_of_another_process_is_followed():
    pattern = train("pattern")
    begun = RunStarted(**{key: value for key, value in logged(pattern, "run_started")[0].items() if key in FIELDS})
    epoch = {key: value for key, value in logged(pattern, "epoch_finished")[0].items() if key not in HEAD}
    run = Run.create(replace(LITTLE, name="distant", epochs=8))
    with run.held():
        run.append(replace(begun, config=run.config.to_json()))
        async with runs_screen() as (pilot, screen):
            await choose(pilot, screen, run)
            assert "▶ running elsewhere" in line_of(screen, "distant")
            assert " 0 / 8 " in line_of(screen, "distant")
            for number in (1, 2, 3):
                run.append(EpochFinished(**epoch | {"epoch": number, "train_loss": 1 / number}))
                screen.look()
                assert f" {number} / 8 " in line_of(screen, "distant")
                assert curves(screen, "loss")["train"] == [1 / done for done in range(1, number + 1)]
            run.append(RunPaused(epoch=3, batch=0))
            screen.look()
            assert "‖ paused elsewhere" in line_of(screen, "distant")


HEAD = ("event", "run", "at")
FIELDS = ("config", "classes", "parameters", "train_images", "validation_images", "batches")


async def test_a_run_that_loses_its_process_is_broken():
    run = Run.create(replace(LITTLE, name="lost"))
    async with runs_screen() as (_, screen):
        assert "! broken" in line_of(screen, "lost")
        with run.held():
            screen.look()
            assert "waiting elsewhere" in line_of(screen, "lost")
        screen.look()
        assert "! broken" in line_of(screen, "lost")


async def test_nothing_is_written_where_nothing_is_new():
    train("still")
    async with runs_screen() as (pilot, screen):
        assert screen_text(pilot)
        drawn = {widget: widget._drawn for widget in screen.query(StripWidget) if widget.region.height}
        prompt = screen.query_one(RunList).get_option_at_index(0).prompt
        assert any(strips for strips in drawn.values())
        screen.look()
        await pilot.pause()
        assert all(widget._drawn is strips for widget, strips in drawn.items())
        assert screen.query_one(RunList).get_option_at_index(0).prompt is prompt


async def test_runs_come_and_go():
    first = train("first")
    async with runs_screen() as (pilot, screen):
        second = train("second")
        screen.look()
        await until(pilot, lambda: "completed" in line_of(screen, "second"))
        assert screen.query_one(RunList).chosen == first.id
        first.remove()
        screen.look()
        assert "first" not in listed(screen)
        assert screen.query_one(RunList).chosen == second.id


async def test_the_run_of_this_app_is_shown_as_it_grows_and_enter_goes_to_it():
    train("before")
    async with runs_screen() as (pilot, screen):
        session = pilot.app.session
        session.draft = ENDLESS
        session.start_training()
        await until(pilot, lambda: "endless" in listed(screen) and "running here" in line_of(screen, "endless"))
        await press(pilot, "home")
        await until(pilot, lambda: len(curves(screen, "loss")["train"]) > 3)
        before = len(curves(screen, "loss")["train"])
        await until(pilot, lambda: len(curves(screen, "loss")["train"]) > before)
        await press(pilot, "enter")
        await until(pilot, lambda: pilot.app.current_mode == "train")
        await press(pilot, "5")
        session.worker.controls.stop(keep=True)
        await until(pilot, lambda: "■ stopped" in line_of(screen, "endless"))
        assert "on the test images · saved as endless" in status(screen)


async def test_hundreds_of_runs_are_listed_before_they_are_read(home):
    run = train("many")
    for number in range(200):
        shutil.copytree(
            run.path, home / "runs" / f"2020{1 + number % 12:02d}01-{number % 24:02d}{number % 60:02d}00-{number}"
        )
    async with opened(RunsScreen, "5") as (pilot, screen):
        assert screen.query_one(RunList).option_count == 201
        await press(pilot, "end")
        await until(pilot, lambda: listed(screen).count("completed") == 201)
        await until(pilot, lambda: "COMPLETED" in status(screen))


# Looks


async def test_every_size_is_whole():
    train("a-name-that-is-a-good-deal-longer-than-most-names")
    train("other", stop_after=1)
    async with runs_screen() as (pilot, screen):
        for keys in ([], ["v"], ["space", "down", "space"]):
            await press(pilot, *keys)
            for tier, size in [(tier, size) for tier, sizes in EVERY_SIZE for size in sizes]:
                await show_as(pilot, tier)
                await resize(pilot, *size)
                for widget in screen.query(StripWidget):
                    if widget.region.height:
                        widths = {widget.render_line(y).cell_length for y in range(widget.size.height)}
                        assert widths == {widget.size.width}, (tier, size, keys)
                        assert tier != "ascii" or widget.text.isascii(), (size, keys)
                text = screen_text(pilot)
                assert tier != "ascii" or text.isascii(), (size, keys)
                assert size[1] < 20 or re.search("^ ..(other|a-name-that-is)", text, re.MULTILINE), (tier, size, keys)


async def test_a_run_that_cannot_be_opened_is_told(home: Path):
    folder = home / "runs" / "20260101-000000-lost"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{")
    async with runs_screen() as (pilot, _):
        await told(pilot, "its config.json cannot be read")


async def test_below_eighteen_lines_there_is_the_list_alone_and_no_key_for_what_is_not_shown():
    train("one")
    async with runs_screen(size=(80, 16)) as (pilot, screen):
        keys = screen_text(pilot).splitlines()[-1]
        assert "Pick" not in keys
        assert "Settings" not in keys
        assert "Delete" in keys
        await press(pilot, "space", "v")
        assert not screen.query("#run").first().display
        assert not screen.has_class("-settings")


async def test_a_log_that_cannot_be_read_is_told():
    run = train("shut")
    (run.path / "events.jsonl").unlink()
    (run.path / "events.jsonl").mkdir()
    async with runs_screen() as (_, screen):
        assert "cannot be read" in status(screen)
        assert not screen.query_one("#run-settings", Words).region.height

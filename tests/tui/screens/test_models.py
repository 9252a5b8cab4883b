"""The Models screen: the list, the card, the filter, and where its keys lead."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from netcore.models.library import list_models
from tests.tui.app_home import press, press_at_once, screen_text, until
from tui.app import MnistTuiApp
from tui.render.models import short_path
from tui.widgets.model_list import ModelList
from tui.widgets.plot import LinePlot


@pytest.fixture(autouse=True)
def home(little_home: Path) -> Path:
    return little_home


def choose(app: MnistTuiApp, name: str) -> None:
    listing = app.screen.query_one(ModelList)
    listing.highlighted = [entry.name for entry in listing.entries].index(name)


def shown(app: MnistTuiApp) -> list[str]:
    return [entry.name for entry in app.screen.query_one(ModelList).entries]


async def test_every_model_is_listed_own_and_broken_ones_too():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(120, 60)) as pilot:
        assert shown(app) == [entry.name for entry in list_models()]
        words = screen_text(pilot)
        assert "mine" in words
        assert "81.25 %  own" in words
        assert "3 epochs · 9,472 parameters" in words  # 784 x 12 + 12 and 12 x 4 + 4
        assert "broken" in words
        assert "cannot be used" in words


async def test_the_card_tells_what_the_file_tells():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(120, 40)) as pilot:
        choose(app, "mine")
        await pilot.pause()
        words = screen_text(pilot)
        for told in (
            "mine · Little rows", "relu(12), softmax(4)", "9,472", "81.25 %, loss 0.4321", "adam", "0.003", "cosine",
            "128", "seed            7", "3 in 1 min 05 s", "2026-01-02 03:04 UTC", "own", "models/mine.npz",
        ):  # fmt: skip
            assert told in words, told
        accuracy, loss = app.screen.query_one("#accuracy", LinePlot), app.screen.query_one("#loss", LinePlot)
        assert [(series.name, list(series.values)) for series in accuracy.series] == [("train", [0.5, 0.7, 0.8])]
        assert "80.00 %" in accuracy.text
        assert "0.5000" in loss.text


async def test_at_80_columns_the_card_is_shorter_and_nothing_is_cut_off():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        choose(app, "mine")
        await pilot.pause()
        words = screen_text(pilot)
        for told in (
            "81.25 %, loss 0.4321",
            "adam, cosine",
            "0.003, 128",
            "7, 1 min 05 s",
            "2026-01-02, own",
            "accuracy",
        ):
            assert told in words, told
        assert "mine.npz" in words
        assert "…" not in "".join(line for line in words.splitlines() if ".npz" not in line)


async def test_a_model_without_a_card_says_so():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(120, 40)) as pilot:
        choose(app, "bare")
        await pilot.pause()
        words = screen_text(pilot)
        assert "softmax(4)" in words
        assert "the file holds the parameters only" in words
        assert "its file tells no history" in words


async def test_a_file_that_is_no_model_says_why_and_opens_nothing():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(120, 40)) as pilot:
        choose(app, "broken")
        await press(pilot, "enter")
        assert app.current_mode == "models"
        assert app.session.model is None
        assert any("broken.npz" in notice.message for notice in app._notifications)


async def test_enter_tests_the_chosen_model():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        choose(app, "mine")
        await press(pilot, "enter")
        assert app.session.model == "mine"
        assert app.current_mode == "test"


async def test_j_and_k_move_like_the_arrows():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        listing = app.screen.query_one(ModelList)
        await press(pilot, "j", "down", "k")
        assert listing.highlighted == 1
        pointed = [line for line in screen_text(pilot).splitlines() if line.startswith("▸")]
        assert [line.split()[0] for line in pointed] == [f"▸{shown(app)[1]}"]
        await press(pilot, "up")
        assert listing.highlighted == 0


async def test_the_filter_looks_at_names_datasets_and_layers():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        everything = shown(app)
        await press(pilot, "slash", "m", "i", "n", "e")
        await until(pilot, lambda: shown(app) == ["mine"])
        await press(pilot, "escape")
        await until(pilot, lambda: shown(app) == everything)
        assert not app.screen.query(Input)
        await press(pilot, "slash", *"little", "space", *"relu(12)")
        await until(pilot, lambda: shown(app) == ["mine"])
        await press(pilot, "enter", "enter")
        await until(pilot, lambda: app.session.model == "mine")


async def test_a_filter_takes_what_is_typed_ahead_and_a_slash_too():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        press_at_once(pilot, "slash", "m", "i", "n", "slash")
        await until(pilot, lambda: app.screen.query("Input") and app.screen.query_one(Input).value == "min/")


async def test_a_filter_that_matches_nothing_says_so():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "slash", "§")
        await until(pilot, lambda: shown(app) == [])
        assert "no model matches" in screen_text(pilot)
        assert "t Train on" not in screen_text(pilot)
        await press(pilot, "enter")  # from the line to the list
        await until(pilot, lambda: "enter Test" not in screen_text(pilot))
        assert "esc Show all" in screen_text(pilot)
        await press(pilot, "escape")
        await until(pilot, lambda: "mine" in shown(app))
        assert "t Train on" in screen_text(pilot)
        assert "Show all" not in screen_text(pilot)


async def test_an_own_model_is_deleted_only_after_a_question(home: Path):
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        choose(app, "mine")
        await press(pilot, "d", "enter")
        assert (home / "models" / "mine.npz").exists()
        await press(pilot, "d", "down", "enter")
        await until(pilot, lambda: "mine" not in shown(app))
        assert not (home / "models" / "mine.npz").exists()


async def test_after_a_model_was_deleted_its_neighbour_is_chosen(home: Path):
    for name in ("one", "two"):
        (home / "models" / f"{name}.npz").write_bytes((home / "models" / "mine.npz").read_bytes())
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        for name, neighbour in (("one", "two"), ("two", "mine")):
            choose(app, name)
            await press(pilot, "d", "down", "enter")
            await until(pilot, lambda name=name: name not in shown(app))
            chosen = app.screen.query_one(ModelList).chosen
            assert chosen is not None
            assert chosen.name == neighbour


async def test_a_model_that_came_meanwhile_stands_there_on_return(home: Path):
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        choose(app, "mine")
        await press(pilot, "2")
        (home / "models" / "another.npz").write_bytes((home / "models" / "mine.npz").read_bytes())
        await press(pilot, "1")
        await until(pilot, lambda: "another" in shown(app))
        chosen = app.screen.query_one(ModelList).chosen
        assert chosen is not None
        assert chosen.name == "mine"


async def test_training_goes_on_from_the_chosen_model():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        choose(app, "mine")
        await press(pilot, "t")
        await until(pilot, lambda: "Train on from mine" in screen_text(pilot))
        await press(pilot, "enter")  # 5000 of the 300 images cannot be held out: the field is gone to
        await press(pilot, *"60", "enter")
        await until(pilot, lambda: app.current_mode == "train")
        draft = app.session.draft
        assert (draft.start_from, draft.layers, draft.dataset) == ("mine", "relu(12), softmax(4)", "little")


def test_a_long_path_loses_its_middle(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    assert short_path(Path("/home/somebody/models/a.npz"), 60) == "~/models/a.npz"
    long = short_path(Path("/srv") / ("x" * 80) / "a.npz", 40)
    assert len(long) == 40
    assert long.startswith("/srv/xxx")
    assert long.endswith("/a.npz")

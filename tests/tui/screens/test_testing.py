"""The Test screen in a real app, over the 10,000 test images of MNIST and a network whose answers are known."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from netcore.datasets.idx import write_idx
from netcore.datasets.info import find_dataset
from netcore.datasets.library import Part, load_part
from tests.tui.app_home import on, opened, press, press_at_once, resize, screen_text, show_as, until
from tests.tui.screens import nearest_mean
from tui.render.tier import Tier
from tui.screens.choose import ChooseScreen
from tui.screens.confusion import ConfusionScreen
from tui.screens.go_to import GoToScreen, image_number
from tui.screens.testing import TestScreen as Screen  # a name that pytest does not take for tests
from tui.widgets.bars import ProbabilityBars
from tui.widgets.confusion import ConfusionMatrix
from tui.widgets.key_bar import KeyBar
from tui.widgets.picture import Picture
from tui.widgets.thumbnails import Thumbnails
from tui.widgets.words import Words


@pytest.fixture(scope="module")
def known(mnist: Part, means: np.ndarray) -> np.ndarray:
    """What the network takes each image for, worked out without it."""
    return nearest_mean.nearest(means, mnist.images)


@pytest.fixture(autouse=True)
def home(nearest_home: Path) -> Path:
    return nearest_home


@asynccontextmanager
async def test_screen(
    model: str = "nearest", *, size: tuple[int, int] = (80, 24), tier: Tier = "truecolor", seen: bool = True
) -> AsyncIterator[tuple[Pilot[Any], Screen]]:
    """The app on its Test screen, by default when all images have been looked at."""
    async with opened(Screen, "3", model=model, size=size, tier=tier) as (pilot, screen):
        if seen:
            await until(pilot, lambda: "looking" not in words(screen, "about") and words(screen, "about") != "")
        yield pilot, screen


test_screen.__test__ = False  # type: ignore[attr-defined]


def words(screen: Any, name: str) -> str:
    return screen.query_one(f"#{name}", Words).text


async def type_in(pilot: Pilot[Any], text: str) -> None:
    pilot.app.screen.query_one(Input).value = text
    await press(pilot, "enter")
    await pilot.pause()


async def test_shows_what_the_network_says(mnist: Part, means: np.ndarray, known: np.ndarray) -> None:
    async with test_screen() as (pilot, screen):
        for number in (1, 9, 1234, 10_000):
            await press(pilot, "g")
            await type_in(pilot, str(number))
            image, label, predicted = (values[number - 1] for values in (mnist.images, mnist.labels, known))
            assert screen.query_one(Picture).border_title == f"#{number:,} of 10,000"
            assert np.array_equal(screen.query_one(Picture).image, image)
            verdict = words(screen, "verdict")
            assert ("✓ right" in verdict) == (label == predicted)
            assert ("✗ wrong" in verdict) == (label != predicted)
            assert f"predicted  {predicted}" in verdict
            assert f"true       {label}" in verdict
            bars = screen.query_one(ProbabilityBars).text.splitlines()
            for digit, probability in enumerate(nearest_mean.probabilities(means, image)):
                percentage = float(bars[digit].split()[-2])
                assert percentage == pytest.approx(100 * probability, abs=0.011), digit


async def test_digits_behind_g_are_a_number_and_no_modes() -> None:
    async with test_screen() as (pilot, screen):
        press_at_once(pilot, "g", *"1234", "enter")
        await until(pilot, lambda: screen.number == 1233)
        assert pilot.app.screen is screen


async def test_says_how_good_the_model_is(mnist: Part, known: np.ndarray) -> None:
    right = int((known == mnist.labels).sum())
    async with test_screen() as (_, screen):
        about = words(screen, "about")
        assert "nearest on mnist  softmax(10)" in about
        assert f"{right / 100:.2f} % right, {10_000 - right:,} of 10,000 wrong" in about


async def test_the_first_image_does_not_wait_for_all_others() -> None:
    async with test_screen(seen=False) as (pilot, screen):
        await until(pilot, lambda: "right" in words(screen, "verdict"))
        first = words(screen, "verdict")
        await until(pilot, lambda: screen.exam is not None and screen.exam.evaluation is not None)
        assert words(screen, "verdict") == first


async def test_arrows_go_round_the_ends() -> None:
    async with test_screen() as (pilot, screen):
        await press(pilot, "left")
        assert screen.number == 9999
        await press(pilot, "right", "right")
        assert screen.number == 1


async def test_random_is_another_image_and_not_always_the_same() -> None:
    async with test_screen() as (pilot, screen):
        seen = {screen.number}
        for _ in range(5):
            await press(pilot, "r")
            seen.add(screen.number)
        assert len(seen) >= 4


async def test_w_goes_to_every_wrong_one_in_turn_and_round(mnist: Part, known: np.ndarray) -> None:
    wrong = np.flatnonzero(known != mnist.labels)
    async with test_screen() as (pilot, screen):
        for expected in wrong[:4]:
            await press(pilot, "w")
            assert screen.number == expected
            assert "✗ wrong" in words(screen, "verdict")
        screen.show_image(int(wrong[-1]))
        await press(pilot, "w")
        assert screen.number == wrong[0]


async def test_w_pressed_too_early_comes_true_later(mnist: Part, known: np.ndarray) -> None:
    async with test_screen(seen=False) as (pilot, screen):
        await press(pilot, "w")
        await until(pilot, lambda: screen.number == np.flatnonzero(known != mnist.labels)[0])


async def test_go_to_refuses_with_the_reason() -> None:
    async with test_screen() as (pilot, screen):
        await press(pilot, "g")
        await on(pilot, GoToScreen)
        dialog = pilot.app.screen
        for typed, reason in (
            ("0", "there is no image 0"),
            ("10001", "there is no image 10001"),
            ("seven", "'seven' is not a whole number"),
            ("-3", "'-3' is not a whole number"),
            ("²", "'²' is not a whole number"),
            ("", "type a number from 1 to 10,000"),
        ):
            await type_in(pilot, typed)
            assert pilot.app.screen is dialog
            assert reason in str(dialog.query_one("#reason", Static).content)
        await press(pilot, "escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert screen.number == 0


def test_numbers_may_be_written_as_the_screen_writes_them() -> None:
    assert image_number(" #1,234 ", 10_000) == 1234


async def test_where_the_confusion_matrix_has_few_lines_the_chosen_one_is_among_them() -> None:
    async with test_screen(size=(41, 12)) as (pilot, _):
        await press(pilot, "c")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfusionScreen) and "[" in screen_text(pilot))
        matrix = pilot.app.screen.query_one(ConfusionMatrix)
        for _ in range(10):
            assert matrix.region in pilot.app.screen.region
            assert "[" in matrix.text
            assert "taken for" in screen_text(pilot) or "recognised" in screen_text(pilot)
            await press(pilot, "down")


async def test_confusion_counts_every_image_and_leads_to_them(mnist: Part, known: np.ndarray) -> None:
    expected = np.zeros((10, 10), int)
    np.add.at(expected, (mnist.labels, known), 1)
    async with test_screen(size=(100, 40)) as (pilot, screen):
        await press(pilot, "c")
        assert isinstance(pilot.app.screen, ConfusionScreen)
        matrix = pilot.app.screen.query_one(ConfusionMatrix)
        rows = [line.replace("╲", " ").replace("[", " ").replace("]", " ").split() for line in matrix.text.splitlines()]
        shown = np.array([[0 if cell == "·" else int(cell) for cell in row[1:11]] for row in rows[2:12]])
        assert np.array_equal(shown, expected)
        assert shown.sum() == 10_000
        for label, row in enumerate(rows[2:12]):
            assert float(row[11]) == pytest.approx(100 * expected[label, label] / expected[label].sum(), abs=0.0051)

        true, predicted = next((int(t), int(p)) for t, p in np.argwhere((expected > 1) & (expected < 5)) if p > 0)
        images = np.flatnonzero((mnist.labels == true) & (known == predicted))
        matrix.selected = (true, predicted - 1)
        await press(pilot, "right")
        assert matrix.selected == (true, predicted)
        shown_images = pilot.app.screen.query_one(Thumbnails).items
        assert all(np.array_equal(item.image, mnist.images[n]) for item, n in zip(shown_images, images, strict=True))
        await press(pilot, "enter")
        assert pilot.app.screen is screen
        walked = [screen.number]
        for _ in images:
            await press(pilot, "right")
            walked.append(screen.number)
        assert walked == [*images, images[0]]
        assert f"{true} taken for {predicted}, 1 of {len(images)}" in words(screen, "more")
        await press(pilot, "left")
        assert screen.number == images[-1]
        await press(pilot, "escape", "right")
        assert screen.number == images[-1] + 1
        assert "escape" not in words(screen, "more")


async def test_an_empty_cell_leads_nowhere(mnist: Part, known: np.ndarray) -> None:
    counts = np.zeros((10, 10), int)
    np.add.at(counts, (mnist.labels, known), 1)
    empty = tuple(map(int, np.argwhere(counts == 0)[0]))
    async with test_screen() as (pilot, _):
        await press(pilot, "c")
        dialog = pilot.app.screen
        dialog.query_one(ConfusionMatrix).selected = empty
        await press(pilot, "enter")
        assert pilot.app.screen is dialog
        assert [note.message for note in pilot.app._notifications] == [
            f"No image: no {empty[0]} is taken for {empty[1]}."
        ]


async def test_right_images_of_a_class_have_no_wrong_one(mnist: Part, known: np.ndarray) -> None:
    async with test_screen() as (pilot, screen):
        screen.show_cell(3, 3)
        threes = np.flatnonzero((mnist.labels == 3) & (known == 3))
        assert screen.number == threes[0]
        await press(pilot, "w")
        assert screen.number == threes[0]
        await press(pilot, "r")
        assert screen.number in threes
        outside = int(np.flatnonzero(mnist.labels == 5)[0])
        await press(pilot, "g")
        await type_in(pilot, str(outside + 1))
        await press(pilot, "right")
        assert screen.number == outside + 1  # going to an image outside the cell leaves the cell


async def test_a_model_without_a_card_finds_its_dataset(home: Path) -> None:
    part = load_part("fashion-mnist", "test")
    network = nearest_mean.network_of(nearest_mean.means_of(part))
    np.savez(home / "models" / "bare.npz", W0=network.weights[0], b0=network.biases[0][None])
    async with test_screen("bare") as (_, screen):
        assert "bare on fashion-mnist" in words(screen, "about")
        assert "no card, fashion-mnist assumed" in words(screen, "about")
        assert "true       Ankle boot" in words(screen, "verdict")


async def test_another_dataset_and_another_model_can_be_chosen(home: Path, means: np.ndarray) -> None:
    nearest_mean.save(home, "second", means, "mnist", find_dataset("mnist").classes)
    async with test_screen() as (pilot, screen):
        await press(pilot, "s")
        assert [str(line.prompt) for line in pilot.app.screen.query_one(OptionList).options] == [
            "Fashion-MNIST, articles of clothing, 10 classes",
            "MNIST, handwritten digits, 10 classes",
        ]
        await press(pilot, "up", "enter")
        await until(pilot, lambda: "nearest on fashion-mnist" in words(screen, "about"))
        assert "trained for mnist" in words(screen, "about")
        assert "Ankle boot" in words(screen, "verdict")
        await press(pilot, "m")
        options = pilot.app.screen.query_one(OptionList)
        options.highlighted = options.get_option_index("second")
        await press(pilot, "enter")
        await until(pilot, lambda: "second on mnist" in words(screen, "about"))
        assert pilot.app.session.model == "second"


async def test_what_cannot_be_shown_is_told_and_another_model_helps(home: Path, means: np.ndarray) -> None:
    whole = nearest_mean.save(home, "elsewhere", means, "nowhere", find_dataset("mnist").classes).read_bytes()
    (home / "models" / "cut.npz").write_bytes(whole[: len(whole) // 2])
    card = json.dumps({"format": 1, "name": "three", "dataset": "mnist", "classes": ["a", "b", "c"],
                       "architecture": "softmax(3)"})  # fmt: skip
    np.savez(home / "models" / "three.npz", W0=np.zeros((784, 3), "f4"), b0=np.zeros(3, "f4"), card=np.array(card))
    np.savez(home / "models" / "small.npz", W0=np.zeros((100, 10), "f4"), b0=np.zeros(10, "f4"))
    async with test_screen("gone", seen=False) as (pilot, screen):
        problem = screen.query_one("#problem", Static)
        for model, reason in (
            ("gone", "no model is called 'gone'"),
            ("cut", "cut.npz"),
            ("elsewhere", "no dataset is called 'nowhere'"),
            ("three", "three tells 3 classes apart, mnist has 10"),
            ("small", "takes 100 numbers"),
        ):
            await press(pilot, "1")
            screen.session.model = model  # what the Models screen does
            await press(pilot, "3")
            await until(pilot, lambda reason=reason: problem.display and reason in str(problem.content))
            assert not screen.query_one("#test").display
            await press(pilot, "right", "r", "w", "c", "d", "o")  # none of these has anything to act on
            assert pilot.app.screen is screen
            await press(pilot, "m")
            await on(pilot, ChooseScreen)
            options = pilot.app.screen.query_one(OptionList)
            options.highlighted = options.get_option_index("nearest")
            await press(pilot, "enter")
            await until(pilot, lambda: screen.query_one("#test").display)
            assert "✓ right" in words(screen, "verdict")


async def test_an_empty_test_part_is_told(home: Path, means: np.ndarray) -> None:
    folder = home / "datasets" / "empty"
    folder.mkdir(parents=True)
    (folder / "dataset.json").write_text(json.dumps({"classes": list("abcdefghij")}))
    for part in ("train", "t10k"):
        write_idx(folder / f"{part}-images-idx3-ubyte", np.zeros((0, 28, 28), np.uint8))
        write_idx(folder / f"{part}-labels-idx1-ubyte", np.zeros(0, np.uint8))
    nearest_mean.save(home, "of-empty", means, "empty", tuple("abcdefghij"))
    async with test_screen("of-empty", seen=False) as (pilot, screen):
        await until(pilot, lambda: screen.query_one("#problem").display)
        assert "empty" in str(screen.query_one("#problem", Static).content)


async def test_a_model_written_anew_is_read_anew(home: Path, means: np.ndarray) -> None:
    async with test_screen() as (pilot, screen):
        before = words(screen, "about")
        nearest_mean.save(home, "nearest", np.roll(means, 1, axis=0), "mnist", find_dataset("mnist").classes)
        await press(pilot, "1", "3")
        await until(pilot, lambda: "right," in words(screen, "about") and words(screen, "about") != before)
        assert "✗ wrong" in words(screen, "verdict")


TERMINALS: list[tuple[Tier, tuple[int, int]]] = [
    *(("truecolor", size) for size in ((60, 20), (80, 24), (120, 40), (200, 60))),
    *((tier, (80, 24)) for tier in ("256", "16", "mono", "ascii")),
]


async def test_complete_on_every_terminal() -> None:
    async with test_screen(size=(60, 20)) as (pilot, screen):
        for tier, size in TERMINALS:
            await show_as(pilot, tier)
            await resize(pilot, *size)
            assert not screen.show_vertical_scrollbar
            picture = screen.query_one(Picture)
            assert picture.content_size.width >= 28
            assert picture.content_size.height == picture.content_size.width // 2
            bars = screen.query_one(ProbabilityBars)
            assert all(widget.region in screen.region for widget in (picture, bars, screen.query_one("#verdict")))
            assert len([line for line in bars.text.splitlines() if "%" in line]) == 10
            right = "v right" if tier == "ascii" else "✓ right"
            assert right in words(screen, "verdict")
            assert re.search("predicted +7$", words(screen, "verdict"), re.MULTILINE)
            if tier == "ascii":
                assert all(widget.text.isascii() for widget in screen.query(Words))


async def test_the_keys_stand_in_the_last_line_at_80_columns() -> None:
    async with test_screen() as (_, screen):
        keys = screen.query_one(KeyBar).text
        for key in ("r Random", "w Wrong", "g Go to", "c Confusion", "d Draw", "o Open", "? Help", "q Quit"):
            assert key in keys

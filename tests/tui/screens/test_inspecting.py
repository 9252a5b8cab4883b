"""The Inspect screen: every number on it against the same worked out in float64 from the arrays of the model's file."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from textual.pilot import Pilot

from netcore.datasets.library import Part, load_part
from netcore.models.card import Card
from netcore.models.model import save_model
from netcore.nn.architecture import Architecture
from netcore.nn.network import Network
from tests.tui.app_home import (
    ENDLESS,
    EVERY_SIZE,
    laid_out,
    opened,
    press,
    press_at_once,
    resize,
    screen_text,
    show_as,
    until,
)
from tui.render.tier import Tier
from tui.screens.inside_views import InsideView
from tui.screens.inspecting import InspectScreen
from tui.widgets.activity import Activity
from tui.widgets.neuron_grid import NeuronGrid
from tui.widgets.strips import StripWidget
from tui.widgets.weight_picture import WeightPicture
from tui.widgets.words import Words

CLASSES = ("a", "b", "c", "d")
NUMBER = r"[-+]?\d+\.\d{4}"
DEAD = 6


@pytest.fixture(autouse=True)
def home(little_home: Path) -> Path:
    """Models of one, two and three layers; the sixth neuron of the deep one is dead."""
    architecture = Architecture.parse("relu(20), tanh(6), softmax(4)")
    network = Network.initialised(architecture, np.random.default_rng(8))
    for biases in network.biases:
        biases[...] = np.random.default_rng(len(biases)).normal(0, 0.3, len(biases))
    network.biases[0][DEAD - 1] = -100
    card = Card(name="deep", dataset="little", classes=CLASSES, architecture=str(architecture))
    save_model(little_home / "models" / "deep.npz", network, card)
    return little_home


@pytest.fixture
def arrays(home: Path) -> dict[str, np.ndarray]:
    with np.load(home / "models" / "deep.npz") as file:
        return {name: file[name].astype(np.float64) for name in file.files if name != "card"}


@pytest.fixture
def part(home: Path) -> Part:
    return load_part("little", "test")


def by_hand(arrays: dict[str, np.ndarray], image: np.ndarray) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Of each layer what comes in, the sums and the answers."""
    steps, before = [], image.reshape(-1) / 255
    for layer, activate in enumerate((lambda z: np.maximum(z, 0), np.tanh, lambda z: np.exp(z) / np.exp(z).sum())):
        total = before @ arrays[f"W{layer}"] + arrays[f"b{layer}"]
        steps.append((before, total, activate(total)))
        before = steps[-1][2]
    return steps


def has_its_size(picture: WeightPicture) -> bool:
    """Whether it has been fitted to the terminal, and is laid out like that."""
    if not picture.styles.inline.has_rule("width"):
        return False
    width, height = picture.styles.width, picture.styles.height
    return width is not None and height is not None and picture.outer_size == (width.value, height.value)


@asynccontextmanager
async def inspect(
    model: str = "deep", *keys: str, size: tuple[int, int] = (80, 24), tier: Tier = "truecolor"
) -> AsyncIterator[tuple[Pilot[Any], InspectScreen]]:
    """The app on its Inspect screen, the neurons surveyed, after some keys."""
    async with opened(InspectScreen, "4", model=model, size=size, tier=tier) as (pilot, screen):
        await until(pilot, lambda: screen.probe is not None and screen.probe.survey is not None)
        await until(pilot, lambda: has_its_size(screen.query_one(WeightPicture)))
        await laid_out(pilot)
        screen._refresh()  # as it does by itself some time after it was resized
        await press(pilot, *keys)
        yield pilot, screen


def words(screen: InspectScreen, name: str) -> str:
    return screen.query_one(f"#{name}", Words).text.rstrip()


def view(screen: InspectScreen) -> str:
    (shown,) = [one for one in screen.query(InsideView) if one.display]
    return shown.TITLE


def keys(pilot: Pilot[Any]) -> str:
    return screen_text(pilot).splitlines()[-1]


def place(label: str) -> int:
    """Index of the input that a row of the sum is about, from its name on the screen."""
    if pixel := re.match(r"row (\d+) col (\d+)", label):
        return 28 * (int(pixel[1]) - 1) + int(pixel[2]) - 1
    return int(re.fullmatch(r"neuron (\d+)", label.strip())[1]) - 1  # type: ignore[index]


# The sum of a neuron


@pytest.mark.parametrize(("layer", "neuron"), [(0, 0), (0, 3), (1, 2), (2, 1)])
async def test_the_shown_products_and_the_bias_add_up_to_the_shown_sum(arrays, part, layer, neuron):
    moves = ["v", "v", *["down"] * layer, *["right"] * neuron]
    async with inspect("deep", *moves, size=(80, 30)) as (_, screen):
        coming, sums, answers = by_hand(arrays, part.images[0])[layer]
        lines = words(screen, "into").splitlines()
        rows = [re.fullmatch(rf"(.{{13}}) *({NUMBER}) × +({NUMBER}) = +({NUMBER})", line) for line in lines]
        shown = [row for row in rows if row]
        assert len(shown) >= 6
        total = 0.0
        for row in shown:
            at = place(row[1].strip())
            value, weight, product = map(float, row.groups()[1:])
            assert value == pytest.approx(coming[at], abs=6e-5)
            assert weight == pytest.approx(arrays[f"W{layer}"][at, neuron], abs=6e-5)
            assert product == pytest.approx(coming[at] * arrays[f"W{layer}"][at, neuron], abs=6e-5)
            total += product
        sizes = [abs(float(row[4])) for row in shown]
        assert sizes == sorted(sizes, reverse=True)
        ends = dict(re.findall(rf"^(the other|bias|sum)(?: .*?)? +({NUMBER})$", "\n".join(lines), re.MULTILINE))
        assert float(ends["bias"]) == pytest.approx(arrays[f"b{layer}"][neuron], abs=6e-5)
        assert float(ends["sum"]) == pytest.approx(sums[neuron], abs=6e-5)
        total += float(ends.get("the other", 0)) + float(ends["bias"])
        assert total == pytest.approx(float(ends["sum"]), abs=5e-5 * (len(shown) + 3))
        others = re.search(r"the other ([\d,]+) together", "\n".join(lines))
        assert (int(others[1].replace(",", "")) if others else 0) == len(coming) - len(shown)
        answer = lines[-1].split()[-2 if layer == 2 else -1]
        assert float(answer) == pytest.approx(answers[neuron] * (100 if layer == 2 else 1), abs=6e-3)


async def test_a_silent_relu_answers_nothing(arrays, part):
    async with inspect("deep", "v", "v", *["right"] * (DEAD - 1)) as (_, screen):
        *_, total, answer = words(screen, "into").splitlines()
        assert float(total.split()[-1]) == pytest.approx(by_hand(arrays, part.images[0])[0][1][DEAD - 1], abs=6e-5)
        assert answer.split()[-1] == "0.0000"


async def test_from_the_sums_of_the_classes_to_their_shares(arrays, part):
    async with inspect("deep", "v", "v", "down", "down") as (_, screen):
        _, sums, answers = by_hand(arrays, part.images[0])[2]
        rows = re.findall(rf"^([abcd]) +({NUMBER}) +([\d.e-]+) +([\d.]+) %$", words(screen, "onward"), re.MULTILINE)
        assert [name for name, *_ in rows] == [CLASSES[at] for at in np.argsort(-sums)]
        for name, total, power, share in rows:
            at = CLASSES.index(name)
            assert float(total) == pytest.approx(sums[at], abs=6e-5)
            assert float(power) == pytest.approx(np.exp(sums[at] - sums.max()), abs=6e-5)
            assert float(share) == pytest.approx(100 * answers[at], abs=6e-3)
        powers = [float(power) for _, _, power, _ in rows]
        assert re.search(r"^all +([\d.]+)", words(screen, "onward"), re.MULTILINE)[1] == f"{sum(powers):.4f}"


async def test_where_an_answer_goes(arrays, part):
    async with inspect("deep", "v", "v", "right", "right") as (_, screen):
        neuron = 2
        steps = by_hand(arrays, part.images[0])
        answer = steps[0][2][neuron]
        text = words(screen, "onward")
        onward = re.findall(rf"^neuron (\d+) +({NUMBER}) = +({NUMBER})$", text, re.MULTILINE)
        assert [int(number) - 1 for number, *_ in onward] == np.argsort(-np.abs(arrays["W1"][neuron])).tolist()
        for number, weight, product in onward:
            assert float(weight) == pytest.approx(arrays["W1"][neuron, int(number) - 1], abs=6e-5)
            assert float(product) == pytest.approx(answer * arrays["W1"][neuron, int(number) - 1], abs=6e-5)
        slopes = 1 - steps[1][2] ** 2
        effects = (arrays["W1"][neuron] * slopes) @ arrays["W2"]
        told = dict(re.findall(rf"^([abcd]) +({NUMBER})$", text, re.MULTILINE))
        assert {name: float(number) for name, number in told.items()} == pytest.approx(
            dict(zip(CLASSES, effects, strict=True)), abs=6e-5
        )


# Weights


async def test_the_cursor_reads_every_weight_with_its_pixel(arrays, part):
    async with inspect("deep", "right", "tab") as (pilot, screen):
        column = arrays["W0"][:, 1]
        row, col = divmod(int(np.abs(column).argmax()), 28)  # it starts on the strongest
        for key, down, right in (("", 0, 0), ("up", -1, 0), ("left", 0, -1), ("down", 1, 0), ("right", 0, 1)):
            await press(pilot, *filter(None, [key]))
            row, col = min(max(row + down, 0), 27), min(max(col + right, 0), 27)
            at = 28 * row + col
            said = re.match(
                rf"row (\d+) col (\d+)  weight ({NUMBER}) × pixel ({NUMBER}) = ({NUMBER})  W0\[(\d+), 1\]",
                words(screen, "pixel"),
            )
            assert said is not None
            assert (int(said[1]), int(said[2]), int(said[6])) == (row + 1, col + 1, at)
            pixel = part.images[0].reshape(-1)[at] / 255
            told = [float(said[group]) for group in (3, 4, 5)]
            assert told == pytest.approx([column[at], pixel, column[at] * pixel], abs=6e-5)
        await press(pilot, "escape", "right")
        assert screen.probe is not None
        assert screen.probe.at == (0, 2)


async def test_a_click_reads_a_weight_and_chooses_a_neuron(home):
    async with inspect() as (pilot, screen):
        await pilot.click(WeightPicture, offset=(1 + 9, 1 + 4))
        assert words(screen, "pixel").startswith("row 9 col 10 ")
        await pilot.click(NeuronGrid, offset=(16 + 3, 2))
        assert screen.probe is not None
        assert screen.probe.at == (0, 1)


@pytest.mark.parametrize(("tier", "positive", "negative"), [("mono", "░▒▓█", "·-=≡"), ("ascii", "+*#", "-=%")])
async def test_without_colour_a_picture_tells_the_sign(home, tier, positive, negative):
    architecture = Architecture.parse("relu(3), softmax(4)")
    network = Network.initialised(architecture, np.random.default_rng(0))
    network.weights[0][:392, 0], network.weights[0][392:, 0] = 1, -1
    save_model(home / "models" / "halves.npz", network, Card(name="halves", dataset="little", classes=CLASSES,
        architecture=str(architecture)))  # fmt: skip
    async with inspect("halves", tier=tier) as (_, screen):
        rows = screen.query_one(WeightPicture).text.splitlines()
        assert set("".join(rows[:7])) <= set(positive)
        assert set("".join(rows[7:])) <= set(negative)


async def test_a_grid_shows_neighbours_with_their_answers(arrays, part):
    async with inspect("deep", "down") as (_, screen):
        answers = by_hand(arrays, part.images[0])[0][2]
        assert screen.probe is not None
        assert screen.probe.at == (0, 3)  # three stand in a row
        shown = re.findall(r"▸?\b(\d+) +(\d+\.\d{4}|dead)", screen.query_one(NeuronGrid).text)
        assert [int(number) for number, _ in shown] == [1, 2, 3, 4, 5, 6]
        for number, says in shown:
            assert says == ("dead" if int(number) == DEAD else f"{answers[int(number) - 1]:.4f}")


async def test_a_network_without_hidden_layers_shows_its_classes(home):
    async with inspect("bare") as (pilot, screen):
        assert screen.query_one(WeightPicture).border_title == "a"
        assert "layer 1 · class a" in words(screen, "views")
        await press(pilot, "v", "v")
        assert "softmax, see beside" in words(screen, "into")


# Answers and layers


async def test_the_answers_of_each_layer(arrays, part):
    async with inspect("deep", "n", "n", "n", "v") as (_, screen):
        steps = by_hand(arrays, part.images[3])
        text = screen.query_one(Activity).text
        answers = steps[0][2]
        assert f"{np.count_nonzero(answers)} of 20 answer, {silent(arrays, part)} dead" in text
        for layer, digits in ((0, 4), (1, 4)):
            strongest = int(np.abs(steps[layer][2]).argmax())
            assert re.search(rf"^{strongest + 1} {steps[layer][2][strongest]:.{digits}f}", text, re.MULTILINE)
        predicted = int(steps[2][2].argmax())
        share = f"{100 * steps[2][2][predicted]:.2f} %"
        assert f"{CLASSES[predicted]} {share}" in text
        true = CLASSES[part.labels[3]]
        word = "✓ right" if CLASSES[predicted] == true else "✗ wrong"
        assert words(screen, "verdict").split() == [*word.split(), "predicted", CLASSES[predicted], *share.split(),
            "true", true]  # fmt: skip


def silent(arrays: dict[str, np.ndarray], part: Part) -> int:
    """Neurons of the first layer that answer on no test image."""
    totals = part.pixels / 255 @ arrays["W0"] + arrays["b0"]
    return int((totals.max(axis=0) <= 0).sum())


async def test_the_line_on_a_neuron_says_how_often_it_answers(arrays, part):
    totals = part.pixels / 255 @ arrays["W0"] + arrays["b0"]
    async with inspect("deep", "v") as (pilot, screen):
        for neuron in range(DEAD):
            often = int((totals[:, neuron] > 0).sum())
            said = f"answers on {often} of 60 images" if often else "dead: silent on all 60 images"
            assert said in words(screen, "one")
            first = re.match(rf"bias ({NUMBER})  sum ({NUMBER})  relu ({NUMBER})", words(screen, "one"))
            assert [float(first[group]) for group in (1, 2, 3)] == pytest.approx(
                [arrays["b0"][neuron], totals[0, neuron], max(totals[0, neuron], 0)], abs=6e-5
            )
            await press(pilot, "right")


async def test_the_table_of_layers(arrays, part):
    async with inspect("deep", "v", "v", "v") as (_, screen):
        rows = [line.lstrip("▸ ").split() for line in words(screen, "table").splitlines()]
        for number, (inputs, outputs) in enumerate(((784, 20), (20, 6), (6, 4))):
            weights = arrays[f"W{number}"]
            cells = rows[number + 1]
            assert cells[0] == str(number + 1)
            assert cells[2:5] == [str(inputs), "×", str(outputs)]
            assert cells[5] == f"{(inputs + 1) * outputs:,}"
            expected = [weights.mean(), weights.std(), weights.min(), weights.max()]
            assert [float(cell) for cell in cells[6:10]] == pytest.approx(expected, abs=6e-5)
        assert rows[1][10:] == [f"{100 * silent(arrays, part) / 20:.1f}", "%"]
        assert rows[2][10:] == rows[3][10:] == ["–"]
        assert rows[4] == ["together", f"{785 * 20 + 21 * 6 + 7 * 4:,}"]
        assert str(DEAD) in words(screen, "table").split("dead: ")[-1]


async def test_arrows_lead_through_the_layers_and_find_the_way_back(home):
    async with inspect("deep", "v", "right", "right", "down", "right", "down", "up") as (pilot, screen):
        assert screen.probe is not None
        assert screen.probe.at == (1, 3)
        assert "layer 2 · neuron 4 of 6" in words(screen, "views")
        await press(pilot, "v")
        assert (view(screen), screen.probe.at) == ("Sum", (1, 3))
        await press(pilot, "up", "down", "left")
        assert screen.probe.at == (1, 2)
        await press(pilot, "v", "v")
        assert (view(screen), screen.probe.at) == ("Weights", (0, 2))  # pixels are seen by the first layer only


# Images and models


async def test_images_as_in_test(part):
    async with inspect("deep", "v", "p") as (pilot, screen):
        assert screen.probe is not None
        assert screen.probe.number == 59
        await press(pilot, "n", "n")
        assert screen.probe.number == 1
        before = screen.probe.number
        await press(pilot, "r")
        assert screen.probe.number != before
        wanted = 42 if screen.probe.number != 41 else 24  # any image may have come
        press_at_once(pilot, "g", *str(wanted), "enter")
        await until(pilot, lambda: screen.probe and screen.probe.number == wanted - 1)
        assert screen.query_one("#image").border_title == f"#{wanted} of 60"


async def test_a_file_that_is_no_model_is_named_and_another_can_be_chosen(home):
    async with opened(InspectScreen, "4", model="broken") as (pilot, screen):
        await until(pilot, lambda: "not a model file" in screen_text(pilot))
        assert "Pixels" not in screen_text(pilot)
        await press(pilot, "v", "n", "tab", "right", "m")
        await until(pilot, lambda: "Model" in screen_text(pilot))
        await press(pilot, "end", "enter")
        await until(pilot, lambda: screen.session.model not in (None, "broken") and "bias" in screen_text(pilot))


async def test_a_file_that_has_gone_meanwhile_leaves_nothing_but_that_on_the_screen(home):
    async with opened(InspectScreen, "4", model="mine") as (pilot, screen):
        await until(pilot, lambda: "bias" in screen_text(pilot))
        await press(pilot, "3")
        (home / "models" / "mine.npz").unlink()
        await press(pilot, "4")
        await until(pilot, lambda: "no model is called 'mine'" in screen_text(pilot))
        assert [view for view in screen.query(InsideView) if view.display] == []


async def test_another_model_chosen_elsewhere_is_opened(home):
    async with inspect("deep", "v") as (pilot, screen):
        await press(pilot, "1")
        pilot.app.session.model = "mine"
        await press(pilot, "4")
        await until(pilot, lambda: words(screen, "about").startswith("mine on little"))
        assert view(screen) == "Answers"


# The network in training


async def test_the_network_in_training_is_followed_until_it_is_saved(home):
    async with inspect("deep", "v", "v") as (pilot, screen):
        assert "Live" not in keys(pilot)
        session = pilot.app.session
        session.draft = ENDLESS
        session.start_training()
        await until(pilot, lambda: "l Live" in keys(pilot))
        await press(pilot, "l")
        await until(pilot, lambda: words(screen, "about").startswith("endless as it is trained on little"))
        assert screen.probe is not None
        first = screen.probe.subject.network.parameters.copy()
        shown = words(screen, "into")
        await until(pilot, lambda: not np.array_equal(screen.probe.subject.network.parameters, first))
        await until(pilot, lambda: words(screen, "into") != shown)
        assert screen.probe.survey is not None
        session.worker.controls.stop(keep=True)
        await until(pilot, lambda: words(screen, "about").startswith("endless on little"))
        assert session.model == "endless"
        assert "Live" not in keys(pilot)


async def test_a_saved_model_is_looked_into_again(home):
    async with inspect("deep") as (pilot, screen):
        session = pilot.app.session
        session.draft = ENDLESS
        session.start_training()
        await until(pilot, lambda: "l Live" in keys(pilot))
        await press(pilot, "l")
        await until(pilot, lambda: "as it is trained" in words(screen, "about"))
        await press(pilot, "l")
        await until(pilot, lambda: words(screen, "about").startswith("deep on little"))


# Sizes


async def test_every_view_in_every_size_is_whole(home):
    async with inspect("deep") as (pilot, screen):
        for tier, size in [(tier, size) for tier, sizes in EVERY_SIZE for size in sizes]:
            await show_as(pilot, tier)
            await resize(pilot, *size)
            for _ in range(4):
                await pilot.pause(0)
                for widget in screen.query(StripWidget):
                    if widget.region.height:
                        widths = {widget.render_line(y).cell_length for y in range(widget.size.height)}
                        assert widths == {widget.size.width}, (tier, size, view(screen))
                        assert tier != "ascii" or widget.text.isascii(), (size, view(screen))
                assert "…" not in screen_text(pilot) or size < (80, 24), (tier, size, view(screen))
                await press(pilot, "v")


async def test_more_room_shows_more_neurons(home):
    async with inspect() as (pilot, screen):
        few = len(re.findall(r"\d+\.\d{4}", screen.query_one(NeuronGrid).text))
        await resize(pilot, 200, 60)
        await pilot.pause()
        assert len(re.findall(r"\d+\.\d{4}", screen.query_one(NeuronGrid).text)) > 2 * few
        assert screen.query_one(WeightPicture).size == (84, 42)

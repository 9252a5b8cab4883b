"""How the app looks: within its tier whatever it shows, and another tier while it runs."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from textual.pilot import Pilot
from textual.screen import ModalScreen

from tests.tui.app_home import ENDLESS, press, screen_rows, screen_text, until
from tui.app import SCREENS, MnistTuiApp
from tui.render.tier import Tier
from tui.screens.help import HelpScreen

pytestmark = pytest.mark.usefixtures("little_home")

TIERS: tuple[Tier, ...] = get_args(Tier)


async def settled(pilot: Pilot[Any]) -> str:
    """The screen's text once it has stopped changing."""
    texts = [screen_text(pilot)]

    def still() -> bool:
        texts.append(screen_text(pilot))
        return len(texts) > 8 and len({*texts[-8:]}) == 1

    await until(pilot, still)
    return texts[-1]


async def go(pilot: Pilot[Any], mode: str) -> str:
    """Its text after going to a mode."""
    pilot.app.switch_mode(mode)
    await until(pilot, lambda: pilot.app.current_mode == mode and pilot.app.screen.is_mounted)
    return await settled(pilot)


def colours(pilot: Pilot[Any]) -> set[object]:
    """All that are on the screen: numbers, or red, green and blue."""
    styles = [segment.style for row in screen_rows(pilot) for segment in row if segment.style]
    found = [color for style in styles for color in (style.color, style.bgcolor) if color is not None]
    return {tuple(color.triplet) if color.number is None else color.number for color in found}


def within(pilot: Pilot[Any], tier: Tier) -> bool:
    """Whether nothing on the screen is beyond the tier."""
    found, text = colours(pilot), screen_text(pilot)
    if tier == "truecolor":
        return bool(found) and all(isinstance(colour, tuple) for colour in found)
    if tier in ("256", "16"):
        return bool(found) and all(colour in range(int(tier)) for colour in found)
    return not found and (tier == "mono" or text.isascii())


async def looks(tier: Tier) -> dict[str, str]:
    """Each mode's text in an app that has this tier from the beginning."""
    app = MnistTuiApp(tier)
    app.session.model, app.session.draft = "mine", ENDLESS
    async with app.run_test(size=(80, 24)) as pilot:
        return {mode: await go(pilot, mode) for mode in SCREENS}


async def test_another_tier_looks_as_if_it_had_been_there_from_the_beginning():
    app = MnistTuiApp("truecolor")
    app.session.model, app.session.draft = "mine", ENDLESS
    async with app.run_test(size=(80, 24)) as pilot:
        for mode in SCREENS:
            await go(pilot, mode)
            assert within(pilot, "truecolor"), mode
        for tier in (*TIERS[1:], *TIERS[:1]):
            expected = await looks(tier)
            app.action_display(tier)  # while one mode is shown; the others were drawn in other tiers
            await until(pilot, lambda tier=tier: within(pilot, tier))
            for mode in SCREENS:
                app.switch_mode(mode)
                await until(pilot, lambda text=expected[mode]: screen_text(pilot) == text)
                assert within(pilot, tier), (tier, mode)


async def test_the_palette_has_a_command_for_each_tier():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        assert {f"Display {tier}" for tier in TIERS} <= {each.title for each in app.get_system_commands(app.screen)}
        await press(pilot, "ctrl+p")
        await press(pilot, *"ascii")
        await until(pilot, lambda: "no characters but those of ASCII" in screen_text(pilot))
        await press(pilot, "enter")
        await until(pilot, lambda: app.tier == "ascii" and len(app.screen_stack) == 1 and within(pilot, "ascii"))
        assert ">fashion" in screen_text(pilot)


async def test_what_lies_below_a_dialog_changes_too():
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen) and "Keys" in screen_text(pilot))
        for tier in TIERS:
            app.action_display(tier)
            await until(pilot, lambda tier=tier: within(pilot, tier))
            assert "Keys" in await settled(pilot)


@pytest.mark.parametrize("tier", TIERS)
async def test_light_is_within_every_tier(tier: Tier):
    app = MnistTuiApp(tier)
    async with app.run_test(size=(80, 24)) as pilot:
        dark = await settled(pilot)
        before = colours(pilot)
        await press(pilot, "f2")
        await until(pilot, lambda: app.theme == "mnist-light")
        assert await settled(pilot) == dark
        assert within(pilot, tier)
        assert tier in ("mono", "ascii") or colours(pilot) != before


@pytest.mark.parametrize(("said", "theme"), [("15;0", "mnist-dark"), ("0;15", "mnist-light"), ("", "mnist-dark")])
async def test_a_terminal_that_says_it_is_light_gets_a_light_app(said, theme, monkeypatch):
    monkeypatch.setenv("COLORFGBG", said)
    app = MnistTuiApp("256")
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.theme == theme
        await settled(pilot)
        assert (233 in colours(pilot)) == (theme == "mnist-dark")  # its background, of the ramp
        await press(pilot, "f2")
        await until(pilot, lambda: app.theme != theme)


async def test_no_color_of_the_environment_is_not_asked_a_second_time(monkeypatch):
    """It chooses the tier; a tier that is asked for by name has its colours."""
    monkeypatch.setenv("NO_COLOR", "1")
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert any(len({*colour}) > 1 for colour in colours(pilot))


class Dialog(ModalScreen[None]):
    """Writes down its classes when it is there but not yet laid out."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (70, "-roomy")]  # noqa: RUF012  # Textual has no ClassVar here

    def on_mount(self) -> None:
        self.at_first = set(self.classes)


@pytest.mark.parametrize(
    ("width", "height", "classes"), [(60, 12, {"-narrow", "-low"}), (120, 40, {"-roomy", "-tall"})]
)
async def test_a_dialog_knows_its_room_before_it_is_laid_out(width: int, height: int, classes: set[str]):
    app, dialog = MnistTuiApp("truecolor"), Dialog()
    async with app.run_test(size=(width, height)) as pilot:
        app.push_screen(dialog)
        await until(pilot, lambda: dialog.is_current and dialog.is_mounted)
        assert dialog.at_first == dialog.classes == classes

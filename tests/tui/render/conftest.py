"""The inks of the app's own themes, and the tiers."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest
from textual.theme import Theme

from tui.render.inks import Inks, inks_of
from tui.render.tier import Tier
from tui.themes import DARK

TIERS: tuple[Tier, ...] = get_args(Tier)


@pytest.fixture(scope="session")
def inks() -> Callable[[Tier, Theme], Inks]:
    """``inks(tier, theme)`` makes the inks of a theme."""

    def make(tier: Tier, theme: Theme = DARK) -> Inks:
        return inks_of(theme.to_color_system().generate(), tier)

    return make

"""The inks of the app's own dark theme, and the tiers."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest
from textual.app import App

from tui.render.inks import Inks, inks_of
from tui.render.tier import Tier

TIERS: tuple[Tier, ...] = get_args(Tier)


@pytest.fixture(scope="session")
def inks() -> Callable[[Tier, str], Inks]:
    """``inks(tier, theme)`` makes the inks of a theme."""
    app = App[None]()

    def make(tier: Tier, theme: str = "textual-dark") -> Inks:
        app.theme = theme
        return inks_of(app.get_css_variables(), tier)

    return make

"""Widgets by themselves: here it is looked at what is drawn when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual._compositor import Compositor


@pytest.fixture(autouse=True)
def _each_change_is_drawn(draw_each_change: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Compositor, "render_update", draw_each_change)

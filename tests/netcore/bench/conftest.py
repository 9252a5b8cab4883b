"""Here nobody is timed: that everyone has a turn is seen without the rest before it."""

from __future__ import annotations

import pytest

import netcore.bench.rounds


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(netcore.bench.rounds, "_QUIET", 0)

"""When and with what a model is made, for its card."""

from __future__ import annotations

import platform
from datetime import UTC, datetime

import numpy as np

import netcore

__all__ = ["now", "versions"]


def now() -> str:
    """The time as ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def versions() -> dict[str, str]:
    """Of the program and what it computes with."""
    return {"mnist-tui": netcore.__version__, "python": platform.python_version(), "numpy": np.__version__}

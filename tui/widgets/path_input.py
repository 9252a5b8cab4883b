"""A line for a path, completed with tab as a shell does."""

from __future__ import annotations

import os
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from netcore.resources import expanded

__all__ = ["PathInput", "matches"]


def matches(typed: str) -> list[str]:
    """The paths that what was typed could become, sorted, folders with a slash behind them.

    Hidden files only come once their dot was typed. A folder that cannot be read has none.
    """
    head, tail = os.path.split(typed)
    try:
        found = sorted(expanded(head or ".").iterdir())
    except OSError:
        return []
    prefix = head if head.endswith(os.sep) or not head else head + os.sep
    return [
        f"{prefix}{path.name}{os.sep if path.is_dir() else ''}"
        for path in found
        if path.name.startswith(tail) and (tail.startswith(".") or not path.name.startswith("."))
    ]


class PathInput(Input):
    """Tab writes all that the possible paths have in common, and tells which they are."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", "Complete")]

    class Completed(Message):
        """Tab was pressed.

        Attributes:
            paths: What could be meant.
        """

        def __init__(self, paths: list[str]) -> None:
            super().__init__()
            self.paths = paths

    def action_complete(self) -> None:
        """Complete what was typed."""
        found = matches(self.value)
        common = os.path.commonprefix(found)  # noqa: RUF071  # character by character is what a shell does
        if len(common) > len(self.value):
            self.value = common
            self.cursor_position = len(common)
        self.post_message(self.Completed(found))

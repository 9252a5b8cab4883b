"""Textual's list of options, on a terminal of any size."""

from __future__ import annotations

from textual.widgets import OptionList

__all__ = ["AnySizeOptionList"]


class AnySizeOptionList(OptionList):
    """Such a list. Where it has no room at all, Textual knows no lines of it, and there is no page to turn."""

    def action_page_up(self) -> None:
        """A page up, where there is one."""
        if self.scrollable_content_region:
            super().action_page_up()  # type: ignore[no-untyped-call]  # as Textual has it

    def action_page_down(self) -> None:
        """A page down, where there is one."""
        if self.scrollable_content_region:
            super().action_page_down()  # type: ignore[no-untyped-call]  # as Textual has it

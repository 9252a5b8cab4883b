"""A list in a dialog from which one thing is chosen."""

from __future__ import annotations

from textual.geometry import Size

from tui.widgets.option_list import AnySizeOptionList

__all__ = ["Choices"]

_LEAST_WIDTH = 10


class Choices(AnySizeOptionList):
    """Such a list, on a terminal of any size."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Rows that the options take; on a terminal that holds none of them, where folding a word fails, any number."""
        return super().get_content_height(container, viewport, max(width, _LEAST_WIDTH))

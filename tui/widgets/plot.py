"""Curves over epochs, redrawn when their numbers change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.reactive import reactive
from textual.strip import Strip

from tui.render.axes import Unit
from tui.render.curves import Series
from tui.render.inks import Inks
from tui.render.plot import Plot, plot_strips
from tui.render.tier import Tier
from tui.widgets.strips import StripWidget

if TYPE_CHECKING:
    from netcore.runs.history import Mark

__all__ = ["LinePlot"]


class LinePlot(StripWidget):
    """A plot of loss or accuracy with legend, marks and a read-out.

    Attributes:
        logarithmic: Whether the axis of values is logarithmic.
        cursor: Epoch at which the legend reads the curves, or None for their last values.
    """

    DEFAULT_CSS = """
    LinePlot { height: 1fr; min-height: 5; }
    """

    logarithmic: reactive[bool] = reactive(False)
    cursor: reactive[float | None] = reactive[float | None](None)

    def __init__(
        self,
        title: str,
        unit: Unit = "loss",
        *,
        empty: str = "no epoch finished yet",
        title_first: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._title, self._unit, self._empty, self._title_first = title, unit, empty, title_first
        self._series: tuple[Series, ...] = ()
        self._marks: tuple[Mark, ...] = ()

    @property
    def series(self) -> tuple[Series, ...]:
        """The curves on show."""
        return self._series

    def set_data(self, series: Sequence[Series], marks: Sequence[Mark] = ()) -> None:
        """Show these curves and marks; nothing is drawn again if they are the same as before."""
        if (self._series, self._marks) != (tuple(series), tuple(marks)):
            self._series, self._marks = tuple(series), tuple(marks)
            self.redraw()

    def watch_logarithmic(self) -> None:
        """The axis has changed."""
        self.redraw()

    def watch_cursor(self) -> None:
        """The read-out has moved."""
        self.redraw()

    def draw(self, width: int, height: int, inks: Inks, tier: Tier) -> list[Strip]:
        """The plot."""
        plot = Plot(
            title=self._title,
            series=self._series,
            unit=self._unit,
            marks=self._marks,
            log=self.logarithmic,
            cursor=self.cursor,
            empty=self._empty,
            title_first=self._title_first,
        )
        return plot_strips(plot, width, height, inks=inks, tier=tier)

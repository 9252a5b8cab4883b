"""A drawing of 28 x 28 pixels: a soft brush along lines, an eraser, undo. No widget; what is drawn is an array."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["SIDE", "Sketch"]

SIDE = 28

_BRUSH, _ERASER = 1.3, 2.0
"""Half the width of a stroke in pixels. Those of MNIST are two to three pixels wide with a soft rim."""

_MOST_UNDO = 200

_ROWS, _COLUMNS = np.mgrid[:SIDE, :SIDE].astype(np.float32) + np.float32(0.5)


class Sketch:
    """What was drawn so far, and how to go back.

    Attributes:
        ink: uint8 (28, 28), bright on 0.
    """

    def __init__(self) -> None:
        self.ink: NDArray[np.uint8] = np.zeros((SIDE, SIDE), np.uint8)
        self._before: list[NDArray[np.uint8]] = []

    @property
    def empty(self) -> bool:
        """Whether there is no ink."""
        return not self.ink.any()

    def begin(self) -> None:
        """A stroke begins: undo comes back to here."""
        self._before = [*self._before[1 - _MOST_UNDO :], self.ink.copy()]

    def line(self, start: tuple[float, float], end: tuple[float, float], *, erase: bool = False) -> None:
        """Draw from one point to another.

        Args:
            start: x and y in pixels; the middle of the first pixel is (0.5, 0.5).
            end: Likewise; may be ``start``, which makes a dot.
            erase: Take ink away instead.
        """
        cover = np.clip((_ERASER if erase else _BRUSH) + 0.5 - _distance(start, end), 0, 1)
        shade = np.rint(cover * 255).astype(np.uint8)
        self.ink = np.minimum(self.ink, 255 - shade) if erase else np.maximum(self.ink, shade)

    def undo(self) -> None:
        """Take the last stroke back, if there is one."""
        if self._before:
            self.ink = self._before.pop()

    def clear(self) -> None:
        """Take all ink away; this too can be undone."""
        if not self.empty:
            self.begin()
            self.ink = np.zeros_like(self.ink)


def _distance(start: tuple[float, float], end: tuple[float, float]) -> NDArray[np.float32]:
    """How far the middle of each pixel is from the line between two points, (28, 28), in pixels."""
    (x, y), (dx, dy) = start, (end[0] - start[0], end[1] - start[1])
    length = dx * dx + dy * dy
    along = np.clip(((_COLUMNS - x) * dx + (_ROWS - y) * dy) / length, 0, 1) if length else np.float32(0)
    distance: NDArray[np.float32] = np.hypot(_COLUMNS - x - along * dx, _ROWS - y - along * dy).astype(np.float32)
    return distance

"""A sheet to draw on: with the arrow keys and a pen that is put down and lifted, or with the mouse."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tui.render.image import largest_scale
from tui.render.inks import Inks
from tui.render.sheet import sheet_strips
from tui.render.tier import Tier
from tui.widgets.sketch import SIDE, Sketch
from tui.widgets.strips import StripWidget

__all__ = ["Canvas"]

_RIGHT_BUTTON = 3


class Canvas(StripWidget, can_focus=True):
    """Shows a sketch and changes it.

    Attributes:
        cursor: Column and row of the pixel under the pen.
        pen_down: Whether moving the cursor draws.
        erasing: Whether the pen takes ink away.
    """

    DEFAULT_CSS = """
    Canvas { width: 28; height: 14; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(0, -1)", "Up", show=False),
        Binding("down", "move(0, 1)", "Down", show=False),
        Binding("left", "move(-1, 0)", "Left", show=False),
        Binding("right", "move(1, 0)", "Right", show=False),
        Binding("space", "pen", "Pen", tooltip="Put the pen down or lift it"),
        Binding("e,backspace", "eraser", "Eraser", key_display="e"),
        Binding("z", "undo", "Undo"),
        Binding("c,delete", "clear", "Clear", key_display="c"),
    ]

    cursor: reactive[tuple[int, int]] = reactive((SIDE // 2, SIDE // 2))
    pen_down: reactive[bool] = reactive(False)
    erasing: reactive[bool] = reactive(False)

    class Changed(Message):
        """The ink, or what the pen does, has changed."""

    def __init__(self, sketch: Sketch, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._sketch = sketch
        self._dragged_from: tuple[float, float] | None = None
        self._mouse_erases = False
        self._centre = self.cursor  # of the part that is seen where not all is; under a mouse that drags it stays

    def validate_cursor(self, cursor: tuple[int, int]) -> tuple[int, int]:
        """The cursor stays on the sheet."""
        x, y = cursor
        return min(max(x, 0), SIDE - 1), min(max(y, 0), SIDE - 1)

    def watch_cursor(self, before: tuple[int, int], after: tuple[int, int]) -> None:
        """With the pen down a move is a stroke."""
        if self.pen_down:
            self._stroke(_middle(before), _middle(after), self.erasing)
        if self._dragged_from is None:
            self._centre = after
        self.redraw()

    def _stroke(self, start: tuple[float, float], end: tuple[float, float], erase: bool) -> None:
        self._sketch.line(start, end, erase=erase)
        self._changed()

    def _changed(self) -> None:
        self.redraw()
        self.post_message(self.Changed())

    # Keys

    def action_move(self, right: int, down: int) -> None:
        """Move the cursor by a pixel."""
        self.cursor = (self.cursor[0] + right, self.cursor[1] + down)

    def action_pen(self) -> None:
        """Put the pen down, which makes a dot, or lift it."""
        self.pen_down = not self.pen_down
        if self.pen_down:
            self._sketch.begin()
            self._sketch.line(_middle(self.cursor), _middle(self.cursor), erase=self.erasing)
        self._changed()

    def action_eraser(self) -> None:
        """Change between pen and eraser."""
        self.erasing = not self.erasing
        self._changed()

    def action_undo(self) -> None:
        """Take the last stroke back, and lift the pen."""
        self.pen_down = False
        self._sketch.undo()
        self._changed()

    def action_clear(self) -> None:
        """An empty sheet, the pen lifted."""
        self.pen_down = False
        self._sketch.clear()
        self._changed()

    # Mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A stroke begins; the right button, or shift, erases."""
        point = self._point(event)
        if point is not None:
            self.capture_mouse()
            self.pen_down = False
            self._sketch.begin()
            self._dragged_from = point
            self._mouse_erases = self.erasing or event.shift or event.button == _RIGHT_BUTTON
            self._drag(point)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The stroke goes on."""
        point = self._point(event)
        if self._dragged_from is not None and point is not None:
            self._drag(point)

    def on_mouse_up(self) -> None:
        """The stroke ends."""
        self._dragged_from = None
        self.release_mouse()

    def _drag(self, point: tuple[float, float]) -> None:
        self._stroke(self._dragged_from or point, point, self._mouse_erases)
        self._dragged_from = point
        self.cursor = (int(point[0]), int(point[1]))

    def _point(self, event: events.MouseEvent) -> tuple[float, float] | None:
        """Where on the sheet the middle of a cell lies, in pixels; None beside it, unless a stroke is under way."""
        offset = event.get_content_offset_capture(self) if self._dragged_from else event.get_content_offset(self)
        if offset is None:
            return None
        left, top, scale = self._placing()
        return (offset.x - left + 0.5) / scale, (offset.y - top + 0.5) * 2 / scale

    # Looks

    def _placing(self) -> tuple[int, int, int]:
        """Column and row where the sheet begins, and its scale.

        It is in the middle of the widget; where that is too small, the part around the cursor is, and the rest beyond.
        """
        width, height = self.size
        scale = max(largest_scale(width, height), 1)
        x, y = self._centre
        return _begin(width, SIDE * scale, x * scale), _begin(height, SIDE * scale // 2, y * scale // 2), scale

    def draw(self, width: int, height: int, inks: Inks, tier: Tier) -> list[Strip]:
        """The sheet, with the cursor on it."""
        left, top, scale = self._placing()
        strips = sheet_strips(self._sketch.ink, self.cursor, inks, tier, scale)
        if left < 0:
            strips = [strip.crop(-left, width - left) for strip in strips]
        else:
            strips = [Strip.join([Strip.blank(left), strip]) for strip in strips]
        return [Strip.blank(width)] * top + strips[max(-top, 0) :]


def _begin(room: int, needed: int, cursor: int) -> int:
    """Where in so much room something begins of which a cursor is to be seen; below 0 where its start is not."""
    return (room - needed) // 2 if room >= needed else max(min(room // 2 - cursor, 0), room - needed)


def _middle(pixel: tuple[int, int]) -> tuple[float, float]:
    return pixel[0] + 0.5, pixel[1] + 0.5

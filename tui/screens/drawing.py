"""Drawing an image of one's own, and seeing at every stroke what the network makes of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from netcore.datasets.picture import prepare
from tui.screens.answer import ROOM_FOR_TILE, Line, verdict
from tui.screens.exam import Exam
from tui.screens.fitting import fit_picture
from tui.screens.mode_screen import ModeScreen
from tui.screens.session import Session
from tui.widgets.bars import ProbabilityBars
from tui.widgets.canvas import Canvas
from tui.widgets.picture import Picture
from tui.widgets.sketch import Sketch
from tui.widgets.words import Words

__all__ = ["DrawScreen"]

_ROOM_FOR_WORDS = 18
"""Lines from which on there are some below the canvas."""


class DrawScreen(ModeScreen):
    """A canvas, what the network sees of it, and its answer."""

    MODE = "test"
    CSS_PATH = "testing.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back", key_display="esc")]

    def __init__(self, session: Session, exam: Exam, sketch: Sketch) -> None:
        """Draw on.

        Args:
            session: What the screens share.
            exam: Model and dataset, whose way of framing images the drawing is given too.
            sketch: What was drawn so far; it stays with the caller.
        """
        super().__init__(session)
        self._exam, self.sketch = exam, sketch
        self._model = session.model
        self._asked = False
        self._tells = True  # in words of its own what the pen does, and how it is moved

    def content(self) -> Iterable[Widget]:
        """The canvas on the left, the answer on the right."""
        yield Words(id="about")
        with Horizontal(id="look"):
            with Vertical(id="drawing"):
                yield Canvas(self.sketch, id="canvas", classes="framed")
                yield Words(id="pen")
            with Vertical(id="answer"):
                with Horizontal(id="seen-and-verdict"):
                    yield Picture(id="seen", classes="framed")
                    yield Words(id="verdict")
                yield ProbabilityBars(id="bars")

    def on_mount(self) -> None:
        """Write what there is."""
        self.query_one("#about", Words).show(
            [("Draw", "strong"), (" an image for ", "muted"), (self._exam.model.name, "strong")]
        )
        self.query_one(Canvas).border_title = "your drawing"
        self.query_one(Picture).border_title = "it sees"
        self.query_one(Canvas).focus()
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        """The canvas takes what room there is; the answer comes before what the network sees."""
        fit_picture(self.query_one(Canvas), event.size)
        self.query_one("#seen").display = event.size.width >= ROOM_FOR_TILE
        self._tells = self.query_one("#pen").display = event.size.height >= _ROOM_FOR_WORDS
        self._show()

    def on_screen_resume(self) -> None:
        """Another model may have been chosen meanwhile: back to the test images, the drawing stays."""
        if self.session.model != self._model:
            self.dismiss()

    def on_canvas_changed(self) -> None:
        """However many strokes come between two refreshes of the screen, the network is asked once."""
        if not self._asked:
            self._asked = True
            self.call_after_refresh(self._show)

    def _show(self) -> None:
        """The answer to the drawing as it is now."""
        self._asked = False
        classes = self._exam.dataset.classes
        pen = self._pen()
        self.query_one("#pen", Words).show(*pen)
        self.query_one(Canvas).border_subtitle = "" if self._tells else pen[0][0][0]
        if self.sketch.empty:
            self.query_one(Picture).show(None)
            self.query_one(ProbabilityBars).show([], classes)
            self.query_one("#verdict", Words).show([("nothing drawn yet", "muted")])
            return
        image = prepare(self.sketch.ink, self._exam.dataset.framing)
        probabilities = self._exam.model.network.probabilities(image[None])[0]
        self.query_one(Picture).show(image)
        self.query_one("#verdict", Words).show(*verdict(probabilities, classes, tile=self.size.width >= ROOM_FOR_TILE))
        self.query_one(ProbabilityBars).show(probabilities.tolist(), classes)

    def _pen(self) -> list[Line]:
        """What the pen does now, and how it is moved."""
        canvas = self.query_one(Canvas)
        tool, other = ("eraser", "pen") if canvas.erasing else ("pen", "eraser")
        state, change = ("down", "lifts it") if canvas.pen_down else ("up", "lowers it")
        return [
            [(f"{tool} {state}", "note"), (f"  space {change}", "muted")],
            [(f"arrows move it, e: {other}", "muted")],
            [("mouse: drag; right erases", "muted")],
        ]

    def action_leave(self) -> None:
        """Back to the test images."""
        self.dismiss()

"""Opening an image file, and seeing what the network makes of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input, Static

from netcore.datasets.picture import read_picture
from netcore.errors import PictureError
from netcore.resources import expanded
from tui.screens.answer import ROOM_FOR_TILE, verdict
from tui.screens.exam import Exam
from tui.screens.fitting import fit_picture
from tui.screens.mode_screen import ModeScreen
from tui.screens.session import Session
from tui.widgets.bars import ProbabilityBars
from tui.widgets.path_input import PathInput
from tui.widgets.picture import Picture
from tui.widgets.words import Words

__all__ = ["OpenImageScreen"]


class OpenImageScreen(ModeScreen):
    """A line for a path, the image as the network sees it, and its answer."""

    MODE = "test"
    CSS_PATH = "testing.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back", key_display="esc")]

    def __init__(self, session: Session, exam: Exam) -> None:
        """Open images for a model.

        Args:
            session: What the screens share.
            exam: Model and dataset, whose way of framing images a file's is given too.
        """
        super().__init__(session)
        self._exam = exam
        self._model = session.model
        self._probabilities: NDArray[np.float32] | None = None

    def content(self) -> Iterable[Widget]:
        """The path on top; below it the image and the answer, or what is wrong."""
        yield PathInput(
            id="path", placeholder="path of an image: PNG, JPEG, GIF, ..., or an array in .npy", compact=True
        )
        yield Static(id="told", markup=False)
        with Horizontal(id="look"):
            yield Picture(id="image", classes="framed")
            with Vertical(id="answer"):
                yield Words(id="verdict")
                yield ProbabilityBars(id="bars")

    def on_mount(self) -> None:
        """Ready to type."""
        path = self.query_one(PathInput)
        path.border_title = f"Open an image for {self._exam.model.name}"
        path.focus()
        self._show_answer()
        self._tell("Enter opens, tab completes. Dark on light or light on dark, of any size.")

    def on_resize(self, event: events.Resize) -> None:
        """The image takes what room there is."""
        fit_picture(self.query_one(Picture), event.size)
        self._show_answer()

    def on_screen_resume(self) -> None:
        """Another model may have been chosen meanwhile: back to the test images."""
        if self.session.model != self._model:
            self.dismiss()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Open it, or say why not."""
        typed = event.value.strip()
        if not typed:
            self._tell("✗ type the path of an image first", wrong=True)
            return
        path = expanded(typed)
        try:
            image = read_picture(path, self._exam.dataset.framing)
        except PictureError as error:
            self._tell(f"✗ {error}", wrong=True)
            return
        self._probabilities = self._exam.model.network.probabilities(image[None])[0]
        picture = self.query_one(Picture)
        picture.border_title = path.name
        picture.show(image)
        self._show_answer()
        self._tell(f"{path}, as the network sees it")

    def _show_answer(self) -> None:
        """What the network makes of the opened image."""
        words, classes = self.query_one("#verdict", Words), self._exam.dataset.classes
        if self._probabilities is None:
            words.show([("nothing opened yet", "muted")])
        else:
            words.show(*verdict(self._probabilities, classes, tile=self.size.width >= ROOM_FOR_TILE))
            self.query_one(ProbabilityBars).show(self._probabilities.tolist(), classes)

    def on_path_input_completed(self, event: PathInput.Completed) -> None:
        """Name what could be meant."""
        names = [Path(path).name for path in event.paths]
        self._tell("  ".join(names) if names else "✗ no path begins like this", wrong=not names)

    def _tell(self, text: str, *, wrong: bool = False) -> None:
        told = self.query_one("#told", Static)
        told.update(text)
        told.set_class(wrong, "-wrong")

    def action_leave(self) -> None:
        """Back to the test images."""
        self.dismiss()

"""Which class is taken for which, and from a cell of that table straight to its images."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from tui.render.thumbnails import Thumbnail
from tui.screens.answer import about
from tui.screens.exam import Exam
from tui.screens.mode_screen import ModeScreen
from tui.screens.session import Session
from tui.widgets.confusion import ConfusionMatrix
from tui.widgets.thumbnails import Thumbnails
from tui.widgets.words import Words

__all__ = ["ConfusionScreen"]

_SHOWN = 12
"""Images of the chosen cell in the row at the bottom at the most."""


class ConfusionScreen(ModeScreen):
    """The confusion matrix of an exam whose images have all been looked at."""

    MODE = "test"
    CSS_PATH = "testing.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,c", "leave", "Back", key_display="esc"),
    ]

    def __init__(self, session: Session, exam: Exam, choose: Callable[[int, int], None]) -> None:
        """Show it.

        Args:
            session: What the screens share.
            exam: Model and dataset.
            choose: Called with the true and the predicted class of the cell whose images are asked for.
        """
        super().__init__(session)
        self._exam, self._choose = exam, choose
        self._confusion = exam.results.confusion
        self._model = session.model

    def content(self) -> Iterable[Widget]:
        """The matrix, and images of the chosen cell where there is room."""
        yield Words(id="about")
        yield ConfusionMatrix(id="matrix")
        yield Thumbnails(id="cell")

    def on_mount(self) -> None:
        """Fill it in."""
        self.query_one("#about", Words).show(*about(self._exam))
        matrix = self.query_one(ConfusionMatrix)
        matrix.show(self._confusion.tolist(), self._exam.dataset.classes)
        matrix.styles.max_height = len(self._exam.dataset.classes) + 4  # two rows above, two below: the images follow
        matrix.focus()
        self.watch(matrix, "selected", self._show_cell)

    def on_screen_resume(self) -> None:
        """Another model may have been chosen meanwhile: this is no longer what was asked for."""
        if self.session.model != self._model:
            self.dismiss()

    def _show_cell(self, selected: tuple[int, int]) -> None:
        """The first images of the chosen cell."""
        true, predicted = (self._exam.dataset.classes[index] for index in selected)
        images = self._exam.part.images[self._exam.numbers(selected)[:_SHOWN]]
        self.query_one(Thumbnails).show([Thumbnail(image, true, predicted) for image in images])

    def on_confusion_matrix_cell_chosen(self, message: ConfusionMatrix.CellChosen) -> None:
        """Go to the images of a cell, if it has any."""
        if self._confusion[message.true, message.predicted]:
            self.dismiss()
            self._choose(message.true, message.predicted)
        else:
            true, predicted = (self._exam.dataset.classes[index] for index in (message.true, message.predicted))
            self.notify(f"No image: no {true} is taken for {predicted}.")

    def action_leave(self) -> None:
        """Back to the test images."""
        self.dismiss()

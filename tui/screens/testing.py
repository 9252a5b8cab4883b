"""The third screen: a test image, what the network takes it for, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from netcore.errors import NetcoreError
from tui.screens.choose import ChooseScreen
from tui.screens.confusion import ConfusionScreen
from tui.screens.drawing import DrawScreen
from tui.screens.exam import Exam, neighbour
from tui.screens.exams import first_model, testable_datasets
from tui.screens.image_screen import ImageScreen
from tui.screens.look import Look
from tui.screens.open_image import OpenImageScreen
from tui.screens.session import Session
from tui.widgets.sketch import Sketch

__all__ = ["TestScreen"]


class TestScreen(ImageScreen):
    """Shows one test image at a time.

    Attributes:
        exam: The model and the dataset on show; None where they cannot be shown.
        number: Index of the image on show, from 0.
    """

    MODE = "test"
    CSS_PATH = "testing.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "Previous", key_display="←", show=False),
        Binding("right", "step(1)", "Next", key_display="→", show=False),
        Binding("r", "random", "Random", tooltip="A random image"),
        Binding("w", "next_wrong", "Wrong", tooltip="The next image that the network gets wrong"),
        Binding("g", "go_to", "Go to", tooltip="Go to an image by its number"),
        Binding("c", "confusion", "Confusion", tooltip="Which class is taken for which"),
        Binding("d", "draw", "Draw", tooltip="Draw an image of your own"),
        Binding("o", "open", "Open", tooltip="Open an image file"),
        Binding("m", "choose_model", "Model", tooltip="Choose another model"),
        Binding("s", "choose_dataset", "Dataset", tooltip="Choose another dataset"),
        Binding("escape", "show_all", "All images"),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.exam: Exam | None = None
        self.number = 0
        self._datasets: dict[str, str] = {}  # chosen by hand, by model
        self._cell: tuple[int, int] | None = None  # of the confusion matrix, whose images alone are walked through
        self._wish: Callable[[], None] | None = None  # what to do once all images have been looked at
        self._sketch = Sketch()

    def content(self) -> Iterable[Widget]:
        """All that is said of an image, or why there is none."""
        yield Look(id="test")
        yield Static(id="problem", markup=False)

    def on_mount(self) -> None:
        """Look, now and then, whether all images have been looked at; only while that goes on."""
        self._watch = self.set_interval(0.05, self._pick_up, pause=True)

    def on_screen_resume(self) -> None:
        """Another model may have been chosen meanwhile, or this one been written anew."""
        self.open_model()

    # What is on show

    def open_model(self) -> None:
        """Open the session's model; where that fails, say why in its place."""
        before = self.exam
        try:
            if self.session.model is None:
                self.session.model = first_model()
            name = self.session.model
            self.exam = self.session.exams.open(name, self._datasets.get(name))
        except NetcoreError as error:
            self.exam = None
            self.query_one("#problem", Static).update(
                f"✗ {error}\n\nm  choose another model\ns  choose another dataset\n1  see all models"
            )
        self.set_class(self.exam is None, "-problem")
        if self.exam is not before:
            self._cell, self._wish = None, None
        if self.exam is not None:
            self.number = min(self.number, len(self.exam.part) - 1)
            self.call_after_refresh(self._look_at_all, self.exam)
        self._show()

    def _look_at_all(self, exam: Exam) -> None:
        """After the first picture, so that it does not wait for ten thousand others."""
        exam.start()
        self._watch.resume()

    def _pick_up(self) -> None:
        """Show what came of all images, once it is there."""
        if self.exam is not None and self.exam.evaluation is None and self.exam.running:
            return
        self._watch.pause()
        if self.exam is not None and self.exam.evaluation is not None:
            self._show()
            wish, self._wish = self._wish, None
            if wish is not None and self.is_current:
                wish()

    def _when_all_seen(self, wish: Callable[[], None]) -> bool:
        """Whether all images have been looked at; if not yet, the wish is remembered and comes true then."""
        if self.exam is not None and self.exam.evaluation is None:
            self._wish = wish
            return False
        return self.exam is not None

    @property
    def shown(self) -> int:
        """See `ImageScreen`."""
        return self.number

    @property
    def images(self) -> int:
        """See `ImageScreen`."""
        return len(self.exam.part) if self.exam else 0

    @property
    def numbers(self) -> NDArray[np.intp]:
        """See `ImageScreen`: all of them, or those of a cell of the confusion matrix."""
        return self.exam.numbers(self._cell) if self.exam else np.arange(0)

    def show_image(self, number: int) -> None:
        """Show another image; where it is not in the cell that is walked through, walk through all again."""
        if self._cell and number not in self.numbers:
            self._cell = None
        self.number = number
        self._show()

    def _show(self) -> None:
        """Write everything anew from the state."""
        self.refresh_bindings()
        if self.exam is not None:
            self.query_one(Look).show(self.exam, self.number, self._cell)

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that need an image are off while there is none."""
        if action == "show_all":
            return self._cell is not None
        needs_exam = ("step", "random", "next_wrong", "go_to", "confusion", "draw", "open")
        return self.exam is not None or action not in needs_exam

    def action_next_wrong(self) -> None:
        """The next image that the network gets wrong."""
        if self.exam is not None and self._when_all_seen(self.action_next_wrong):
            wrong = np.intersect1d(self.exam.wrong(), self.numbers, assume_unique=True)
            if len(wrong):
                self.show_image(neighbour(wrong, self.number, 1))
            else:
                self.notify("None of these images is taken for something else.")

    def action_show_all(self) -> None:
        """Walk through all images again."""
        self._cell = None
        self._show()

    def action_confusion(self) -> None:
        """Which class is taken for which."""
        if self.exam is not None and self._when_all_seen(self.action_confusion):
            self.app.push_screen(ConfusionScreen(self.session, self.exam, self.show_cell))

    def show_cell(self, true: int, predicted: int) -> None:
        """Walk through the images of a cell of the confusion matrix, from its first."""
        self._cell = (true, predicted)
        if len(self.numbers):
            self.show_image(int(self.numbers[0]))

    def action_draw(self) -> None:
        """Draw an image of one's own; a drawing begun before is still there."""
        if self.exam is not None:
            self.app.push_screen(DrawScreen(self.session, self.exam, self._sketch))

    def action_open(self) -> None:
        """Open an image file."""
        if self.exam is not None:
            self.app.push_screen(OpenImageScreen(self.session, self.exam))

    def action_choose_dataset(self) -> None:
        """Choose among the datasets that have a test part; a model can be shown one that it was not trained for."""
        choices = [(info.name, f"{info.title}, {len(info.classes)} classes") for info in testable_datasets()]

        def choose(name: str | None) -> None:
            if name is not None and self.session.model is not None:
                self._datasets[self.session.model] = name
                self.open_model()

        self.app.push_screen(ChooseScreen("Dataset", choices, self.exam.dataset.name if self.exam else None), choose)

"""All that the Test screen says of an image: the image, the verdict, the bars, and more where there is room."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from textual import events
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from tui.render import numbers
from tui.render.thumbnails import Thumbnail
from tui.screens.answer import ROOM_FOR_TILE, Line, about, class_words, verdict
from tui.screens.exam import Exam
from tui.screens.fitting import fit_picture
from tui.widgets.bars import ProbabilityBars
from tui.widgets.later import when_shown
from tui.widgets.picture import Picture
from tui.widgets.thumbnails import Thumbnails
from tui.widgets.words import Words

__all__ = ["Look"]

_ROOM_FOR_HEAD = 13
"""Lines from which on there is one for how many images are recognised."""

_SHOWN_WRONG = 12
"""Wrong images in the row at the most: more than any terminal has room for."""


class Look(Vertical):
    """One image of an exam."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: tuple[Exam, int, tuple[int, int] | None] | None = None

    def compose(self) -> Iterable[Widget]:
        """Model and dataset, the image, the answer, and what else there is."""
        yield Words(id="about")
        with Horizontal(id="look"):
            yield Picture(id="image", classes="framed")
            with Vertical(id="answer"):
                yield Words(id="verdict")
                yield ProbabilityBars(id="bars")
                yield Words(id="next-wrong")
                yield Thumbnails(id="wrong")
        yield Words(id="more")

    def on_resize(self, event: events.Resize) -> None:
        """The image takes what room there is."""
        fit_picture(self.query_one(Picture), self.screen.size)
        if self._shown:
            self.show(*self._shown)

    def show(self, exam: Exam, number: int, cell: tuple[int, int] | None) -> None:
        """Show an image.

        Args:
            exam: Model and dataset.
            number: Index of the image.
            cell: Of the confusion matrix, (true, predicted), if only its images are walked through.
        """
        self._shown = exam, number, cell
        classes, true = exam.dataset.classes, int(exam.part.labels[number])
        probabilities = exam.probabilities(number)
        tile = self.screen.size.width >= ROOM_FOR_TILE
        head = about(exam)
        self.query_one("#about", Words).show(*(head if self.screen.size.height >= _ROOM_FOR_HEAD else head[:1]))
        picture = self.query_one(Picture)
        picture.border_title = f"#{number + 1:,} of {len(exam.part):,}"
        picture.show(exam.part.images[number])
        self.query_one("#verdict", Words).show(*verdict(probabilities, classes, true, tile=tile))
        bars = self.query_one(ProbabilityBars)
        bars.show(probabilities.tolist(), classes, true)
        bars.styles.max_height = len(classes) + 2
        lines: list[Line] = [class_words(exam.evaluation, classes, true)] if exam.evaluation else []
        if cell:
            lines.append(_cell_words(exam, number, cell))
        self.query_one("#more", Words).show(*lines)
        when_shown(self, self._show_wrong)

    def _show_wrong(self) -> None:
        """The next wrong ones, small: most of the bytes of a screen, and not what was asked for."""
        if self._shown is None:
            return
        exam, number, _ = self._shown
        names, items = exam.dataset.classes, []
        if exam.evaluation is not None:
            wrong, labels, predictions = exam.wrong(), exam.part.labels, exam.evaluation.predictions
            start = int(np.searchsorted(wrong, number, side="right"))
            for index in np.roll(wrong, -start)[:_SHOWN_WRONG]:
                items.append(Thumbnail(exam.part.images[index], names[labels[index]], names[predictions[index]]))
        self.query_one("#next-wrong", Words).show([("next wrong ones", "muted")] if items else [])
        self.query_one(Thumbnails).show(items)


def _cell_words(exam: Exam, number: int, cell: tuple[int, int]) -> Line:
    """Which images are walked through, and how to get out."""
    true, predicted = (exam.dataset.classes[index] for index in cell)
    found = exam.numbers(cell)
    place = int(np.searchsorted(found, number)) + 1
    what = f"{true} taken for {predicted}" if true != predicted else f"{true} recognised"
    return [
        (f"{what}, {numbers.count(place)} of {numbers.count(len(found))}", "note"),
        ("  escape: all images", "muted"),
    ]

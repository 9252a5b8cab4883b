"""What Test and Inspect have in common: a model, and one image of a dataset at a time."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
from numpy.typing import NDArray

from tui.screens.choices import which_model
from tui.screens.exam import neighbour
from tui.screens.go_to import GoToScreen
from tui.screens.mode_screen import ModeScreen
from tui.screens.session import Session

__all__ = ["ImageScreen"]


class ImageScreen(ModeScreen):
    """Walks through images, and opens other models."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._random = np.random.default_rng()

    @property
    @abstractmethod
    def shown(self) -> int:
        """Number of the image on show, from 0."""

    @property
    @abstractmethod
    def numbers(self) -> NDArray[np.intp]:
        """Numbers of the images that are walked through, ascending; none while there are none."""

    @property
    @abstractmethod
    def images(self) -> int:
        """How many images there are, walked through or not."""

    @abstractmethod
    def show_image(self, number: int) -> None:
        """Show another image, from 0."""

    @abstractmethod
    def open_model(self) -> None:
        """Open the session's model."""

    def action_step(self, step: int) -> None:
        """The next or previous image; after the last comes the first."""
        if len(self.numbers):
            self.show_image(neighbour(self.numbers, self.shown, step))

    def action_random(self) -> None:
        """Any other image."""
        others = self.numbers[self.numbers != self.shown]
        if len(others):
            self.show_image(int(self._random.choice(others)))

    def action_go_to(self) -> None:
        """Ask for a number."""

        def go(number: int | None) -> None:
            if number is not None and self.images:
                self.show_image(number - 1)

        if self.images:
            self.app.push_screen(GoToScreen(self.images), go)

    def action_choose_model(self) -> None:
        """Choose among the models that can be used."""

        def choose(name: str | None) -> None:
            if name is not None:
                self.session.model = name
                self.open_model()

        self.app.push_screen(which_model(self.session.model), choose)

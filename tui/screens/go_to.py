"""A line to type the number of an image into."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static

__all__ = ["GoToScreen", "image_number"]


def image_number(text: str, images: int) -> int:
    """The number that was typed, 1 to ``images``; ``#1,234`` is fine too.

    Raises:
        ValueError: It is none; says why.
    """
    digits = text.strip().lstrip("#").replace(",", "").replace("_", "")
    if not digits:
        raise ValueError(f"type a number from 1 to {images:,}")
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"{text.strip()!r} is not a whole number; type one from 1 to {images:,}")
    if not 1 <= int(digits[:12]) <= images:
        raise ValueError(f"there is no image {text.strip()}; type a number from 1 to {images:,}")
    return int(digits)


class GoToScreen(ModalScreen[int | None]):
    """Asks for the number of an image, counted from 1; its result is that number, or None."""

    CSS_PATH = "dialogs.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(self, images: int) -> None:
        super().__init__()
        self._images = images

    def compose(self) -> Iterable[Widget]:
        """The line, and room for a reason."""
        with Vertical(id="ask") as ask:
            yield Input(placeholder=f"1 to {self._images:,}", compact=True)
            yield Static("", id="reason", markup=False)
        ask.border_title = "Go to image"
        ask.border_subtitle = "enter go · escape stay"

    def on_input_changed(self) -> None:
        """A reason goes as soon as one types on."""
        self.query_one("#reason", Static).update("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go there, or say why not."""
        try:
            self.dismiss(image_number(event.value, self._images))
        except ValueError as error:
            self.query_one("#reason", Static).update(str(error))

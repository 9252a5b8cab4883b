"""A list in the middle of the screen from which one thing is chosen: a model, a dataset."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.widgets.choices import Choices

__all__ = ["ChooseScreen"]


class ChooseScreen(ModalScreen[str | None]):
    """Asks for one of some things; its result is the chosen one's key, or None."""

    CSS_PATH = "dialogs.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(self, title: str, choices: Sequence[tuple[str, str]], chosen: str | None = None) -> None:
        """Ask.

        Args:
            title: What is to be chosen.
            choices: Key and line of text of each.
            chosen: Key of the present one.
        """
        super().__init__()
        self._title, self._choices, self._chosen = title, choices, chosen

    def compose(self) -> Iterable[Widget]:
        """The list."""
        choices = Choices(*(Option(Content(text), id=key) for key, text in self._choices), compact=True)
        choices.border_title = self._title
        choices.border_subtitle = "enter choose · escape leave it"
        keys = [key for key, _ in self._choices]
        choices.highlighted = keys.index(self._chosen) if self._chosen in keys else 0
        yield choices

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """This one."""
        self.dismiss(event.option_id)

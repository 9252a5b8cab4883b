"""What is to become of a run that is to stop: asked over plots that keep moving."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

__all__ = ["StopChoice", "StopDialog"]

StopChoice = Literal["keep", "throw away", "go on"]

_CHOICES: tuple[tuple[StopChoice, str, str, str], ...] = (
    ("keep", "k", "Stop and keep", "measure it and save the model"),
    ("throw away", "t", "Throw away", "no model, no trace"),
    ("go on", "g", "Go on", "nothing changes"),
)
"""Each with its key, its name and what it means."""


class StopDialog(ModalScreen[StopChoice]):
    """Asks; its result is the choice. The run goes on until then."""

    CSS_PATH = "stop_dialog.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"dismiss('{choice}')", name) for choice, key, name, _ in _CHOICES),
        Binding("escape", "dismiss('go on')", "Go on", show=False),
    ]

    def __init__(self, title: str = "Stop this run?") -> None:
        super().__init__()
        self._title = title

    def compose(self) -> Iterable[Widget]:
        """The choices."""
        choices = OptionList(
            *(
                Option(Content.assemble((f"{key}  ", "bold"), f"{name:<16}", (meaning, "dim")), id=choice)
                for choice, key, name, meaning in _CHOICES
            ),
            compact=True,
        )
        choices.border_title = self._title
        choices.border_subtitle = "it goes on meanwhile"
        yield choices

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """This one."""
        chosen = next(choice for choice, *_ in _CHOICES if choice == event.option_id)
        self.dismiss(chosen)

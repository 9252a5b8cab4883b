"""What is to become of a run that is to stop, or whose app is left: asked over plots that keep moving."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.screens.session import Session
from tui.screens.shown_run import Fate
from tui.widgets.choices import Choices

__all__ = ["StopChoice", "StopDialog"]

StopChoice = Fate | Literal["go on"]

_Row = tuple[StopChoice, str, str, str]
"""A choice, its key, its name and what it does."""

_HERE: tuple[_Row, ...] = (
    ("keep", "k", "Stop and keep", "measure it and save the model"),
    ("detach", "d", "Detach", "it goes on in a process of its own"),
    ("throw away", "t", "Throw away", "remove the run and its log"),
    ("go on", "g", "Go on", "nothing changes"),
)
_LEAVING: tuple[_Row, ...] = (
    ("keep", "k", "Stop and keep", "measure it, save the model, quit"),
    ("detach", "d", "Detach", "quit; it goes on by itself"),
    ("throw away", "t", "Throw away", "quit; remove the run and its log"),
    ("go on", "g", "Go on", "nothing changes, stay here"),
)
_ELSEWHERE: tuple[_Row, ...] = (
    ("keep", "k", "Stop and keep", "its process saves the model, ends"),
    ("detach", "d", "Leave it running", "it goes on, no longer watched"),
    ("throw away", "t", "Throw away", "remove the run and its log"),
    ("go on", "g", "Go on", "nothing changes"),
)

_LOOK = 0.2
"""Seconds between two looks whether the run has ended by itself."""

_ROOMY = 60
"""Columns from which on there is room for all that the choices do; below, the highlighted one tells."""


class StopDialog(ModalScreen[StopChoice]):
    """Asks; its result is the choice, or None where the run, which goes on meanwhile, has ended by itself."""

    CSS_PATH = "stop_dialog.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"dismiss('{choice}')", name) for choice, key, name, _ in _HERE),
        Binding("escape", "dismiss('go on')", "Go on", show=False),
    ]

    def __init__(self, session: Session, *, leaving: bool = False) -> None:
        """Ask about the run that Train shows.

        Args:
            session: Whose run.
            leaving: Whether the app is to be left too.
        """
        super().__init__()
        self._session = session
        if session.attached:
            self._title, self._rows = "A run of another process. Stop it?", _ELSEWHERE
        elif leaving:
            self._title, self._rows = "A run is being trained. Quit?", _LEAVING
        else:
            self._title, self._rows = "Stop this run?", _HERE

    def compose(self) -> Iterable[Widget]:
        """The choices."""
        roomy = self.app.size.width >= _ROOMY
        width = max(len(name) for _, _, name, _ in self._rows)
        choices = Choices(
            *(
                Option(
                    Content.assemble((f"{key}  ", "bold"), f"{name:<{width}}", (f"  {does}" if roomy else "", "dim")),
                    id=choice,
                )
                for choice, key, name, does in self._rows
            ),
            compact=True,
        )
        choices.border_title = self._title
        yield choices

    def on_mount(self) -> None:
        """Look whether there is still something to ask about."""
        self.set_interval(_LOOK, self._check)

    def _check(self) -> None:
        if self.is_current and not self._session.training:
            self.dismiss(None)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tell what this one does, where that does not stand beside it."""
        does = next(does for choice, _, _, does in self._rows if choice == event.option_id)
        roomy = self.app.size.width >= _ROOMY
        goes_on = "" if self._session.history.state == "paused" else "the run goes on meanwhile"
        event.option_list.border_subtitle = goes_on if roomy else does

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """This one."""
        self.dismiss(next(choice for choice, *_ in self._rows if choice == event.option_id))

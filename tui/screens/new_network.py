"""The form that describes a network and its training, checked as one types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from netcore.datasets.info import list_datasets
from netcore.training.config import TrainingConfig
from netcore.training.presets import PRESETS, preset_of
from tui.screens.draft import FIELDS, OWN, RECIPES, Checked, Field, check, fitted_layers, recipe_texts, texts_of
from tui.widgets.choice import Choice
from tui.widgets.key_bar import KeyBar

__all__ = ["NewNetworkScreen"]

ROOMY = 78
"""Columns from which on there are hints beside the fields."""


class NewNetworkScreen(ModalScreen[TrainingConfig | None]):
    """Asks for the settings of a run; its result is them, or None where it was left."""

    CSS_PATH = "new_network.tcss"
    AUTO_FOCUS = "#layers"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (ROOMY, "-roomy")]  # noqa: RUF012  # Textual has no ClassVar here

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority: fields keep enter to themselves, and the form would scroll.
        Binding("enter,ctrl+s", "train", "Train", key_display="enter", priority=True),
        Binding("tab,down", "app.focus_next", "Next field", key_display="tab", priority=True),
        Binding("shift+tab,up", "app.focus_previous", "Field before", show=False, priority=True),
        Binding("escape", "dismiss(None)", "Leave"),
    ]

    def __init__(self, start: TrainingConfig, typed: Mapping[str, str] | None = None) -> None:
        """Show these settings, or what was typed when the form was left the last time."""
        super().__init__()
        self._datasets = [info for info in list_datasets() if info.problem is None]
        self._start = start
        self._typed = dict(typed or texts_of(start))
        self._own = recipe_texts(OWN, self._typed if self._recipe == OWN else texts_of(TrainingConfig()))

    @property
    def typed(self) -> Mapping[str, str]:
        """What stands in the fields."""
        return self._typed

    @property
    def checked(self) -> Checked:
        """What that comes to."""
        return check(self._typed, self._datasets, self._start)

    def compose(self) -> ComposeResult:
        """A line for each setting, what they come to, the button."""
        with VerticalScroll(id="form", can_focus=False) as form:
            form.border_title = f"Train on from {self._start.start_from}" if self._start.start_from else "New network"
            with Horizontal(classes="field"):
                yield Static("preset", classes="label")
                yield Choice(RECIPES, self._recipe, id="preset")
                yield Static(classes="hint", id="preset-hint", markup=False)
            for field in FIELDS:
                with Horizontal(classes="field"):
                    yield Static(field.label, classes="label")
                    yield self._entry(field)
                    if field.name != "layers":
                        yield self._hint(field)
                if field.name == "layers":
                    yield self._hint(field)  # below: layers and what is wrong with them are long
            with Horizontal(id="end"):
                yield Button("Train", compact=True, id="train")
                yield Static(id="work", markup=False)
        yield KeyBar()

    def _entry(self, field: Field) -> Widget:
        words = [info.name for info in self._datasets] if field.name == "dataset" else field.words
        text = self._typed[field.name]
        return Choice(words, text, id=field.name) if words else Input(text, compact=True, id=field.name)

    def _hint(self, field: Field) -> Static:
        return Static(field.hint, classes="hint", id=f"{field.name}-hint", markup=False)

    def on_mount(self) -> None:
        """Say what the settings come to."""
        self._say()

    def on_resize(self) -> None:
        """Where there is little room, the field that is typed into may have moved out of it."""
        if self.focused is not None:
            self.call_after_refresh(self.focused.scroll_visible, animate=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Check what is typed; each field also tells what it begins with."""
        if event.input.id and event.value != self._typed[event.input.id]:
            self._typed[event.input.id] = event.value
            self._say()

    def on_choice_changed(self, event: Choice.Changed) -> None:
        """Check what is chosen."""
        if event.choice.id == "preset":
            self._follow(event.choice.value)
        elif event.choice.id:
            before = self._outputs()
            self._typed[event.choice.id] = event.choice.value
            if self._outputs() != before:
                layers = self.query_one("#layers", Input)
                layers.value = self._typed["layers"] = fitted_layers(layers.value, before, self._outputs())
            self._say()

    @property
    def _recipe(self) -> str:
        """The preset whose settings stand in the fields."""
        config = self.checked.config
        return (preset_of(config) if config else None) or OWN

    def _follow(self, recipe: str) -> None:
        """Put what a preset says into the fields, or what stood there before one was chosen."""
        before = self._recipe
        if recipe == before:
            return
        if before == OWN:
            self._own = recipe_texts(OWN, self._typed)
        texts = recipe_texts(recipe, self._own)
        self._typed.update(texts)
        for name, text in texts.items():
            entry = self.query_one(f"#{name}")
            if isinstance(entry, Input | Choice):
                entry.value = text
        self._say()

    def _outputs(self) -> int:
        """How many the chosen dataset has."""
        return next((len(info.classes) for info in self._datasets if info.name == self._typed["dataset"]), 0)

    def on_button_pressed(self) -> None:
        """The button."""
        self.action_train()

    def action_train(self) -> None:
        """Go and train with these settings; where something is wrong, to the first such field."""
        checked = self.checked
        if checked.config is None:
            self.query_one(f"#{next(iter(checked.problems))}").focus()
            self.app.bell()
        else:
            self.dismiss(checked.config)

    def _say(self) -> None:
        """Show the reasons, or the hints, and what it all comes to."""
        checked = self.checked
        preset, recipe = self.query_one("#preset", Choice), self._recipe
        preset.set_reactive(Choice.value, recipe)  # not chosen, only shown: the fields stay as they are
        preset.refresh()
        self.query_one("#preset-hint", Static).update(
            PRESETS[recipe].title if recipe in PRESETS else "left and right choose"
        )
        for field in FIELDS:
            problem = checked.problems.get(field.name)
            said = checked.network if field.name == "layers" else field.hint
            hint = self.query_one(f"#{field.name}-hint", Static)
            hint.update(f"✗ {problem}" if problem else said)
            hint.set_class(problem is not None, "-problem")
        wrong = len(checked.problems)
        self.query_one("#work", Static).update(checked.work or f"{wrong} field{'s' if wrong > 1 else ''} to mend")

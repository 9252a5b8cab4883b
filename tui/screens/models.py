"""The first screen: every model that there is, and what is known of the chosen one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widget import Widget

from netcore.datasets.info import list_datasets
from netcore.errors import StorageError
from netcore.models.library import ModelEntry, list_models, taken
from netcore.models.members import committee_refused
from netcore.resources import storing
from tui.render.models import short_path, training_curves
from tui.screens.mode_screen import ModeScreen
from tui.screens.session import Session
from tui.widgets.model_card import ModelCard
from tui.widgets.model_list import ModelList
from tui.widgets.plot import LinePlot

if TYPE_CHECKING:
    from textual.widgets import Input

    from netcore.training.config import TrainingConfig

__all__ = ["ModelsScreen"]


class ModelsScreen(ModeScreen):
    """The list of models, and beside it the card and the curves of the chosen one."""

    MODE = "models"
    CSS_PATH = "models.tcss"
    AUTO_FOCUS = "ModelList"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "train_on", "Train on"),
        Binding("n", "new_network", "New network"),
        Binding("slash", "filter", "Filter", key_display="/"),
        Binding("escape", "show_all", "Show all"),
        Binding("d", "delete", "Delete (own models)", show=False),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._filter = ""
        self._resumed = False
        self._typed: Mapping[str, str] | None = None
        """What was typed into the form when it was left without training."""

    def content(self) -> Iterable[Widget]:
        """The list, the card, the curves."""
        titles = {dataset.name: dataset.title.partition(",")[0] for dataset in list_datasets()}
        with Container(id="models"):
            with Container(id="listing"):
                yield ModelList(titles, list_models())
            with Container(id="chosen"):
                yield ModelCard()
                with Container(id="curves"):
                    yield LinePlot("accuracy", "accuracy", empty="its file tells no history", id="accuracy")
                    yield LinePlot("loss", "loss", empty="its file tells no history", id="loss")

    def on_mount(self) -> None:
        """Show the first model."""
        self.show_chosen()

    def on_screen_resume(self) -> None:
        """A model may have been trained meanwhile."""
        if self._resumed:
            self.reload()
        self._resumed = True

    def on_resize(self) -> None:
        """There may be room for more of the path."""
        self.show_chosen()

    def training_moved(self) -> None:
        """A run that has ended may have left a model."""
        super().training_moved()
        if not self.session.training:
            self.reload()

    def reload(self) -> None:
        """Read the models again, and show those that match the filter."""
        words = self._filter.lower().split()
        listing = self.query_one(ModelList)
        listing.show(
            [entry for entry in list_models() if all(word in _searched(entry, listing.title(entry)) for word in words)]
        )
        self.show_chosen()

    def on_option_list_option_highlighted(self) -> None:
        """Another model is chosen."""
        self.show_chosen()

    def show_chosen(self) -> None:
        """Show what is known of the chosen model."""
        listing = self.query_one(ModelList)
        entry, frame = listing.chosen, self.query_one("#chosen")
        title = listing.title(entry) if entry else ""
        room = self.app.size.width - (62 if self.has_class("-wide") else 6)
        heading = " · ".join(filter(None, (entry.name, title))) if entry else "no model matches"
        frame.border_title = heading
        frame.border_subtitle = short_path(entry.path, room) if entry else ""
        self.query_one(ModelCard).show(entry, title)
        self.refresh_bindings()
        self.query_one("#curves").display = entry is not None
        for unit in ("accuracy", "loss"):
            self.query_one(f"#{unit}", LinePlot).set_data(training_curves(entry, unit) if entry else ())

    # What the keys do

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each key is there where it does something."""
        match action:
            case "train_on" | "delete":
                return any(listing.chosen for listing in self.query(ModelList))
            case "filter":
                return self.focused not in [*self.query("#listing Input")]  # where it is a character like any other
            case "show_all":
                return bool(self._filter) or bool(self.query("#listing Input"))
        return True

    def on_option_list_option_selected(self) -> None:
        """Test with the chosen model."""
        entry = self._usable()
        if entry:
            self.session.model = entry.reference
            self.app.switch_mode("test")

    def action_train_on(self) -> None:
        """Describe a run that starts from the chosen model."""
        entry = self._usable()
        if entry and entry.members > 1:
            self.notify(committee_refused(entry.name, entry.members), severity="warning")
        elif entry:
            start = replace(
                self.session.draft,
                start_from=entry.reference,
                layers=entry.architecture,
                dataset=entry.dataset or self.session.draft.dataset,
                name=None,
            )
            self._describe(start, None)

    def action_new_network(self) -> None:
        """Describe a new network."""
        draft = self.session.draft
        used = draft.name is not None and taken(draft.name)  # by the model of the last run
        self._describe(replace(draft, start_from=None, name=None if used else draft.name), self._typed)

    def _describe(self, start: TrainingConfig, typed: Mapping[str, str] | None) -> None:
        """Ask for the settings of a run, and go to Train with them."""
        from tui.screens.new_network import NewNetworkScreen  # noqa: PLC0415  # not needed for the first screen

        form = NewNetworkScreen(start, typed)

        def take(config: TrainingConfig | None) -> None:
            if config is None:
                self._typed = self._typed if start.start_from else form.typed
            else:
                self._typed, self.session.draft = None, config
                self.app.switch_mode("train")

        self.app.push_screen(form, take)

    async def action_filter(self) -> None:
        """Type a part of what is looked for."""
        from textual.widgets import Input  # noqa: PLC0415  # not needed for the first screen

        if not self.query(Input):
            line = Input(self._filter, placeholder="part of a name, dataset or layer", compact=True)
            await self.query_one("#listing").mount(line, before=0)
        self.set_focus(self.query_one(Input))  # at once

    async def action_show_all(self) -> None:
        """Show all models again."""
        await self.query("#listing Input").remove()
        self._filter = ""
        self.reload()
        self.query_one(ModelList).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what matches so far."""
        self._filter = event.value
        self.reload()

    def on_input_submitted(self) -> None:
        """Choose among what matches."""
        self.query_one(ModelList).focus()

    def action_delete(self) -> None:
        """Remove an own model, if that is what is wanted."""
        entry = self.query_one(ModelList).chosen
        if entry is None:
            return
        if entry.bundled:
            self.notify(f"{entry.name} comes with mnist-tui and stays.")
            return
        from tui.screens.choose import ChooseScreen  # noqa: PLC0415  # not needed for the first screen

        def remove(choice: str | None) -> None:
            if choice == "delete":
                try:
                    with storing(entry.path):
                        entry.path.unlink(missing_ok=True)
                except StorageError as error:
                    self.notify(str(error), severity="error")
                self.reload()

        choices = [("keep", "Keep it"), ("delete", "Delete its file for good")]
        self.app.push_screen(ChooseScreen(f"Delete {entry.name}?", choices, "keep"), remove)

    def _usable(self) -> ModelEntry | None:
        """The chosen model; None, with the reason shown, where there is none that works."""
        entry = self.query_one(ModelList).chosen
        if entry and entry.problem:
            self.notify(entry.problem, severity="error")
            return None
        return entry


def _searched(entry: ModelEntry, title: str) -> str:
    """What the filter looks through."""
    return f"{entry.name} {entry.dataset} {title} {entry.layers} {'' if entry.bundled else 'own'}".lower()

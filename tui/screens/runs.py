"""The fifth screen: every training run there is, its curves and settings, and several runs laid over each other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import Worker

from netcore.errors import NetcoreError
from tui.render.comparison import MOST_COMPARED
from tui.screens.choices import delete_or_keep
from tui.screens.mode_screen import ModeScreen
from tui.screens.run_shelf import RunShelf
from tui.screens.session import Session
from tui.widgets.run_list import RunList
from tui.widgets.run_view import RunView
from tui.widgets.training_plots import TrainingPlots

__all__ = ["RunsScreen"]

_LOOK = 1.5
"""Seconds between two looks at all logs."""


class RunsScreen(ModeScreen):
    """The list of runs, and below or beside it the chosen one, or those that are compared."""

    MODE = "runs"
    CSS_PATH = "runs.tcss"
    AUTO_FOCUS = "RunList"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pick", "Pick", tooltip="Lay its curves over those of the other picked runs"),
        Binding("v", "settings(True)", "Settings", tooltip="Show the settings of the run"),
        Binding("v", "settings(False)", "Curves", tooltip="Show the curves of the run"),
        Binding("l", "log", "Log", tooltip="A logarithmic axis of losses"),
        Binding("r", "resume", "Resume", tooltip="Go on with a run that was stopped or broken off"),
        Binding("d,delete", "delete", "Delete", key_display="d", tooltip="Remove a run, not its model"),
        Binding("escape", "pick_none", "Unpick", tooltip="Lay no runs over each other"),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._shelf = RunShelf()
        self._reading = False

    def content(self) -> Iterable[Widget]:
        """The list, then what is known of the chosen run."""
        with Container(id="runs"):
            yield RunList()
            yield RunView(id="run")
        yield Static("There are no runs yet.\n\n2  train a network\n1  choose a model to train on from", id="no-runs")

    # Following

    def on_mount(self) -> None:
        """Look at the logs now and then, but only while this screen is shown."""
        self._pulse = self.set_interval(max(_LOOK, self.session.tempo.numbers), self.look, pause=True)

    def on_screen_resume(self) -> None:
        """Runs may have come, gone or grown meanwhile."""
        self._pulse.resume()
        self.look()
        self._show_list()  # what was running here may not be any more

    def on_screen_suspend(self) -> None:
        """What is not seen is not read."""
        self._pulse.pause()

    def training_moved(self) -> None:
        """The run that Train shows has told something."""
        super().training_moved()
        if not self.session.training:
            self.look()

    def show_news(self) -> None:
        """See `ModeScreen`."""
        super().show_news()
        if self.app.is_running and self._in_train is not None:
            self._show_changes(self._shelf.catch_up(self._in_train))

    def look(self) -> None:
        """Look for new runs, and for what is new of the others; nothing is written where nothing is."""
        before = self._shelf.unreadable
        listed = self._shelf.list_anew()
        for problem in self._shelf.unreadable:
            if problem not in before:
                self.notify(problem, severity="warning")
        changed = self._shelf.catch_up()
        if listed:
            self._show_list()
            self._show_chosen()
        self._show_changes(changed)
        if not self._reading and self._shelf.unread():
            self._reading = True
            _: Worker[None] = self.run_worker(self._read)

    async def _read(self) -> None:
        """Read the runs that have not been read, the one that is looked at first, and show each handful."""
        while unread := self._shelf.unread(self.query_one(RunList).chosen):
            found = await asyncio.to_thread(self._shelf.read_some, unread)
            self._shelf.take(found)
            self._show_changes(set(found))
        self._reading = False

    def _show_changes(self, changed: set[str]) -> None:
        if changed:
            self._show_list()
            if changed & set(self._shown):
                self._show_chosen()

    @property
    def _here(self) -> str | None:
        """Id of the run that this app trains."""
        return self._in_train if self.session.training_here else None

    @property
    def _in_train(self) -> str | None:
        """Id of the run that Train shows, while it is under way."""
        worker = self.session.worker
        return worker.run.id if worker and worker.run and self.session.training else None

    # Showing

    def _show_list(self) -> None:
        rows = self._shelf.rows(self._here)
        self.set_class(not rows, "-empty")
        self.query_one(RunList).show(rows)
        self.refresh_bindings()

    def on_option_list_option_highlighted(self) -> None:
        """Another run is chosen."""
        if not self._compares:
            self._show_chosen()

    @property
    def _compares(self) -> bool:
        return len(self._shelf.picked) > 1

    @property
    def _shown(self) -> list[str]:
        """Ids of the runs in the plots."""
        chosen = self.query_one(RunList).chosen
        return self._shelf.picked if self._compares else [chosen] if chosen else []

    def _show_chosen(self) -> None:
        """Show the chosen run, or those that are compared."""
        self.set_class(self._compares, "-compares")
        self.refresh_bindings()
        shown = [(run, self._shelf.run(run).config) for run in self._shown]
        view = self.query_one(RunView)
        if self._compares:
            view.compare(
                [(self._shelf.row(run, self._here).name, config, self._shelf.history(run)) for run, config in shown]
            )
        else:
            for run, config in shown:
                history = self._shelf.history(run) if self._shelf.has_read(run) else None
                view.show(self._shelf.row(run, self._here), config, history, self._shelf.problems.get(run, ""))

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each key is there where it does something; while runs are picked, the line has no room for other keys."""
        chosen, picked = self.query_one(RunList).chosen, self._shelf.picked
        if chosen is None:
            return action not in ("settings", "pick", "pick_none", "log", "read", "resume", "delete")
        if action in ("settings", "pick", "log", "read") and self.has_class("-low"):
            return False  # there is no room for what they change
        beside = self.app.size.width >= 110  # settings and curves, which are in each other's place otherwise
        match action:
            case "settings":
                there = not beside and not self._compares and self._reads != parameters[0]
            case "log":
                there = beside or self._compares or not self._reads
            case "pick_none":
                there = bool(picked)
            case "resume":
                unfinished = self._shelf.row(chosen, self._here).state in ("stopped", "failed", "broken")
                there = unfinished and not picked and not self.session.training_here
            case _:
                there = action != "delete" or not picked
        return there

    @property
    def _reads(self) -> bool:
        """Whether the settings stand in the place of the curves."""
        return self.has_class("-settings")

    def action_settings(self, settings: bool) -> None:
        """Show the settings, or the curves, where there is no room for both."""
        self.set_class(settings, "-settings")
        self.refresh_bindings()

    def action_pick(self) -> None:
        """Compare the chosen run too, or no longer."""
        chosen, picked = self.query_one(RunList).chosen, self._shelf.picked
        if chosen in picked:
            picked.remove(chosen)
        elif chosen is not None and len(picked) < MOST_COMPARED:
            picked.append(chosen)
        else:
            self.notify(f"More than {MOST_COMPARED} curves could not be told apart; take one away first.")
        self._show_list()
        self._show_chosen()

    def action_pick_none(self) -> None:
        """Compare no runs."""
        self._shelf.picked.clear()
        self._show_list()
        self._show_chosen()

    def action_log(self) -> None:
        """Switch the loss between a logarithmic and a plain axis."""
        self.query_one(TrainingPlots).toggle_log()

    def action_read(self, step: int) -> None:
        """Move the cursor of both plots by an epoch."""
        epochs = max((len(self._shelf.history(run).epochs) for run in self._shown), default=0)
        self.query_one(TrainingPlots).move(step, epochs)
        self._show_chosen()

    def on_option_list_option_selected(self) -> None:
        """Test what came of a run, or watch it."""
        chosen = self.query_one(RunList).chosen
        if chosen is None:
            return
        model = self._shelf.row(chosen, self._here).model
        if model is not None:
            self._test(chosen, model)
        elif chosen == self._in_train:
            self.app.switch_mode("train")
        elif self.session.training_here:
            self.notify("This app trains a run itself. In Train, x and then d leaves that to a process of its own.")
        else:
            self.session.attach(self._shelf.run(chosen))
            self.app.switch_mode("train")

    def _test(self, run: str, model: str) -> None:
        try:
            self.session.choose_model_of(run, model)
        except NetcoreError as error:
            self.notify(str(error), severity="error")
        else:
            self.app.switch_mode("test")

    def action_resume(self) -> None:
        """Go on with a run in this app, and watch it."""
        chosen = self.query_one(RunList).chosen
        if chosen is None:
            return
        try:
            self.session.resume_training(self._shelf.run(chosen))
        except NetcoreError as error:
            self.notify(str(error), severity="error")
        else:
            self.app.switch_mode("train")

    def action_delete(self) -> None:
        """Remove a run, if that is what is wanted."""
        chosen = self.query_one(RunList).chosen
        if chosen is None:
            return
        run, row = self._shelf.run(chosen), self._shelf.row(chosen, self._here)
        if run.alive:
            self.notify(f"{row.name} is being trained; stop it first.")
            return

        def remove(choice: str | None) -> None:
            if choice == "delete":
                try:
                    run.remove()
                except NetcoreError as error:
                    self.notify(str(error), severity="error")
                self.look()

        self.app.push_screen(delete_or_keep(row.name, self._shelf.history(chosen)), remove)

"""The Train screen: a run as it grows, and everything that a person may do to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from time import monotonic
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widget import Widget

from netcore.errors import DatasetError, NetcoreError
from netcore.training.config import TrainingConfig
from netcore.training.steering import Steering
from tui.render.run_text import Phase
from tui.screens.mode_screen import ModeScreen
from tui.screens.phase import ACTIONS, UNDER_WAY, phase_of
from tui.screens.session import Session
from tui.screens.stop_dialog import StopChoice, StopDialog
from tui.screens.watched_images import WatchedImages
from tui.widgets.run_panel import RunPanel
from tui.widgets.settings_card import SettingsCard
from tui.widgets.thumbnails import Thumbnails
from tui.widgets.training_plots import TrainingPlots

__all__ = ["TrainScreen"]

_RATE, _READ = Binding.Group("Rate", compact=True), Binding.Group("Read", compact=True)


class TrainScreen(ModeScreen):
    """Settings before the start; then plots, bars, numbers and a few test images."""

    MODE = "train"
    CSS_PATH = "training.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (22, "-normal"), (32, "-tall")]  # noqa: RUF012  # Textual has no ClassVar here

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start", "Start", key_display="enter"),
        Binding("enter", "test", "Test it", key_display="enter"),
        Binding("space", "pause", "Pause"),
        Binding("space", "go_on", "Go on"),
        Binding("r", "resume", "Resume"),
        Binding("full_stop", "one_epoch", "One epoch", key_display="."),
        Binding("x", "stop", "Stop"),
        Binding("left_square_bracket", "scale_rate(0.5)", "Halve the learning rate", key_display="[", group=_RATE),
        Binding("right_square_bracket", "scale_rate(2)", "Double the learning rate", key_display="]", group=_RATE),
        Binding("l", "log", "Log", tooltip="A logarithmic axis of losses"),
        Binding("left", "read(-1)", "Read an earlier epoch", key_display="←", group=_READ),
        Binding("right", "read(1)", "Read a later epoch", key_display="→", group=_READ),
        Binding("n", "new", "New settings"),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._images = WatchedImages()
        self._phase: Phase = "ready"
        self._plotted_at = self._epoch_at = self._looked_at = 0.0
        self._epochs = self._marks = 0

    def content(self) -> Iterable[Widget]:
        """The run, or the card of settings before it; below them the images."""
        with Container(id="ready"):
            yield SettingsCard()
        yield RunPanel()
        yield Thumbnails()

    # Showing.

    def on_mount(self) -> None:
        """Nothing has been shown yet."""
        self._show()

    def on_screen_resume(self) -> None:
        """Back from another screen, on which nothing was drawn here."""
        self._show()

    def training_moved(self) -> None:
        """New numbers: drawn at once where somebody has done something, else as often as training can bear."""
        history = self.session.history
        if (phase_of(self.session), len(history.marks)) != (self._phase, self._marks):
            self._show(plots=True)
        elif len(history.epochs) != self._epochs and monotonic() - self._epoch_at >= self.session.tempo.plots:
            self._show(plots=True)  # the end of a long epoch does not wait for its turn
        else:
            super().training_moved()

    def show_news(self) -> None:
        """See `ModeScreen`."""
        self._show()

    def _show(self, *, plots: bool = False) -> None:
        """Draw what has changed; the plots too, if it is their turn."""
        super().show_news()
        if not self.app.is_running:
            return  # the app is closing: the widgets are gone
        now = self.shown_at
        phase = phase_of(self.session)
        turned, self._phase = phase != self._phase, phase
        self.set_class(phase != "ready", "-begun")
        self.set_class(phase in ("diverged", "failed"), "-ended-badly")
        worker = self.session.worker
        if phase == "ready" or worker is None:
            self.query_one(SettingsCard).show_settings(self.session.draft, self.session.outcome)
            self._plotted(now)
        else:
            title, keep = f"{worker.config.dataset} · {worker.config.layers}", worker.controls.keep
            due = phase != "running" or now - self._plotted_at >= self.session.tempo.plots
            plots = plots or turned or due
            if plots:
                self._plotted(now)
            self.query_one(RunPanel).show(
                phase, self.session.history, title=title, error=worker.error, keep=keep, plots=plots
            )
        if turned:
            self.refresh_bindings()
        if turned or now - self._looked_at >= self.session.tempo.images:
            self._looked_at = now
            self._look()

    def _plotted(self, now: float) -> None:
        """Remember what the plots show by now."""
        self._plotted_at, history = now, self.session.history
        if len(history.epochs) != self._epochs:
            self._epoch_at = now
        self._epochs, self._marks = len(history.epochs), len(history.marks)

    @work(group="images", exclusive=True)
    async def _look(self) -> None:
        """Predict the images anew."""
        worker = self.session.worker if self._phase != "ready" else None
        dataset = worker.config.dataset if worker else self.session.draft.dataset
        with suppress(DatasetError):  # the card, or the run that fails of it, says what is wrong
            await self._images.look(dataset, worker)
        if self.app.is_running:
            self.query_one(Thumbnails).show(self._images.items)

    # What a person does.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """An action is there in its phases."""
        return self._phase in ACTIONS.get(action, (self._phase,))

    def action_start(self) -> None:
        """Begin a run with the draft's settings."""
        if not self.session.training_here:
            self.session.start_training()
            self._show()

    def action_test(self) -> None:
        """Open the finished model in Test."""
        finished, worker = self.session.history.finished, self.session.worker
        if finished and finished.model and worker and worker.run:
            with self._telling():
                self.session.choose_model_of(worker.run.id, finished.model)
                self.app.switch_mode("test")

    def action_resume(self) -> None:
        """Go on here with a run that was stopped, or has lost its process."""
        if self.session.worker is not None and self.session.worker.run is not None:
            with self._telling():
                self.session.resume_training(self.session.worker.run)
            self._show()

    def action_pause(self) -> None:
        """Wait after the present batch."""
        with self._telling():
            self._controls.pause()

    def action_go_on(self) -> None:
        """Go on to the end."""
        with self._telling():
            self._controls.go_on()

    def action_one_epoch(self) -> None:
        """Train to the end of an epoch, then pause."""
        with self._telling():
            self._controls.one_epoch()

    def action_scale_rate(self, factor: float) -> None:
        """Multiply the learning rate."""
        with self._telling():
            self._controls.scale_learning_rate(factor)

    def action_stop(self) -> None:
        """Ask what is to become of the run."""
        self.app.push_screen(StopDialog(self.session), self._stop)

    def _stop(self, choice: StopChoice | None) -> None:
        if choice is not None and choice != "go on" and self._phase in UNDER_WAY:
            with self._telling():
                self.session.end(choice)
            self._show()

    def action_new(self) -> None:
        """Describe another network, or change what did not work."""
        from tui.screens.new_network import NewNetworkScreen  # noqa: PLC0415  # a form that most visits do not need

        ended_well = self._phase in ("completed", "stopped")
        start = replace(self.session.draft, name=None) if ended_well else self.session.draft
        self.app.push_screen(NewNetworkScreen(start), self._take)

    def _take(self, config: TrainingConfig | None) -> None:
        if config is not None:
            self.session.draft = config
        self._show()

    def action_log(self) -> None:
        """Switch the loss between a logarithmic and a plain axis."""
        self.query_one(TrainingPlots).toggle_log()

    def action_read(self, step: int) -> None:
        """Move the cursor of both plots by an epoch."""
        self.query_one(TrainingPlots).move(step, len(self.session.history.epochs))
        self._show(plots=True)  # which may not know of that epoch yet

    @property
    def _controls(self) -> Steering:
        if self.session.worker is None:
            raise RuntimeError("nothing is trained")
        return self.session.worker.controls

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Tell what goes wrong: a run of another process may be gone by the time that something is asked of it."""
        try:
            yield
        except NetcoreError as error:
            self.notify(str(error), severity="error")

"""The fourth screen: inside a network. Its weights as pictures, what every neuron answers, and each sum by hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from netcore.errors import NetcoreError
from netcore.models.insight import look_inside
from tui.screens.answer import Line
from tui.screens.exams import first_model
from tui.screens.image_screen import ImageScreen
from tui.screens.inside_views import AnswersView, InsideView, LayersView, SumView, WeightsView
from tui.screens.neuron_words import neuron_line, where
from tui.screens.probe import Probe
from tui.screens.session import Session
from tui.screens.subject import Subject
from tui.screens.subjects import Subjects
from tui.widgets.activity import Activity
from tui.widgets.neuron_grid import NeuronGrid
from tui.widgets.weight_picture import WeightPicture
from tui.widgets.words import Words

__all__ = ["InspectScreen"]

_FOLLOW = 1.0
"""Seconds between two looks at the network in training: each takes a turn from it."""

_VIEWS: tuple[type[InsideView], ...] = (WeightsView, AnswersView, SumView, LayersView)

_IMAGE = Binding.Group("Image", compact=True)


class InspectScreen(ImageScreen):
    """Looks inside a network in four views, which share the chosen neuron and the image.

    Attributes:
        probe: What is shown; None where there is no network to look into.
    """

    MODE = "inspect"
    CSS_PATH = "inspecting.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "view", "View", tooltip="Weights, answers, the sum of a neuron, the layers"),
        Binding("l", "follow(True)", "Live", tooltip="Look into the network in training"),
        Binding("l", "follow(False)", "Saved", tooltip="Look into a saved model again"),
        Binding("tab", "read(True)", "Pixels", key_display="tab", tooltip="Read the weights pixel by pixel"),
        Binding("tab,escape", "read(False)", "Neurons", key_display="tab", tooltip="Choose neurons again"),
        Binding("p", "step(-1)", "Previous image", group=_IMAGE),
        Binding("n", "step(1)", "Next image", group=_IMAGE),
        Binding("r", "random", "Random", tooltip="A random image"),
        Binding("g", "go_to", "Go to", tooltip="Go to an image by its number", show=False),
        Binding("m", "choose_model", "Model", tooltip="Choose another model"),
        Binding("c", "member", "Member", tooltip="The next member of the committee"),
        *(
            Binding(key, f"move({right}, {down})", "Choose a neuron or a pixel", show=False)
            for key, right, down in (("left", -1, 0), ("right", 1, 0), ("up", 0, -1), ("down", 0, 1))
        ),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.probe: Probe | None = None
        self._view = 0
        self._chosen: dict[int, int] = {}  # neuron by layer: coming back to a layer finds the one chosen there
        self._subjects = Subjects(self, session.exams, self._show_subject)

    def content(self) -> Iterable[Widget]:
        """What is looked into, the views, of which one is shown, and the chosen neuron's numbers."""
        yield Words(id="about")
        yield Words(id="views")
        for view in _VIEWS:
            yield view()
        yield Words(id="one")
        yield Static(id="problem", markup=False)

    # What is looked into

    def on_mount(self) -> None:
        """Look at a run that is followed, but only while this screen is shown."""
        self._pulse = self.set_interval(_FOLLOW, self._subjects.look_again, pause=True)

    def on_screen_resume(self) -> None:
        """Another model may have been chosen meanwhile, or this one been written anew."""
        self.action_follow(self._subjects.followed is not None and self.session.training)

    def on_screen_suspend(self) -> None:
        """Whoever is not seen takes no turns from the training."""
        self._pulse.pause()

    def training_moved(self) -> None:
        """A run has begun to learn, or the one that is followed has ended: then its model is there."""
        super().training_moved()
        self.refresh_bindings()
        if self._subjects.followed is None:
            return
        if self.session.training:
            if self._subjects.followed is not self.session.worker:  # it has gone on in a process of its own
                self.action_follow(True)
        else:
            finished = self.session.history.finished
            if finished and finished.model:
                self.session.model = finished.model
            self.action_follow(False)

    def action_follow(self, live: bool) -> None:
        """Look into the network in training, or into a saved model."""
        if live and self.session.worker is not None:
            self._subjects.follow(self.session.worker)
            self._pulse.resume()
        else:
            self._pulse.pause()
            self._open()

    def _open(self) -> None:
        """Open the session's model; where that fails, say why in its place."""
        try:
            if self.session.model is None:
                self.session.model = first_model()
            self._subjects.open(self.session.model)
        except NetcoreError as error:
            self.probe = None
            for view in self.query(InsideView):
                view.display = False
            self.query_one("#problem", Static).update(f"✗ {error}\n\nm  choose another model\n1  see all models")
            self.add_class("-problem")
            self.refresh_bindings()

    # Showing

    def _show_subject(self, subject: Subject) -> None:
        """Look into another network; the place that was looked at is kept as far as there is one."""
        self.remove_class("-problem")
        layer, number = (self.probe.at[0], self.probe.number) if self.probe else (0, 0)
        layers = subject.network.architecture.layers
        self._chosen = {place: min(self._chosen.get(place, 0), one.size - 1) for place, one in enumerate(layers)}
        self._see(subject, min(number, len(subject.part) - 1), min(layer, len(layers) - 1))

    def _see(self, subject: Subject, number: int, layer: int) -> None:
        """Look at an image and at the neuron that is chosen in a layer."""
        inside = look_inside(subject.network, subject.part.images[number])
        self._show(Probe(subject, inside, number, (layer, self._chosen[layer])))

    def _show(self, probe: Probe) -> None:
        """Write everything anew."""
        self.probe = probe
        live = " as it is trained on " if self._subjects.followed else " on "
        about: Line = [
            (probe.subject.name, "strong"),
            (live, "muted"),
            (probe.subject.dataset.name, "strong"),
            (f"  {probe.subject.remark}" if probe.subject.remark else "", "note"),
            (f"  {probe.subject.network.architecture}", "muted"),
        ]
        self.query_one("#about", Words).show(about)
        views: Line = [(f" {view.TITLE} ", "chip" if view is _VIEWS[self._view] else "muted") for view in _VIEWS]
        self.query_one("#views", Words).show([*views, (f"   {where(probe)}", "text")])
        for kind in _VIEWS:
            self.query_one(kind).display = kind is _VIEWS[self._view]
        self.query_one(_VIEWS[self._view]).show(probe)
        self.query_one("#one", Words).show(neuron_line(probe))
        self.refresh_bindings()

    def on_resize(self, event: events.Resize) -> None:
        """The pictures take what room there is."""
        for view in self.query(InsideView):
            view.fit(event.size)
        self.call_after_refresh(self._refresh)

    def _refresh(self) -> None:
        """Show the same once a view has its size."""
        if self.probe is not None:
            self._show(self.probe)

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each key is there where it does something."""
        match action:
            case "read":
                weights = _VIEWS[self._view] is WeightsView
                return self.probe is not None and weights and self._reads_pixels != parameters[0]
            case "follow":
                return self.session.training and (self._subjects.followed is not None) != parameters[0]
            case "member":
                return self._subjects.committee is not None
            case "view" | "step" | "random" | "go_to" | "move":
                return self.probe is not None
        return True

    def action_member(self) -> None:
        """Look into the next member of a committee."""
        self._subjects.next_member()

    @property
    def _reads_pixels(self) -> bool:
        return self.query_one(WeightsView).pixel is not None

    def action_view(self) -> None:
        """Show the next view. The first one shows neurons that look at pixels: those of the first layer."""
        self._view = (self._view + 1) % len(_VIEWS)
        self.query_one(WeightsView).pixel = None
        if self.probe is not None:
            layer = 0 if _VIEWS[self._view] is WeightsView else self.probe.at[0]
            self._see(self.probe.subject, self.probe.number, layer)
            self.call_after_refresh(self._refresh)

    def action_read(self, pixels: bool) -> None:
        """Let the arrows move over the pixels of a picture, or over the neurons again."""
        view = self.query_one(WeightsView)
        if pixels and self.probe is not None:
            view.read(self.probe)
        else:
            view.pixel = None
        self._refresh()

    def action_move(self, right: int, down: int) -> None:
        """Choose another neuron, or pixel."""
        if self.probe is not None:
            layer, neuron = self.query_one(_VIEWS[self._view]).move(self.probe, right, down)
            self._choose(layer, self._chosen[layer] if neuron < 0 else neuron)

    def _choose(self, layer: int, neuron: int) -> None:
        self._chosen[layer] = neuron
        if self.probe is not None:
            self._show(dataclasses.replace(self.probe, at=(layer, neuron)))

    def on_weight_picture_pixel_chosen(self, message: WeightPicture.PixelChosen) -> None:
        """A pixel was clicked."""
        self.query_one(WeightsView).pixel = (message.row, message.column)
        self._refresh()

    def on_neuron_grid_neuron_chosen(self, message: NeuronGrid.NeuronChosen) -> None:
        """A neuron was clicked."""
        self._choose(0, message.neuron)

    def on_activity_neuron_chosen(self, message: Activity.NeuronChosen) -> None:
        """A neuron was clicked."""
        self._choose(message.layer, message.neuron)

    # Images

    @property
    def shown(self) -> int:
        """See `ImageScreen`."""
        return self.probe.number if self.probe else 0

    @property
    def images(self) -> int:
        """See `ImageScreen`."""
        return len(self.probe.subject.part) if self.probe else 0

    @property
    def numbers(self) -> NDArray[np.intp]:
        """See `ImageScreen`: all of them."""
        return np.arange(self.images)

    def show_image(self, number: int) -> None:
        """Look at another image, from 0."""
        if self.probe is not None:
            self._see(self.probe.subject, number, self.probe.at[0])

    def open_model(self) -> None:
        """See `ImageScreen`."""
        self.action_follow(False)

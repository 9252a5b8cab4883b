"""A look into a network: which image, which neuron, and all the numbers on the way."""

from __future__ import annotations

from dataclasses import dataclass

from netcore.models.insight import Insight
from netcore.models.survey import LayerSurvey
from netcore.nn.architecture import Layer
from tui.screens.subject import Subject

__all__ = ["Probe"]


@dataclass(frozen=True, eq=False)
class Probe:
    """What all views of Inspect show.

    Attributes:
        subject: The network with its images.
        inside: The network with the chosen image.
        number: Of the image, from 0.
        at: Of the chosen neuron: its layer and its place there, both from 0.
    """

    subject: Subject
    inside: Insight
    number: int
    at: tuple[int, int]

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Of the network."""
        return self.subject.network.architecture.layers

    @property
    def survey(self) -> tuple[LayerSurvey, ...] | None:
        """Of the layers; None until it has been made."""
        return self.subject.survey

    def name(self, layer: int, place: int) -> str:
        """What a neuron is called, counted from 1, and one of the last layer by its class; layer -1 are the pixels."""
        if layer < 0:
            row, column = divmod(place, 28)
            return f"row {row + 1} col {column + 1}"
        if layer == len(self.layers) - 1:
            return self.subject.dataset.classes[place]
        return f"neuron {place + 1}"

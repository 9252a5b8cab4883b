"""The four views of Inspect, each a part of the screen that shows what was found and says where the arrows lead."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from textual.containers import Horizontal, Vertical
from textual.geometry import Size
from textual.widget import Widget

from tui.render.activity import LayerActivity
from tui.render.neuron_grid import NeuronTile
from tui.render.numbers import percent, plain
from tui.screens.fitting import fit_picture
from tui.screens.layer_table import dead_lines, layer_table
from tui.screens.neuron_words import layer_says, pixel_line, strongest, verdict_lines
from tui.screens.probe import Probe
from tui.screens.sums import effect_lines, onward_lines, softmax_lines, sum_lines
from tui.widgets.activity import Activity
from tui.widgets.neuron_grid import NeuronGrid
from tui.widgets.picture import Picture
from tui.widgets.signed_key import SignedKey
from tui.widgets.weight_picture import WeightPicture
from tui.widgets.words import Words

__all__ = ["AnswersView", "InsideView", "LayersView", "SumView", "WeightsView"]


class InsideView(Vertical):
    """A view. Unless it knows better, left and right choose the neuron, up and down the layer."""

    TITLE = ""

    def show(self, probe: Probe) -> None:
        """Show what was found."""
        raise NotImplementedError

    def fit(self, screen: Size) -> None:
        """Take what room a screen of this size gives."""

    def move(self, probe: Probe, right: int, down: int) -> tuple[int, int]:
        """Layer and neuron that an arrow leads to."""
        layer, neuron = probe.at
        if down:
            return min(max(layer + down, 0), len(probe.layers) - 1), -1
        return layer, (neuron + right) % probe.layers[layer].size


class WeightsView(InsideView):
    """The weights of the first layer's neurons: the chosen one large, its neighbours small.

    Attributes:
        pixel: Row and column of the weight that is read; None where the arrows choose neurons.
    """

    TITLE = "Weights"

    pixel: tuple[int, int] | None = None

    def compose(self) -> Iterable[Widget]:
        """The pictures, their key, the weight under the cursor."""
        with Horizontal(classes="pictures"):
            yield WeightPicture(id="neuron", classes="framed")
            yield NeuronGrid(id="neurons")
        yield SignedKey()
        yield Words(id="pixel")

    def read(self, probe: Probe) -> None:
        """Put the cursor on the strongest weight of the chosen neuron."""
        place = int(np.abs(probe.subject.network.weights[0][:, probe.at[1]]).argmax())
        self.pixel = place // 28, place % 28

    def fit(self, screen: Size) -> None:
        """The large picture takes what it can."""
        fit_picture(self.query_one(WeightPicture), screen)

    def show(self, probe: Probe) -> None:
        """Show what was found at a neuron of the first layer."""
        weights, neuron = probe.subject.network.weights[0], probe.at[1]
        answered = probe.survey[0].answered if probe.survey else None

        def tile(number: int) -> NeuronTile:
            answer = float(probe.inside.answers[0][number])
            dead = answered is not None and not answered[number]
            says = "dead" if dead else percent(answer) if len(probe.layers) == 1 else plain(answer)
            return NeuronTile(weights[:, number].reshape(28, 28), probe.name(0, number).removeprefix("neuron "), says)

        picture = self.query_one(WeightPicture)
        picture.border_title = probe.name(0, neuron)
        picture.show(weights[:, neuron].reshape(28, 28), self.pixel)
        self.query_one(NeuronGrid).show(tile, weights.shape[1], neuron)
        self.query_one(SignedKey).show(float(np.abs(weights[:, neuron]).max()))
        self.query_one("#pixel", Words).show(
            pixel_line(probe, self.pixel)
            if self.pixel
            else [("what each pixel adds to the neuron's sum where its ink is full", "muted")]
        )

    def move(self, probe: Probe, right: int, down: int) -> tuple[int, int]:
        """Move the cursor over the pixels, or the choice over the neurons."""
        layer, neuron = probe.at
        if self.pixel is not None:
            row, column = self.pixel
            self.pixel = min(max(row + down, 0), 27), min(max(column + right, 0), 27)
            return probe.at
        there = neuron + right + down * self.query_one(NeuronGrid).columns
        return layer, there if 0 <= there < probe.layers[0].size else neuron


_VERDICT = 30
"""Cells for what an image is taken for: the longest name of a class of clothes, and how sure the network is."""


class AnswersView(InsideView):
    """The image, and what every neuron answers to it."""

    TITLE = "Answers"

    def compose(self) -> Iterable[Widget]:
        """The image, what it is taken for, the layers."""
        with Horizontal(classes="pictures"):
            with Vertical(id="shown"):
                yield Picture(id="image", classes="framed")
                yield Words(id="verdict")
            yield Activity()

    def fit(self, screen: Size) -> None:
        """The image takes what it can; on a narrow screen there is no room beside it for what it is taken for."""
        picture = self.query_one(Picture)
        fit_picture(picture, screen)
        self.query_one("#verdict").styles.width = picture.styles.width if screen.width < 56 else _VERDICT

    def show(self, probe: Probe) -> None:
        """Show what was found."""
        picture = self.query_one(Picture)
        picture.border_title = f"#{probe.number + 1:,} of {len(probe.subject.part):,}"
        picture.show(probe.subject.part.images[probe.number])
        self.query_one("#verdict", Words).show(*verdict_lines(probe))
        layers, activity = [], self.query_one(Activity)
        for number, layer in enumerate(probe.layers):
            answered = probe.survey[number].answered if probe.survey else None
            layers.append(
                LayerActivity(
                    name=f"{number + 1} {layer.activation}",
                    says=layer_says(probe, number),
                    strongest=strongest(probe, number, activity.size.width),
                    values=probe.inside.answers[number],
                    dead=None if answered is None else answered == 0,
                )
            )
        activity.show(layers, probe.at)

    def move(self, probe: Probe, right: int, down: int) -> tuple[int, int]:
        """Move over the cells as they stand on the screen."""
        return self.query_one(Activity).step(right, down)


class SumView(InsideView):
    """How the chosen neuron comes to its answer, and what the answer does behind it."""

    TITLE = "Sum"

    def compose(self) -> Iterable[Widget]:
        """What comes in, what goes out."""
        with Horizontal(classes="pictures"):
            yield Words(id="into")
            yield Words(id="onward")

    def show(self, probe: Probe) -> None:
        """Show what was found."""
        (layer, neuron), inside, classes = probe.at, probe.inside, probe.subject.dataset.classes
        rows, width = max(self.screen.size.height - 6, 8), self.screen.size.width - 2
        self.query_one("#into", Words).show(
            *sum_lines(inside, layer, neuron, lambda place: probe.name(layer - 1, place), rows, width=width)
        )
        onward = self.query_one("#onward", Words)
        if layer == len(probe.layers) - 1:
            onward.show(*softmax_lines(inside, neuron, classes, rows, onward.size.width or 32))
            return
        half = rows // 2
        onward.show(
            *onward_lines(inside, layer, neuron, lambda place: probe.name(layer + 1, place), half),
            [],
            *effect_lines(inside.effects(layer, neuron), classes, rows - half - 1),
        )


class LayersView(InsideView):
    """The table of layers."""

    TITLE = "Layers"

    def compose(self) -> Iterable[Widget]:
        """The table."""
        yield Words(id="table")

    def show(self, probe: Probe) -> None:
        """Show what was found."""
        table = self.query_one("#table", Words)
        if probe.survey is None:
            table.show([("asking every neuron on many images …", "muted")])
            return
        layer = probe.at[0]
        height, width = max(self.screen.size.height - 7, 5), max(self.screen.size.width - 2, 40)
        rows = layer_table(probe.survey, layer, height)
        table.show(*rows, *dead_lines(probe.survey[layer], layer, width, max(height - len(rows), 1)))

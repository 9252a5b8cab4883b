"""What Inspect says of the chosen neuron, of a pixel's weight and of the image, in lines of words."""

from __future__ import annotations

import numpy as np

from tui.render import numbers
from tui.screens.answer import Line
from tui.screens.probe import Probe

__all__ = ["layer_says", "neuron_line", "pixel_line", "strongest", "verdict_lines", "where"]


def where(probe: Probe) -> str:
    """Which neuron and which image are chosen."""
    layer, neuron = probe.at
    name = probe.name(layer, neuron)
    if layer == len(probe.layers) - 1:
        name = f"class {name}"
    else:
        name += f" of {probe.layers[layer].size:,}"
    return f"layer {layer + 1} · {name} · image #{probe.number + 1:,}"


def neuron_line(probe: Probe) -> Line:
    """The chosen neuron's bias, its sum and its answer for the image, and how often it answers at all."""
    (layer, neuron), inside = probe.at, probe.inside
    activation, answer = probe.layers[layer].activation, float(inside.answers[layer][neuron])
    line: Line = [
        ("bias ", "muted"),
        (numbers.signed(float(inside.network.biases[layer][neuron])), "text"),
        ("  sum ", "muted"),
        (numbers.signed(float(inside.sums[layer][neuron])), "text"),
        (f"  {activation} ", "muted"),
        (numbers.percent(answer) if activation == "softmax" else numbers.plain(answer), "strong"),
    ]
    answered = probe.survey[layer].answered if probe.survey else None
    if probe.survey and answered is not None:
        often, images = int(answered[neuron]), probe.survey[layer].images
        if often:
            line.append((f"  answers on {often:,} of {images:,} images", "muted"))
        else:
            line.append((f"  × dead: silent on all {images:,} images", "bad"))
    return line


def pixel_line(probe: Probe, pixel: tuple[int, int]) -> Line:
    """One weight of a neuron of the first layer, what comes in there, and where it stands in the model's file."""
    place, neuron = 28 * pixel[0] + pixel[1], probe.at[1]
    return [
        (probe.name(-1, place), "strong"),
        ("  weight ", "muted"),
        (numbers.signed(float(probe.subject.network.weights[0][place, neuron])), "strong"),
        (" × pixel ", "muted"),
        (numbers.plain(float(probe.inside.inputs[0][place])), "text"),
        (" = ", "muted"),
        (numbers.signed(float(probe.inside.contributions(0, neuron)[place])), "text"),
        (f"  W0[{place}, {neuron}]", "muted"),
    ]


def layer_says(probe: Probe, layer: int) -> str:
    """How many neurons of a layer answer."""
    answers = probe.inside.answers[layer]
    if probe.layers[layer].activation != "relu":
        return f"{len(answers)} classes" if layer == len(probe.layers) - 1 else f"{len(answers)} neurons"
    dead = probe.survey[layer].dead if probe.survey else None
    return f"{np.count_nonzero(answers > 0)} of {len(answers)} answer" + (f", {dead} dead" if dead else "")


def strongest(probe: Probe, layer: int, width: int) -> str:
    """The strongest answers of a layer, as many as stand on so many cells."""
    answers, last = probe.inside.answers[layer], layer == len(probe.layers) - 1
    text = ""
    for place in np.argsort(-np.abs(answers), kind="stable").tolist():
        answer = float(answers[place])
        says = numbers.percent(answer) if last else numbers.plain(answer)
        more = f"{probe.name(layer, place).removeprefix('neuron ')} {says}"
        if not answer or len(text) + len(more) > width:
            break
        text += more + "   "
    return text.rstrip()


def verdict_lines(probe: Probe) -> list[Line]:
    """Right or wrong, what it takes the image for and what it is."""
    classes, true = probe.subject.dataset.classes, int(probe.subject.part.labels[probe.number])
    probabilities = probe.inside.answers[-1]
    predicted = int(probabilities.argmax())
    return [
        [("✓ right", "good") if predicted == true else ("✗ wrong", "bad")],
        [
            ("predicted ", "muted"),
            (classes[predicted], "strong"),
            (f" {numbers.percent(float(probabilities[predicted]))}", "text"),
        ],
        [("true      ", "muted"), (classes[true], "strong")],
    ]

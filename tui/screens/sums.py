"""The sum of one neuron, line by line as one would do it by hand, and where its answer goes from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from netcore.models.insight import Insight
from netcore.nn.activations import Array
from tui.render import numbers
from tui.screens.answer import Line

__all__ = ["effect_lines", "onward_lines", "softmax_lines", "sum_lines"]

_FORMULA = {
    "relu": "relu: the sum, or 0 if it is below",
    "tanh": "tanh of the sum",
    "sigmoid": "1 / (1 + e^-sum)",
    "linear": "the sum itself",
}

_LABEL, _NUMBER, _SIGN = 13, 9, 2
_NUMBERS = 3 * _NUMBER + 2 * _SIGN


def _row(label: str, width: int, value: str, weight: str, product: str) -> Line:
    """A label and three numbers in columns: ``row 22 col 14   0.9961 × +0.2853 = +0.2842``."""
    return [
        (f"{label:<{width}.{width}}", "text"),
        (f"{value:>{_NUMBER}}", "text"),
        (" ×", "muted"),
        (f"{weight:>{_NUMBER}}", "text"),
        (" =", "muted"),
        (f"{product:>{_NUMBER}}", "text"),
    ]


def _result(label: str, width: int, value: str) -> Line:
    return [(f"{label:<{width - _NUMBER}.{width - _NUMBER}}", "text"), (f"{value:>{_NUMBER}}", "strong")]


def sum_lines(
    inside: Insight, layer: int, neuron: int, name: Callable[[int], str], rows: int, *, width: int = _LABEL + _NUMBERS
) -> list[Line]:
    """What comes in, strongest first; the others together; the bias; the sum and what becomes of it.

    Args:
        inside: The network with an image.
        layer: Of the neuron, from 0.
        neuron: Its place, from 0.
        name: Says which input one is.
        rows: How many lines there may be, 8 or more.
        width: Cells of a line; where they are few, the names of the inputs are cut short.
    """
    network, label = inside.network, min(max(width - _NUMBERS, 7), _LABEL)
    width = label + _NUMBERS
    brought = inside.contributions(layer, neuron)
    order = np.argsort(-np.abs(brought), kind="stable")
    shown = [int(place) for place in order[: max(rows - 6, 1)] if brought[place]]
    weights = network.weights[layer][:, neuron]
    head = "pixel" if layer == 0 else f"layer {layer}"
    lines: list[Line] = [
        [(f"{head:<{label}}{'value':>{_NUMBER}}{'weight':>{_NUMBER + _SIGN}}{'product':>{_NUMBER + _SIGN}}", "muted")],
        *(
            _row(
                name(place) if label == _LABEL else name(place).replace("row ", "").replace(" col ", ","),
                label,
                numbers.plain(float(inside.inputs[layer][place])),
                numbers.signed(float(weights[place])),
                numbers.signed(float(brought[place])),
            )
            for place in shown
        ),
    ]
    others = len(brought) - len(shown)
    rest = float(np.delete(brought, shown).sum(dtype=np.float64))
    if others:
        lines.append(_result(f"the other {others:,} together", width, numbers.signed(rest)))
    lines += [
        _result("bias", width, numbers.signed(float(network.biases[layer][neuron]))),
        [("─" * width, "muted")],
        _result("sum", width, numbers.signed(float(inside.sums[layer][neuron]))),
    ]
    activation = network.architecture.layers[layer].activation
    answer = float(inside.answers[layer][neuron])
    if activation == "softmax":
        return [*lines, _result("softmax, see beside", width, numbers.percent(answer))]
    return [*lines, _result(_FORMULA[activation], width, numbers.plain(answer))]


def onward_lines(inside: Insight, layer: int, neuron: int, name: Callable[[int], str], rows: int) -> list[Line]:
    """The neuron's weights into the next layer, strongest first, and what its answer brings there."""
    weights = inside.network.weights[layer + 1][neuron]
    answer = float(inside.answers[layer][neuron])
    order = np.argsort(-np.abs(weights), kind="stable")[: max(rows - 1, 1)]
    lines: list[Line] = [[(f"on to layer {layer + 2}: {numbers.plain(answer)} × weight", "muted")]]
    for place in order.tolist():
        weight = float(weights[place])
        lines.append(
            [
                (f"{name(place):<12.12}", "text"),
                (f"{numbers.signed(weight):>8}", "text"),
                (" = ", "muted"),
                (f"{numbers.signed(answer * weight):>8}", "text"),
            ]
        )
    return lines


def effect_lines(effects: Array, classes: Sequence[str], rows: int) -> list[Line]:
    """What a rise of the answer does to the logits, through all layers behind; strongest first."""
    order = np.argsort(-np.abs(effects), kind="stable")[: max(rows - 1, 1)]
    lines: list[Line] = [[("one more of it moves the sum of", "muted")]]
    for place in order.tolist():
        lines.append([(f"{classes[place]:<22.22}", "text"), (f"{numbers.signed(float(effects[place])):>9}", "text")])
    return lines


def softmax_lines(inside: Insight, neuron: int, classes: Sequence[str], rows: int, width: int) -> list[Line]:
    """From the sums of the last layer to probabilities, likeliest first; the chosen class is always among them."""
    sums, answers = inside.sums[-1].astype(np.float64), inside.answers[-1]
    powers = np.exp(sums - sums.max())
    order = np.argsort(-sums, kind="stable").tolist()
    shown = order[: max(rows - 4, 1)]
    if neuron not in shown:
        shown[-1] = neuron
    label = max(min(width - 26, max(map(len, classes)) + 1), 7)

    def row(name: str, total: str, power: float, share: float) -> str:
        return f"{name:<{label}.{label}}{total:>9}{numbers.loss(power):>8}{numbers.percent(share):>9}"

    lines: list[Line] = [[(f"{'class':<{label}}{'sum':>9}{'power':>8}{'share':>9}", "muted")]]
    for place in shown:
        text = row(classes[place], numbers.signed(float(sums[place])), powers[place], float(answers[place]))
        lines.append([(text, "strong" if place == neuron else "text")])
    left = [place for place in order if place not in shown]
    if left:
        lines.append([(row(f"{len(left)} more", "", powers[left].sum(), float(answers[left].sum())), "muted")])
    lines.append([(row("all", "", powers.sum(), 1.0), "text")])
    lines.append([(f"power: e^(sum - {numbers.plain(float(sums.max()))}); share: its part", "muted")])
    return lines

"""What is said about a network's answer, in words: the same in Test, Draw and Open."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from netcore.models.evaluation import Evaluation
from tui.render import numbers
from tui.screens.exam import Exam
from tui.widgets.words import Tone

__all__ = ["ROOM_FOR_TILE", "Line", "about", "class_words", "verdict"]

ROOM_FOR_TILE = 76
"""Columns from which on an image, the tile with the predicted class and the words fit beside each other."""

Line = list[tuple[str, Tone]]


def verdict(
    probabilities: NDArray[np.float32], classes: Sequence[str], true: int | None = None, *, tile: bool = True
) -> list[Line]:
    """Three lines: the predicted class on a tile that is seen from afar, right or wrong, and how sure.

    Args:
        probabilities: One for each class.
        classes: Their names.
        true: Index of the true class; None for an image of one's own, of which nobody knows it.
        tile: Whether there is room for the tile.
    """
    predicted = int(probabilities.argmax())
    name, sure = classes[predicted], numbers.percent(float(probabilities[predicted]))
    chip: Tone = "chip" if true is None else "chip good" if predicted == true else "chip bad"
    blank = " " * (cell_len(name) + 6)
    tiles: Line = [(blank, chip), (f"   {name}   ", chip), (blank, chip)]
    gap = "  " if tile else " "
    if true is not None:
        right = predicted == true
        beside: list[Line] = [
            [("✓ right" if right else "✗ wrong", "good" if right else "bad"), (f"{gap}{sure} sure", "muted")],
            [(f"predicted{gap}", "muted"), (name, "strong")],
            [(f"true     {gap}", "muted"), (classes[true], "strong")],
        ]
    else:
        beside = [[("predicted ", "muted"), ("" if tile else name, "strong")], [(sure, "strong")], []]
    if not tile:
        return beside
    return [[left, ("  ", "text"), *right] for left, right in zip(tiles, beside, strict=True)]


def about(exam: Exam) -> list[Line]:
    """Two lines on model and dataset: what they are, and how many images are recognised."""
    evaluation = exam.evaluation
    first: Line = [
        (exam.model.name, "strong"),
        (" on ", "muted"),
        (exam.dataset.name, "strong"),
        (f"  {exam.model.layers}", "muted"),
    ]
    if evaluation is None:
        second: Line = [(f"looking at all {len(exam.part):,} images …", "muted")]
    else:
        wrong = evaluation.images - evaluation.correct
        second = [
            (numbers.percent(evaluation.accuracy), "strong"),
            (" right, ", "muted"),
            (numbers.count(wrong), "strong"),
            (f" of {evaluation.images:,} wrong", "muted"),
        ]
    if exam.remark:
        second.append((f"  {exam.remark}", "note"))
    return [first, second]


def class_words(evaluation: Evaluation, classes: Sequence[str], true: int) -> Line:
    """How the images of one class fare: ``7: 98.25 % of 1,028 right, mostly mistaken for 2 (6)``."""
    row = evaluation.confusion[true]
    line: Line = [
        (classes[true], "text"),
        (f": {numbers.percent(float(evaluation.per_class[true]))} of {row.sum():,} right", "muted"),
    ]
    others = row.copy()
    others[true] = 0
    if others.any():
        most = int(others.argmax())
        line += [(", mostly mistaken for ", "muted"), (classes[most], "text"), (f" ({others[most]:,})", "muted")]
    return line

"""What ``mnist-tui evaluate`` tells a person: the figures, then each class with what it is taken for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netcore.datasets.info import DatasetInfo, PartName
from tui.cli.output import Column, class_text, print_table, readable, width, write
from tui.render import numbers

if TYPE_CHECKING:
    from netcore.models.evaluation import Evaluation

__all__ = ["print_report"]

WORDS = {"train": "training", "test": "test"}


def print_report(
    model: str, dataset: DatasetInfo, part: PartName, found: Evaluation, temperature: float | None = None
) -> None:
    """Print all that was found out; the temperature is that of the scaled calibration error."""
    write(f"{readable(model)} on the {found.images:,} {WORDS[part]} images of {readable(dataset.name)}\n")
    wrong = found.images - found.correct
    write(f"accuracy  {numbers.percent(found.accuracy)}  ({found.correct:,} right, {wrong:,} wrong)")
    write(f"loss      {numbers.loss(found.loss)}")
    write(f"ece       {numbers.percent(found.ece)}  (how far confidence and accuracy lie apart)")
    if temperature is not None:
        remark = f"with the temperature {temperature:.2f}, fitted on images held out of the training"
        write(f"scaled    {numbers.percent(found.ece_scaled)}  ({remark})")
    write()
    _print_classes(dataset.classes, found)
    _print_confusion(dataset.classes, found)


def _print_classes(classes: tuple[str, ...], found: Evaluation) -> None:
    columns = (
        Column("class"),
        Column("images", right=True),
        Column("accuracy", right=True),
        Column("most often taken for"),
    )
    rows = []
    for index in range(len(classes)):
        counts = found.confusion[index].tolist()
        wrong = [count if other != index else 0 for other, count in enumerate(counts)]
        most = max(wrong)
        taken_for = f"{classes[wrong.index(most)]} ({most:,})" if most else numbers.NOTHING
        accuracy = numbers.percent(float(found.per_class[index]))
        rows.append((class_text(classes, index), numbers.count(sum(counts)), accuracy, taken_for))
    print_table(columns, rows)


def _print_confusion(classes: tuple[str, ...], found: Evaluation) -> None:
    """Rows are true classes, columns predicted ones, which go by their number where names would be too wide."""
    counts = found.confusion.tolist()
    labels = [class_text(classes, index) for index in range(len(classes))]
    cells = [[f"{count:,}" if count else "·" for count in row] for row in counts]
    heads = classes if max(map(len, classes)) <= 2 else [str(index) for index in range(len(classes))]
    room = width()
    needed = max(map(len, labels)) + sum(
        2 + max(len(heads[column]), *(len(row[column]) for row in cells)) for column in range(len(classes))
    )
    if room is not None and needed > room:
        write(f"\nThe confusion matrix takes a terminal of {needed} columns; --json prints it everywhere.")
        return
    write("\nconfusion matrix: true class down, predicted class across\n")
    columns = [Column(""), *(Column(head, right=True) for head in heads)]
    print_table(columns, [[label, *row] for label, row in zip(labels, cells, strict=True)])

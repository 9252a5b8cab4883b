"""How commands speak: JSON for programs, tables for people, one line on stderr where something is wrong.

Rich is imported when a table is printed, and not before: it takes as long as a command that prints JSON.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from netcore.errors import StorageError
from tui.render.glyphs import writable

__all__ = ["Column", "class_text", "complain", "print_json", "print_table", "readable", "silence", "width", "write"]

_GAP = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        title: Its heading.
        right: Whether it holds numbers, which line up at their ends and are never broken.
        spare: Whether it may be left out where the terminal is narrow, the last such column first.
    """

    title: str
    right: bool = False
    spare: bool = False


def write(text: str = "", end: str = "\n") -> None:
    """Print a text at once, in characters that standard output has.

    Raises:
        BrokenPipeError: Nobody reads any more.
        StorageError: It cannot be written, e.g. because the disk is full.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    if encoding.lower().startswith("utf"):
        text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    else:
        text = writable(text, "ascii")
    try:
        print(text, end=end, flush=True)  # noqa: T201  # the one place that prints
    except OSError as error:
        silence()
        if isinstance(error, BrokenPipeError):
            raise
        raise StorageError(f"standard output cannot be written: {error.strerror}") from error


def silence() -> None:
    """Give standard output up, where it cannot be written: Python would try once more when it ends, and report that."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(message: str) -> None:
    """Say on one line of stderr what went wrong."""
    with contextlib.suppress(OSError):  # where even that cannot be said, the exit code tells
        print(f"mnist-tui: {readable(message)}", file=sys.stderr, flush=True)  # noqa: T201


def readable(text: str) -> str:
    """The text on one line, without characters that would steer the terminal: a file's name can hold any."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def class_text(classes: Sequence[str], index: int) -> str:
    """A class with its number, ``9 Ankle boot``, unless its number is its name."""
    return classes[index] if classes[index] == str(index) else f"{index} {classes[index]}"


def print_json(value: object) -> None:
    """Print a value as JSON on one line, in ASCII; what is not a finite number becomes null."""
    write(json.dumps(_plain(value), allow_nan=False))


def width() -> int | None:
    """Columns of the terminal; None where standard output is none, so that lines have no end."""
    if not sys.stdout.isatty():
        return None
    from rich.console import Console

    return Console().width


def print_table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    """Print rows of texts in aligned columns. Where standard output is no terminal, nothing is left out or broken."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    cells = [[readable(text) for text in row] for row in rows]
    room = width()
    shown = range(len(columns)) if room is None else _fitting(columns, cells, room)
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="bold")
    for index in shown:
        column = columns[index]
        # Where it has to be, the widest text is broken, at spaces if it has any; nothing is ever cut off.
        justify: Literal["left", "right"] = "right" if column.right else "left"
        table.add_column(column.title, justify=justify, no_wrap=column.right, overflow="fold")
    for row in cells:
        table.add_row(*(Text(row[index]) for index in shown))
    # Without a terminal as wide as it takes, and never coloured.
    console = Console() if room else Console(width=_natural(columns, cells, shown), color_system=None)
    with console.capture() as printed:
        console.print(table)
    write("\n".join(line.rstrip() for line in printed.get().splitlines()))
    if left_out := [column.title for index, column in enumerate(columns) if index not in shown]:
        write(f"\n({', '.join(left_out)}: in a wider terminal)")


def _fitting(columns: Sequence[Column], rows: Sequence[Sequence[str]], room: int) -> Sequence[int]:
    """Numbers of the columns that are shown: all that fit without wrapping, and all that may not be left out."""
    shown = list(range(len(columns)))
    for index in reversed(shown.copy()):
        if _natural(columns, rows, shown) > room and columns[index].spare:
            shown.remove(index)
    return shown


def _natural(columns: Sequence[Column], rows: Sequence[Sequence[str]], shown: Sequence[int]) -> int:
    """Columns of the terminal that these columns of the table take."""
    from rich.cells import cell_len

    widths = (max(map(cell_len, (columns[index].title, *(row[index] for row in rows)))) for index in shown)
    return sum(widths) + _GAP * (len(shown) - 1)


def _plain(value: object) -> object:
    """The value in what JSON knows."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value

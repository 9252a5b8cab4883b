"""A program run to its end in a process of its own: how long it took and the most memory it had."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

from netcore.errors import NetcoreError

__all__ = ["Ended", "run_program"]


@dataclass(frozen=True, slots=True)
class Ended:
    """What a program came to.

    Attributes:
        output: What it printed.
        seconds: From its start to its end.
        memory: The most that lay in memory at a time (bytes), files that it had mapped included.
    """

    output: str
    seconds: float
    memory: int


def run_program(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Ended:
    """Run it, with these variables besides one's own.

    Raises:
        NetcoreError: It did not end well; says what it printed to stderr.
    """
    begin = perf_counter()
    with subprocess.Popen(  # noqa: S603  # the callers name the program
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ) | dict(environment or {}),
    ) as process:
        output, complaint = _read_both(process)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise NetcoreError(f"{' '.join(command)} ended with {process.returncode}: {complaint.strip()}")
    return Ended(output, seconds, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024))


def _read_both(process: subprocess.Popen[str]) -> tuple[str, str]:
    """All that it prints, until it closes both streams. What it complains of is little and fits into the pipe."""
    if process.stdout is None or process.stderr is None:
        raise RuntimeError("started without pipes")
    return process.stdout.read(), process.stderr.read()

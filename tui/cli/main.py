"""The command ``mnist-tui``: finds the command that was asked for, imports that one only, and gives its exit code."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import get_args

from netcore import __version__
from netcore.errors import NetcoreError
from tui.cli.connection_options import add_connection_arguments
from tui.cli.output import complain, write
from tui.render.tier import Tier, only_ascii

__all__ = ["main"]

DONE, FAILED, INTERRUPTED = 0, 1, 130

COMMANDS = {
    "models": ("models", "list the models, bundled and your own"),
    "evaluate": ("evaluate", "measure a model: accuracy, loss, confusion matrix"),
    "predict": ("predict", "say what is on pictures of your own"),
    "train": ("train", "train a network; every setting is an option"),
    "resume": ("resume", "go on with a run that was stopped or broken off"),
    "combine": ("combine", "make one model of several: a committee"),
    "runs": ("runs", "list the training runs, newest first; remove old ones"),
    "watch": ("watch", "follow a run of another process, and steer it"),
    "stop": ("stop", "end a run of another process, and keep what it has learned"),
    "datasets": ("datasets", "list the datasets and check their files"),
    "import": ("importing", "bring in a dataset of your own"),
    "bench": ("bench", "time training on this machine, beside other libraries"),
}
"""Each command with its module in this package and a line of help."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command, or open the app where none is named.

    Args:
        argv: Arguments without the program's name; those of the process where None.

    Returns:
        Exit code: 0 done, 1 an error named on one line of stderr, 2 wrong usage, 130 interrupted.
    """
    if only_ascii() and isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="ascii", errors="replace")  # Python takes the locale C for UTF-8
    try:
        code = _run(argv)
        write(end="")  # what argparse printed meets a closed pipe here and not when Python ends
    except NetcoreError as error:
        complain(str(error))
        return FAILED
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        return DONE  # whoever read has what they wanted, as in `mnist-tui models | head -1`
    except PermissionError as error:
        if error.filename is None:  # not about a file
            raise
        complain(f"{error.filename}: {error.strerror}; set MNIST_TUI_HOME to a folder of your own")
        return FAILED
    return code


def _run(argv: Sequence[str] | None) -> int:
    try:
        options = _parser().parse_args(argv)
    except SystemExit as leaving:  # argparse has printed help, or what is wrong with the usage
        return int(leaving.code or DONE)
    result: int = options.run(options)
    return result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mnist-tui",
        description="Train, watch and look inside a neural network. Without a command, open the app.",
        epilog="mnist-tui COMMAND --help tells more. Exit codes: 0 done, 1 an error, 2 wrong usage, 130 interrupted.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"mnist-tui {__version__}")
    parser.add_argument(
        "--display", choices=get_args(Tier), metavar="TIER", help=f"draw the app in one of {', '.join(get_args(Tier))}"
    )
    parser.add_argument(
        "--on-hangup",
        choices=["detach", "stop"],
        default="detach",
        help="what becomes of a run when the connection is lost: detach (it goes on by itself, the default) or stop",
    )
    add_connection_arguments(parser)
    parser.set_defaults(run=_open_app)
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=_Command)
    for name, (module, line) in COMMANDS.items():
        command = commands.add_parser(name, help=line, allow_abbrev=False)
        command.module = f"tui.cli.{module}"
    return parser


def _open_app(options: argparse.Namespace) -> int:
    from tui.cli.app import run

    return run(options)


class _Command(argparse.ArgumentParser):
    """Parser of one command. Its module is imported when its arguments are to be read, so that the others cost nothing.

    Such a module has ``DESCRIPTION``, ``add_arguments(parser)`` and ``run(options) -> int``.
    """

    module: str

    def parse_known_args(  # type: ignore[override]  # the stubs overload this for other kinds of namespace
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Read the arguments of this command; argparse calls this once the command is known."""
        module = importlib.import_module(self.module)
        self.description = module.DESCRIPTION
        module.add_arguments(self)
        self.add_argument("--json", action="store_true", help="print JSON instead of a text for people")
        self.set_defaults(run=module.run)
        return super().parse_known_args(args, namespace)

"""What a person may wish of the connection that the app is shown over."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.linked import Wishes
    from tui.notices import Notify

__all__ = ["add_connection_arguments", "wishes"]


def add_connection_arguments(parser: argparse.ArgumentParser, *, again: bool = False) -> None:
    """The options; ``again`` where the parser is of a command, before whose name they can be given too."""
    low, none = (argparse.SUPPRESS, argparse.SUPPRESS) if again else (False, None)
    parser.add_argument(
        "--low-bandwidth", action="store_true", default=low, help="draw less often what training brings"
    )
    parser.add_argument(
        "--notify",
        choices=["bell", "osc9"],
        default=none,
        help="tell when a run has ended, by the terminal's bell or by a notice of the desktop (OSC 9)",
    )
    parser.add_argument(
        "--notify-at",
        type=_accuracy,
        default=none,
        metavar="ACCURACY",
        help="tell also when a run reaches this accuracy on the images held out, e.g. 0.98 or 98%%",
    )


def wishes(options: argparse.Namespace) -> Wishes:
    """What was wished."""
    from tui.linked import Wishes

    notify: Notify | None = options.notify or ("bell" if options.notify_at is not None else None)
    return Wishes(low_bandwidth=options.low_bandwidth, notify=notify, wanted_accuracy=options.notify_at)


def _accuracy(text: str) -> float:
    try:
        accuracy = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        accuracy = -1.0
    if not 0 < accuracy <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} does not work; use a fraction up to 1, or a percentage such as 98%")
    return accuracy

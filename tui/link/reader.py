"""Keys, clicks and answers of the terminal, without looking for them ten times a second as Textual's own does."""

from __future__ import annotations

import os
import select
from codecs import getincrementaldecoder
from collections.abc import Callable

from textual._xterm_parser import XTermParser
from textual.message import Message

__all__ = ["read"]

ESCAPE_PAUSE = 0.1
"""Seconds after which an escape character that nothing has followed was the key."""


def read(terminal: int, end: int, deliver: Callable[[Message], None], *, debug: bool = False) -> None:
    """Read until there is something to read at ``end``, another descriptor, or the terminal is gone.

    Args:
        terminal: Descriptor of the terminal.
        end: Descriptor of a pipe.
        deliver: Called with each message.
        debug: Write keys to a file, as Textual does.
    """
    parser = XTermParser(debug)
    decode = getincrementaldecoder("utf-8")(errors="replace").decode
    pause = None
    while True:
        ready, _, _ = select.select([terminal, end], [], [], pause)
        if terminal in ready:
            try:
                data = os.read(terminal, 4096)
            except OSError:  # Linux's way to say that nobody holds the other end any more
                data = b""
            if not data:
                return
            text = decode(data)
            for message in parser.feed(text) if text else ():  # nothing yet: the rest of a character is to come
                deliver(message)
        for message in parser.tick():
            deliver(message)
        if end in ready:
            return
        pause = ESCAPE_PAUSE if terminal in ready else None

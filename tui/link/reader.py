"""Keys, clicks and answers of the terminal, without looking for them ten times a second as Textual's own does."""

from __future__ import annotations

import os
import re
import select
from codecs import getincrementaldecoder
from collections.abc import Callable

from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

__all__ = ["read"]

ESCAPE_PAUSE = 0.1
"""Seconds after which an escape character that nothing has followed was the key."""

_ESCAPE_AND_KEY = re.compile(r"\x1b(?=[^\x1b\[\]OPX^_\\\x7f\tbf])")
"""The escape key with another one right behind it: tmux, for half a second, and slow connections send both at once.
Textual takes them for one that it does not know, or for a special character, and neither would have an effect. Left out
is what begins a sequence, and what moves and deletes by words in a line of text."""


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
    pause, held = None, ""  # an escape character that came last: what follows says what it was
    while True:
        ready, _, _ = select.select([terminal, end], [], [], pause)
        if terminal in ready:
            try:
                data = os.read(terminal, 4096)
            except OSError:  # Linux's way to say that nobody holds the other end any more
                data = b""
            if not data:
                return
            text = held + decode(data)
            text, held = (text[:-1], "\x1b") if text.endswith("\x1b") else (text, "")
            for number, part in enumerate(_ESCAPE_AND_KEY.split(text)):
                if number:
                    deliver(events.Key("escape", "\x1b"))
                for message in parser.feed(part) if part else ():  # nothing yet: the rest of a character is to come
                    deliver(message)
        elif held:
            deliver(events.Key("escape", held))
            held = ""
        for message in parser.tick():
            deliver(message)
        if end in ready:
            return
        pause = ESCAPE_PAUSE if terminal in ready else None

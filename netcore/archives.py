"""What goes wrong with an ``.npz`` or ``.npy`` that is damaged: models, checkpoints, datasets and pictures are such."""

from __future__ import annotations

import struct
import tokenize
import zipfile
import zlib

__all__ = ["UNREADABLE"]

UNREADABLE = (
    *(OSError, EOFError, ValueError, LookupError, TypeError, MemoryError, OverflowError),
    RuntimeError,  # a zip file with a password, or packed in an unknown way
    *(SyntaxError, tokenize.TokenError),  # the header of an array
    *(struct.error, zlib.error, zipfile.BadZipFile),
)
"""What zipfile, zlib and NumPy have been seen to raise, or say that they raise; a ValueError also for Python objects
where only plain arrays are allowed."""

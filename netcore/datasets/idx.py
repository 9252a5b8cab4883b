"""IDX, the file format of MNIST: a big-endian header and then bytes, gzipped or not.

    0, 0, type of number (8: unsigned byte), number of dimensions    the magic number
    size of each dimension                                           4 bytes each
    the numbers, the last dimension running fastest

Source: http://yann.lecun.com/exdb/mnist/ (section "file formats").
"""

from __future__ import annotations

import gzip
import hashlib
import io
import math
import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from netcore.datasets.info import GZIPPED
from netcore.errors import DamagedFile
from netcore.resources import replacing

__all__ = ["Bytes", "read_idx", "write_idx"]

Bytes = NDArray[np.uint8]
"""Pixels or labels."""

_UNSIGNED_BYTE = 8
_PIECE = 1 << 20
"""Bytes unpacked at a time. In pieces, a file needs the memory of its array and no more."""

_MAPPED = 1 << 27
"""Bytes from which on a file that is not gzipped stays on the disk, and is mapped: memory may not hold it."""


def read_idx(path: Path, sha256: str | None = None) -> Bytes:
    """Read an IDX file of unsigned bytes, gzipped (told by its first bytes, not by its name) or not.

    Args:
        path: The file.
        sha256: Digest of the unpacked file in hexadecimal; None if it is not known.

    Returns:
        A read-only array of the shape that the header gives; of a large file that is not gzipped, a ``numpy.memmap``.

    Raises:
        DamagedFile: The file is missing, cut short, not IDX, or has another digest. The message says which.
    """
    try:
        with path.open("rb") as file:
            packed = file.read(2) == GZIPPED
            file.seek(0)
            if not packed:
                return _read(file, path, sha256, mapped=path.stat().st_size >= _MAPPED)
            with gzip.GzipFile(fileobj=file) as unpacked:
                return _read(unpacked, path, sha256)
    except FileNotFoundError as error:
        raise DamagedFile(f"{path} is missing") from error
    except EOFError as error:
        raise DamagedFile(f"{path} is cut short: its gzip data have no end") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DamagedFile(f"{path} is damaged: its gzip data do not unpack ({error})") from error
    except OSError as error:
        raise DamagedFile(f"{path} cannot be read: {error.strerror or error}") from error


def write_idx(path: Path, array: Bytes) -> str:
    """Write an array as gzipped IDX; the same array always gives the same file.

    Returns:
        SHA-256 of the unpacked file, in hexadecimal.

    Raises:
        StorageError: It cannot be written; ``path`` is as it was.
    """
    data = np.ascontiguousarray(array)
    header = struct.pack(f">BBBB{data.ndim}I", 0, 0, _UNSIGNED_BYTE, data.ndim, *data.shape)
    # The name and the time of writing would go into the file, and make it another one each time.
    with replacing(path) as file, gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0) as packed:
        packed.write(header)
        packed.write(data.data)
    return _digest(header, data)


def _read(file: io.BufferedIOBase, path: Path, sha256: str | None, *, mapped: bool = False) -> Bytes:
    """Read unpacked IDX, or map it. EOFError and its like are the caller's to name."""
    header = file.read(4)
    if len(header) < 4 or header[:3] != bytes((0, 0, _UNSIGNED_BYTE)) or header[3] == 0:
        found = header.hex(" ") or "nothing"
        raise DamagedFile(f"{path} is not IDX: it begins with {found}, and IDX of bytes with 00 00 08")
    sizes = file.read(4 * header[3])
    if len(sizes) < 4 * header[3]:
        raise DamagedFile(f"{path} is cut short: it ends within its header")
    header += sizes
    shape = struct.unpack(f">{len(sizes) // 4}I", sizes)
    if mapped:
        return _map(path, header, shape, sha256)
    try:
        array = np.empty(shape, np.uint8)
    except (MemoryError, ValueError) as error:
        raise DamagedFile(f"{path}: its header promises {_times(shape)} bytes, more than memory holds") from error
    _fill(array, file, path)
    if sha256 is not None:
        _check_digest(path, _digest(header, array), sha256)
    array.flags.writeable = False
    return array


def _map(path: Path, header: bytes, shape: tuple[int, ...], sha256: str | None) -> Bytes:
    """Map a file, which is read once in pieces where there is a digest to check."""
    _check_length(path, path.stat().st_size - len(header), shape)
    if sha256 is not None:
        with path.open("rb") as file:
            _check_digest(path, hashlib.file_digest(file, "sha256").hexdigest(), sha256)
    return np.memmap(path, np.uint8, "r", len(header), shape)


def _fill(array: Bytes, file: io.BufferedIOBase, path: Path) -> None:
    """Read exactly the bytes of ``array``, after which the file must end."""
    whole, filled = array.reshape(-1).data, 0
    while filled < len(whole) and (got := file.readinto(whole[filled : filled + _PIECE])):
        filled += got
    _check_length(path, filled + len(file.read(1)), array.shape)


def _check_length(path: Path, there: int, shape: tuple[int, ...]) -> None:
    if there < math.prod(shape):
        raise DamagedFile(f"{path} is cut short: {there:,} bytes of the promised {_times(shape)} are there")
    if there > math.prod(shape):
        raise DamagedFile(f"{path} goes on after the promised {_times(shape)} bytes")


def _check_digest(path: Path, found: str, sha256: str) -> None:
    if found != sha256:
        raise DamagedFile(f"{path} was changed: its SHA-256, unpacked, is {found}, and should be {sha256}")


def _digest(header: bytes, array: Bytes) -> str:
    """SHA-256 of header and array, as if they were one file."""
    digest = hashlib.sha256(header)
    digest.update(array.data)
    return digest.hexdigest()


def _times(shape: tuple[int, ...]) -> str:
    """A shape for a message: ``60,000 x 28 x 28 = 47,040,000``."""
    factors = " x ".join(f"{size:,}" for size in shape)
    return factors if len(shape) == 1 else f"{factors} = {math.prod(shape):,}"

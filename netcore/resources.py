"""Where the bundled files and the user's files are.

The same code serves a wheel (the files travel in ``mnist_tui_assets``), an editable install and a plain checkout (they
lie beside the packages). Bundled files are read-only; what a user makes goes below one home folder.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal

from netcore.errors import FileTaken, StorageError

__all__ = ["bundled", "environment_for_python", "expanded", "home", "replacing", "storing", "user_folder"]


def bundled(kind: Literal["data", "models"]) -> Path:
    """Folder of the files that come with the program."""
    beside = Path(__file__).resolve().parents[1]
    assets = beside / "mnist_tui_assets"
    return (assets if assets.is_dir() else beside) / kind


def expanded(text: str) -> Path:
    """A path that a person wrote, with their home folder for ``~``; as it is where nobody has such a folder."""
    return Path(os.path.expanduser(text))  # noqa: PTH111  # pathlib's raises where there is no such person


def home() -> Path:
    """Folder of the user's own files: ``MNIST_TUI_HOME``, else the platform's data folder. It may not exist yet.

    Raises:
        StorageError: It is there and cannot be read.
    """
    named = os.environ.get("MNIST_TUI_HOME")
    if named:
        folder = expanded(named)
    else:
        from platformdirs import user_data_path  # noqa: PLC0415  # 10 ms that a script which names its home need not pay

        folder = user_data_path("mnist-tui", appauthor=False)
    try:
        os.scandir(folder).close()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise StorageError(
            f"{folder}: cannot be read: {error.strerror}; set MNIST_TUI_HOME to a folder of your own"
        ) from error
    return folder


def user_folder(kind: Literal["models", "datasets", "runs"]) -> Path:
    """Folder of one kind of the user's own files. It may not exist yet."""
    return home() / kind


def environment_for_python() -> dict[str, str]:
    """Environment in which another Python finds the same modules as this one, from whatever folder it is started."""
    # All of the path, in its order: a folder of packages put before the standard library could hide some of it.
    return os.environ | {"PYTHONPATH": os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)}


@contextlib.contextmanager
def storing(path: Path) -> Iterator[None]:
    """Turn an operating system's error while ``path`` is written into a StorageError that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            advice = "the disk is full; free some space or set MNIST_TUI_HOME to a folder on another disk"
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            advice = "it cannot be written; make it writable, or set MNIST_TUI_HOME to a folder that is"
        else:
            advice = error.strerror or str(error)
        raise StorageError(f"{path}: {advice}") from error


@contextlib.contextmanager
def replacing(path: Path, before: Path | None = None, *, new: bool = False) -> Iterator[BinaryIO]:
    """Open a temporary file that takes the place of ``path`` when the block ends well, and vanishes when it does not.

    The data are synced before the rename, so that after a crash ``path`` is either the old file or the whole new one.

    Args:
        path: The file.
        before: Where to keep the file that was there. After a crash ``path`` may be missing, and this is there.
        new: Whether ``path`` must not be there yet, even if another process makes it in this moment.

    Raises:
        FileTaken: It is there.
        StorageError: The disk is full or the folder cannot be written; ``path`` is as it was.
    """
    # The process number keeps two programs from writing the same temporary file.
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with storing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            if before is not None and path.is_file():
                path.replace(before)
            if new:
                _link(temporary, path)
            else:
                temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def _link(temporary: Path, path: Path) -> None:
    """Give a file its name, unless there is another of that name."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError as error:
        raise FileTaken(f"{path}: there is such a file already; choose another name") from error
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS):
            raise
        # A file system without links, such as FAT: another process could come in between, for some microseconds.
        if path.exists():
            raise FileTaken(f"{path}: there is such a file already; choose another name") from error
        temporary.replace(path)

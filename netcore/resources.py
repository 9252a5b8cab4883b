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

from netcore.errors import StorageError

__all__ = ["bundled", "environment_for_python", "home", "replacing", "storing", "user_folder"]


def bundled(kind: Literal["data", "models"]) -> Path:
    """Folder of the files that come with the program."""
    beside = Path(__file__).resolve().parents[1]
    assets = beside / "mnist_tui_assets"
    return (assets if assets.is_dir() else beside) / kind


def home() -> Path:
    """Folder of the user's own files: ``MNIST_TUI_HOME``, else the platform's data folder. It may not exist yet."""
    named = os.environ.get("MNIST_TUI_HOME")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path  # noqa: PLC0415  # 10 ms that a script which names its home need not pay

    return user_data_path("mnist-tui", appauthor=False)


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
            advice = "it cannot be written; set MNIST_TUI_HOME to a folder that you can write"
        else:
            advice = error.strerror or str(error)
        raise StorageError(f"{path}: {advice}") from error


@contextlib.contextmanager
def replacing(path: Path, before: Path | None = None) -> Iterator[BinaryIO]:
    """Open a temporary file that takes the place of ``path`` when the block ends well, and vanishes when it does not.

    The data are synced before the rename, so that after a crash ``path`` is either the old file or the whole new one.

    Args:
        path: The file.
        before: Where to keep the file that was there. After a crash ``path`` may be missing, and this is there.

    Raises:
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
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)

"""Where files are, and how one takes the place of another."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import netcore
from netcore.errors import FileTaken, StorageError
from netcore.resources import environment_for_python, home, replacing, storing, user_folder


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("installed", [False, True])
@pytest.mark.parametrize("kind", ["data", "models"])
def test_bundled_files_lie_beside_the_packages_or_in_the_assets_of_a_wheel(tmp_path: Path, kind: str, installed: bool):
    (tmp_path / "netcore").mkdir()
    for name in ("__init__.py", "errors.py", "resources.py"):
        shutil.copy(Path(netcore.__file__).with_name(name), tmp_path / "netcore")
    expected = tmp_path / kind
    if installed:
        expected = tmp_path / "mnist_tui_assets" / kind
        expected.mkdir(parents=True)
    show = f"from netcore.resources import bundled; print(bundled({kind!r}))"
    shown = subprocess.run([sys.executable, "-c", show], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert shown.stdout == f"{expected}\n"


@pytest.mark.parametrize("named", [None, ""])
def test_without_a_home_of_ones_own_it_is_the_folder_of_the_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str | None
):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.delenv("MNIST_TUI_HOME", raising=False)
    if named is not None:
        monkeypatch.setenv("MNIST_TUI_HOME", named)
    assert home().name == "mnist-tui"
    assert tmp_path in home().parents


def test_a_home_may_begin_with_that_of_the_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("MNIST_TUI_HOME", "~/mine")
    assert user_folder("runs") == tmp_path / "mine" / "runs"


def test_a_home_that_is_no_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("MNIST_TUI_HOME", str(tmp_path / "file"))
    with pytest.raises(StorageError, match=rf"^{tmp_path}/file: cannot be read: Not a directory; set MNIST_TUI_HOME"):
        home()


def test_another_python_is_given_every_folder_of_modules_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KEPT", "1")
    monkeypatch.setattr(sys, "path", ["first", "/second", ""])
    environment = environment_for_python()
    assert environment["PYTHONPATH"].split(os.pathsep) == [f"{tmp_path}/first", "/second", str(tmp_path)]
    assert environment["KEPT"] == "1"


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "the disk is full"),
        (errno.EACCES, "make it writable"),
        (errno.EPERM, "make it writable"),
        (errno.EROFS, "make it writable"),
    ],
)
def test_an_error_of_the_operating_system_names_the_file_and_what_to_do(number: int, advice: str):
    with pytest.raises(StorageError, match=f"^/some/file: .*{advice}"), storing(Path("/some/file")):
        raise OSError(number, os.strerror(number))


@pytest.mark.parametrize(("error", "words"), [(OSError(errno.EIO, "broken"), "broken"), (OSError("odd"), "odd")])
def test_any_other_error_is_told_in_its_own_words(error: OSError, words: str):
    with pytest.raises(StorageError, match=rf"^/some/file: {words}$"), storing(Path("/some/file")):
        raise error


def test_a_file_is_hidden_until_it_is_whole_and_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path, synced = tmp_path / "deep" / "er" / "file", []

    def sync(descriptor: int) -> None:
        synced.append((os.fstat(descriptor).st_size, path.exists()))

    monkeypatch.setattr(os, "fsync", sync)
    with replacing(path) as file:
        file.write(b"new")
        assert names_in(path.parent) == [f".file.{os.getpid()}.tmp"]  # another process has a number of its own
    assert synced == [(3, False)]
    assert names_in(path.parent) == ["file"]
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("new", [False, True])
def test_what_ends_badly_leaves_everything_as_it_was(tmp_path: Path, new: bool):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), replacing(path, tmp_path / "before", new=new) as file:
        file.write(b"half")
        raise ZeroDivisionError
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["file"]


def test_the_file_before_is_kept_where_there_was_one(tmp_path: Path):
    path, before = tmp_path / "file", tmp_path / "before"
    for content, kept in ((b"1", None), (b"2", b"1"), (b"3", b"2")):
        with replacing(path, before) as file:
            file.write(content)
        assert path.read_bytes() == content
        assert (before.read_bytes() if before.exists() else None) == kept


@pytest.fixture(params=[None, errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS])
def links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system with links, and those without, in each of their words."""

    def refused(*_: object) -> None:
        raise OSError(request.param, os.strerror(request.param))

    if request.param is not None:
        monkeypatch.setattr(Path, "hardlink_to", refused)


@pytest.mark.usefixtures("links")
def test_a_new_file_takes_a_free_name_only(tmp_path: Path):
    path = tmp_path / "file"
    with replacing(path, new=True) as file:
        file.write(b"first")
    with pytest.raises(FileTaken, match=f"^{path}: there is such a file"), replacing(path, new=True) as file:
        file.write(b"second")
    assert path.read_bytes() == b"first"
    assert names_in(tmp_path) == ["file"]


def test_a_link_that_fails_for_another_reason_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "hardlink_to", full)
    with pytest.raises(StorageError, match="the disk is full"), replacing(tmp_path / "file", new=True) as file:
        file.write(b"new")
    assert names_in(tmp_path) == []

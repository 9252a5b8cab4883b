"""What the wheel carries: both packages, the data and the models, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASSETS = "mnist_tui_assets/"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        yield opened


def files_below(folder: str) -> set[str]:
    """What a clean checkout holds below a folder."""
    found = (path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(ROOT).as_posix() for path in found}


@pytest.mark.parametrize("package", ["netcore", "tui"])
def test_a_package_is_there_whole(wheel: zipfile.ZipFile, package: str):
    packed = {name for name in wheel.namelist() if name.startswith(f"{package}/")}
    assert packed == files_below(package)
    assert f"{package}/py.typed" in packed


@pytest.mark.parametrize("folder", ["data", "models"])
def test_the_assets_are_there_byte_for_byte(wheel: zipfile.ZipFile, folder: str):
    packed = {name.removeprefix(ASSETS) for name in wheel.namelist() if name.startswith(f"{ASSETS}{folder}/")}
    assert packed == files_below(folder)
    for name in packed:
        assert wheel.read(ASSETS + name) == (ROOT / name).read_bytes(), name


def test_both_datasets_and_all_six_models_are_among_them(wheel: zipfile.ZipFile):
    names = wheel.namelist()
    for dataset in ("mnist", "fashion-mnist"):
        assert sum(name.startswith(f"{ASSETS}data/{dataset}/") and name.endswith(".gz") for name in names) == 4
    models = {Path(name).stem for name in names if name.startswith(f"{ASSETS}models/") and name.endswith(".npz")}
    assert models >= {"mnist", "mnist1", "mnist2", "fashion", "fashion1", "fashion2"}


def test_nothing_else_is_there(wheel: zipfile.ZipFile):
    tops = {name.split("/")[0] for name in wheel.namelist()}
    (metadata,) = (top for top in tops if top.endswith(".dist-info"))
    assert tops == {"netcore", "tui", "mnist_tui_assets", metadata}
    assert wheel.read(f"{metadata}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
    assert b"mnist-tui = tui.cli.main:main" in wheel.read(f"{metadata}/entry_points.txt")

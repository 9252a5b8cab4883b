"""import: the new dataset is there, in the words of `datasets`; what is refused leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from netcore.datasets.library import load_part
from tests.tui.cli.conftest import CLASSES, Runs, banded


def bring(folder: Path) -> tuple[Path, dict[str, np.ndarray]]:
    arrays: dict[str, np.ndarray] = {}
    for part, seed in (("train", 5), ("test", 6)):
        arrays[f"x_{part}"], arrays[f"y_{part}"] = banded(40, seed)
    np.savez(folder / "mine ü.npz", **arrays)
    return folder / "mine ü.npz", arrays


def test_what_comes_out_is_what_went_in(mnist_tui: Runs, home: Path):
    path, arrays = bring(home)
    said = mnist_tui("import", "mine", path, "--classes", "top, upper,lower,bottom", "--json")
    assert (said.code, said.err) == (0, "")
    assert said.json["classes"] == list(CLASSES)
    assert said.json in mnist_tui("datasets", "--json").json
    for part in ("train", "test"):
        loaded = load_part("mine", part)
        assert np.array_equal(loaded.images, arrays[f"x_{part}"])
        assert np.array_equal(loaded.labels, arrays[f"y_{part}"])


def test_people_see_the_line_of_the_list(mnist_tui: Runs, home: Path):
    path, _ = bring(home)
    assert mnist_tui("import", "mine", path).out.splitlines()[1].split()[:5] == ["mine", "40", "40", "10", "good"]


def test_what_is_refused_leaves_nothing(mnist_tui: Runs, home: Path):
    path, _ = bring(home)
    said = mnist_tui("import", "mine", path, "--classes", "one,two")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("mnist-tui: labels: found 0 to 3; expected 0 to 1")
    assert not (home / "datasets" / "mine").exists()

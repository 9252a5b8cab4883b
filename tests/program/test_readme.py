"""What the README and the models' own page say is what the models' cards say."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def models() -> dict[str, dict[str, Any]]:
    printed = subprocess.run(
        [sys.executable, "-m", "tui", "models", "--json"], capture_output=True, check=True, cwd=ROOT
    )
    return {model["name"]: model for model in json.loads(printed.stdout) if model["bundled"]}


def test_the_table_of_models_is_what_the_command_prints(models: dict[str, dict[str, Any]]) -> None:
    section = (ROOT / "README.md").read_text().split("## Models")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    assert rows[2:] == [
        [
            model["name"],
            model["dataset"],
            f"committee of {model['members']}: " * (model["members"] > 1) + model["architecture"],
            f"{100 * model['test_accuracy']:.2f} %",
            str(model["epochs"] or "–"),
            f"{model['parameters']:,}",
        ]
        for model in models.values()
    ]


def test_each_model_has_its_command_and_what_it_printed(models: dict[str, dict[str, Any]]) -> None:
    page = (ROOT / "models" / "README.md").read_text()
    sections = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE))
    assert set(sections) == set(models)
    for name, model in models.items():
        accuracy = f"test accuracy {100 * model['test_accuracy']:.2f} %"
        named = re.search(rf"--name {name}(-0)? ", sections[name])  # the latter where it is kept in 16 bits then
        assert named or model["members"] > 1, name
        trained = (
            f"--dataset {model['dataset']} ",
            f'--layers "{model["architecture"]}"',
            f"--epochs {model['epochs']} ",
            accuracy,
        )
        combined = (f"mnist-tui combine --half {name} ", f"accuracy  {100 * model['test_accuracy']:.2f} %")
        for expected in trained if model["members"] == 1 else combined:
            assert expected in sections[name], f"{name}: {expected}"

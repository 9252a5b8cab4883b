"""What loads when: start-up stays quick because heavy libraries wait until they are needed.

import-linter checks which file may import which; it cannot see when. So each case here starts a fresh Python and asks
it which modules it has loaded.
"""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path

import netcore
from tests.terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]

# Modules on the way to the app's first screen.
WITHOUT_NUMPY = (
    "netcore.errors",
    "netcore.resources",
    "netcore.nn.architecture",
    "netcore.models.card",
    "netcore.models.library",
    "netcore.datasets.info",
    "netcore.runs.alone",
    "netcore.runs.attached",
    "netcore.runs.follower",
    "netcore.runs.history",
    "netcore.runs.requests",
    "netcore.training.config",
    "netcore.training.controls",
    "netcore.training.events",
)

# The program as `mnist-tui` starts it; at the end it writes down which packages it has loaded.
APP_THAT_LISTS_ITS_MODULES = """
import atexit, pathlib, sys
atexit.register(lambda path: path.write_text(" ".join(sys.modules)), pathlib.Path(sys.argv.pop()))
from tui.cli.main import main
sys.exit(main([]))
"""


def packages(modules: str) -> set[str]:
    return {module.split(".")[0] for module in modules.split()}


def loaded_by(*modules: str) -> set[str]:
    """Top-level packages that a fresh Python has loaded after importing these modules."""
    script = f"import sys, {', '.join(modules)}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
    return packages(done.stdout)


def test_the_command_line_starts_without_textual_and_numpy():
    loaded = loaded_by("tui.cli.main")
    assert "tui" in loaded
    assert not loaded & {"textual", "rich", "numpy", "scipy", "pandas", "plotext", "PIL"}


def test_what_the_first_screen_needs_of_the_engine_comes_without_numpy():
    assert not loaded_by(*WITHOUT_NUMPY) & {"numpy", "scipy", "pandas", "PIL"}


def test_the_whole_engine_loads_no_terminal_and_no_importing_library():
    modules = [found.name for found in pkgutil.walk_packages(netcore.__path__, "netcore.")]
    assert "netcore.training.loop" in modules
    loaded = loaded_by(*modules)
    assert "numpy" in loaded
    assert not loaded & {"tui", "textual", "rich", "plotext", "scipy", "pandas"}


def test_the_app_opens_without_scipy_and_pandas(tmp_path: Path):
    listing = tmp_path / "modules"
    start = [sys.executable, "-c", APP_THAT_LISTS_ITS_MODULES, listing]
    with Terminal(start, cwd=ROOT) as terminal:
        terminal.wait_for("mnist2", "fashion2")
        terminal.press("q")
        assert terminal.wait_exit() == 0
    loaded = packages(listing.read_text())
    assert "textual" in loaded
    assert not loaded & {"scipy", "pandas"}

"""``python -m tui`` is ``mnist-tui``."""

from __future__ import annotations

import sys

from tui.cli.main import main

__all__: list[str] = []

if __name__ == "__main__":
    sys.exit(main())

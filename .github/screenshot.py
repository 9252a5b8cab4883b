"""Makes the README's picture: the app in the middle of a real training run. Run it from the checkout."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path

from netcore.training.config import TrainingConfig
from tui.app import MnistTuiApp


async def picture() -> str:
    """The Train screen at 100 x 32 after 14 epochs, the learning rate doubled after the eighth, as SVG."""
    app = MnistTuiApp("truecolor")
    async with app.run_test(size=(100, 32)) as pilot:
        app.session.draft = TrainingConfig(epochs=20, augment="warp", workers=1)
        await pilot.press("2", "enter")
        for epochs, key in ((8, "right_square_bracket"), (14, "")):
            while len(app.session.history.epochs) < epochs:
                await pilot.pause(0.05)
            if key:
                await pilot.press(key)
        await pilot.pause(1)
        svg = app.export_screenshot(title="mnist-tui")
        if app.session.worker is not None:
            app.session.worker.controls.stop(keep=False)
            app.session.worker.join()
    return svg


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ["MNIST_TUI_HOME"] = home
        Path(__file__).with_name("screenshot.svg").write_text(asyncio.run(picture()))

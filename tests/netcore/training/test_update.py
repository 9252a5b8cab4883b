"""What each share moves: all parameters together, each once, by the gradients of those who have found it."""

from __future__ import annotations

import numpy as np
import pytest

from netcore.nn.architecture import Architecture
from netcore.training.common import Step, layout, part_of, pixels_of
from netcore.training.config import TrainingConfig
from netcore.training.update import Update

PIXELS = 11
STEP = Step(start=0, stop=4, key=1, number=1, rate=1.0, shrink=0.5, follow=0.25)


@pytest.mark.parametrize("shares", [1, 2, 3, 12])
@pytest.mark.parametrize("layers", ["softmax(2)", "relu(3), softmax(2)", "relu(3), tanh(4), softmax(2)"])
def test_every_parameter_moves_once(layers: str, shares: int) -> None:
    config = TrainingConfig(layers=layers, optimizer="sgd", batch_size=4, average=0.9)
    architecture = Architecture.parse(layers, PIXELS)
    arrays = {name: np.zeros(shape, kind) for name, (kind, shape) in layout(config, architecture, 20, shares).items()}
    rng = np.random.default_rng(1)
    before = arrays["parameters"][...] = rng.normal(size=architecture.parameters).astype(np.float32)
    arrays["average"][...] = before
    first = PIXELS * architecture.sizes[1]
    # Each share has found the whole gradient for its own pixels, and some of it for all else.
    gradient = np.zeros(architecture.parameters)
    for number in range(shares):
        own = pixels_of(architecture, 4, number, shares)
        found = rng.normal(size=architecture.parameters).astype(np.float32)
        found[: own.start * architecture.sizes[1]] = np.nan
        found[own.stop * architecture.sizes[1] : first] = np.nan
        arrays["gradients"][number] = found
        gradient += np.nan_to_num(found)

    before = before.copy()
    for number in range(shares):
        Update(config, architecture, arrays, number).do(STEP)

    weights = np.concatenate(
        [np.repeat([0.5, 1.0], [i * o, o]) for i, o in zip(architecture.sizes, architecture.sizes[1:], strict=False)]
    )
    expected = before * weights - gradient
    np.testing.assert_allclose(arrays["parameters"], expected, atol=1e-5)
    np.testing.assert_allclose(arrays["average"], before + 0.25 * (expected - before), atol=1e-5)


@pytest.mark.parametrize("shares", [1, 2, 3, 12])
@pytest.mark.parametrize("images", [1, 128])
@pytest.mark.parametrize(
    "layers", ["softmax(2)", "relu(128), relu(64), softmax(10)", "relu(1536), relu(768), softmax(10)"]
)
def test_every_pixel_is_one_shares(layers: str, images: int, shares: int) -> None:
    architecture = Architecture.parse(layers, 784)
    parts = [pixels_of(architecture, images, number, shares) for number in range(shares)]
    assert [pixel for part in parts for pixel in range(784)[part]] == list(range(784))


def test_who_leads_gets_fewer_pixels_and_so_does_who_moves_many_parameters_behind() -> None:
    def first_of_two(layers: str) -> int:
        return pixels_of(Architecture.parse(layers, 784), 128, 0, 2).stop

    assert 300 < first_of_two("relu(128), relu(64), softmax(10)") < 392
    assert 392 < first_of_two("relu(1536), relu(1536), softmax(10)") < 500
    # However little the pixels cost, each takes a part of them.
    assert first_of_two("relu(2), softmax(2)") == 784 // 4


@pytest.mark.parametrize(("count", "shares"), [(10, 1), (10, 3), (2, 5), (0, 2)])
def test_parts_are_of_about_one_size_and_cover_all(count: int, shares: int) -> None:
    parts = [part_of(count, number, shares) for number in range(shares)]
    assert [place for part in parts for place in range(count)[part]] == list(range(count))
    sizes = [part.stop - part.start for part in parts]
    assert max(sizes) - min(sizes) <= 1

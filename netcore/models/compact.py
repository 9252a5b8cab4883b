"""Parameters rounded to 16 bits: a file half as large, as long as the network stays as good as it was."""

from __future__ import annotations

import numpy as np

from netcore.errors import ModelError
from netcore.models.committee import Committee
from netcore.models.evaluation import Evaluation
from netcore.nn.network import Network

__all__ = ["MOST_CHANGE", "check_as_good", "rounded"]

MOST_CHANGE = 0.0002
"""By which the accuracy on the test images may change: 0.02 points, two images of 10,000."""


def rounded(network: Network | Committee) -> Network | Committee:
    """The same with parameters that a float16 holds, in float32 as ever.

    Raises:
        ModelError: A parameter is too large for a float16.
    """
    if isinstance(network, Committee):
        return Committee(tuple(_rounded(member) for member in network.members))
    return _rounded(network)


def check_as_good(before: Evaluation, after: Evaluation) -> None:
    """Check that rounding has changed no more than it may.

    Raises:
        ModelError: It has.
    """
    # In whole images, with a little for the product: two of 10,000 are allowed.
    if abs(after.correct - before.correct) > MOST_CHANGE * before.images + 1e-6:
        raise ModelError(
            f"in 16 bits its accuracy is {100 * after.accuracy:.2f} % and not {100 * before.accuracy:.2f} %; "
            "keep it in 32 bits"
        )


def _rounded(network: Network) -> Network:
    with np.errstate(over="ignore"):  # found in the next line
        parameters = network.parameters.astype(np.float16).astype(np.float32)
    if not np.isfinite(parameters).all():
        raise ModelError(
            f"a parameter of {np.abs(network.parameters).max():g} is too large for 16 bits; keep it in 32 bits"
        )
    return Network(network.architecture, parameters)

"""From a picture of something on paper to ink alone: bright on black, without shading and without grain."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netcore.datasets.idx import Bytes
from netcore.errors import PictureError

__all__ = ["ink_of"]

_FAINTEST = 8
"""A difference from the paper that is smaller than this, of 255, shows nothing."""

_GRAIN = 7.3
"""Grain above this many medians (4.9 standard deviations, if it is normal) is met once in two million pixels."""

_UNEVEN = 0.2
"""Share of the ink's strength below which nothing counts on a photograph: uneven light, and the ripples of JPEG."""


def ink_of(grey: NDArray[np.float32], *, lossy: bool = False) -> Bytes:
    """Tell ink from paper.

    The corners are taken for paper: their brightness, and what lies between, is taken off. Ink is what differs most
    from it, whether darker or brighter. What differs hardly more than the corners themselves is grain, and becomes 0.

    Args:
        grey: (h, w), 0 to 255, of either polarity.
        lossy: Whether it was packed with loss, as photographs are.

    Returns:
        Ink (h, w), bright on 0. It is the picture itself if that is bright on an even 0 already.

    Raises:
        PictureError: There is nothing but paper.
    """
    ink = grey - _paper(grey)
    if -ink.min() > ink.max():
        ink = -ink
    strongest = float(ink.max())
    grain = _GRAIN * float(np.median(np.abs(_corners(ink))))
    faintest = max(grain, _UNEVEN * strongest) if lossy or grain > 0 else 0
    if strongest < max(_FAINTEST, grain):
        raise PictureError("it shows nothing that stands out from its background")
    return np.rint(np.where(ink > faintest, ink, 0)).clip(0, 255).astype(np.uint8)


def _paper(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Brightness of the paper, (h, w), between its four corners: light may come from one side.

    Corners and not whole edges, since clothes often reach the edge and hardly ever a corner.
    """
    corners = _corners(grey)
    usual = np.median(corners)
    if usual in (0, 255):  # drawn by a program: no light fell on it, and a corner that differs holds ink
        return np.full_like(grey, usual)
    top_left, top_right, bottom_left, bottom_right = np.median(corners, axis=(1, 2))
    down = np.linspace(0, 1, grey.shape[0])[:, None]
    across = np.linspace(0, 1, grey.shape[1])
    left, right = top_left * (1 - down) + bottom_left * down, top_right * (1 - down) + bottom_right * down
    return np.asarray(left * (1 - across) + right * across, np.float32)


def _corners(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """The four corners, (4, y, x), each a twentieth of the picture high and wide."""
    y, x = max(1, picture.shape[0] // 20), max(1, picture.shape[1] // 20)
    return np.stack([picture[:y, :x], picture[:y, -x:], picture[-y:, :x], picture[-y:, -x:]])

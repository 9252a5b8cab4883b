"""Normalized images: put upright, or as wide as all others, before a network sees them.

What the same class has in common then lies in the same pixels. Beside that, networks that see the same image in
different ways err in different places, which is what a committee lives on. Only pixels of the same row are exchanged.

Sources: LeCun et al., Gradient-Based Learning Applied to Document Recognition (1998), for deslanting by moments;
Meier, Ciresan, Gambardella, Schmidhuber, Better Digit Recognition with a Committee of Simple Neural Nets (2011), for
widths.
"""

from __future__ import annotations

from math import isqrt
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from netcore.nn.architecture import Architecture

__all__ = ["normalized"]

_INK = 40
"""Brightness, of 255, above which a pixel counts for how wide something is: the grey rim of a stroke does not."""

_AT_ONCE = 128
"""Images worked on at a time. Larger work arrays come from the system anew each time, which was ten times as slow."""

_STEEPEST = 1.0
"""Columns a row by which rows are moved at the most: what slants more lies on its side."""


def normalized(images: NDArray[Any], architecture: Architecture) -> NDArray[Any]:
    """The images as a network of this architecture is to see them; they themselves where it sees them as they are.

    Args:
        images: (n, ...) uint8, or floats in [0, 1].
        architecture: Says what is done to them.

    Returns:
        As many, of the same shape and type.
    """
    if not architecture.normalizes:
        return images
    seen = np.empty(images.shape, images.dtype)
    for start in range(0, len(images), _AT_ONCE):
        seen[start : start + _AT_ONCE] = _normalized(images[start : start + _AT_ONCE], architecture)
    return seen


def _normalized(images: NDArray[Any], architecture: Architecture) -> NDArray[Any]:
    side, whole = isqrt(architecture.inputs), images.dtype == np.uint8
    squares = images.reshape(-1, side, side).astype(np.float32)
    if not whole:
        squares *= 255
    if architecture.deslant:
        squares = _upright(squares)
    if architecture.width is not None:
        squares = _as_wide(squares, architecture.width)
    return (np.rint(squares) if whole else squares / 255).reshape(images.shape)


def _upright(images: NDArray[np.float32]) -> NDArray[np.float32]:
    """Shear each image (n, side, side) around its centre of mass, until columns do not depend on rows."""
    n, side, _ = images.shape
    # In float64 these sums of whole numbers are exact: an image comes out the same, whatever it is together with.
    places = np.arange(side, dtype=np.float64)
    moments = (images.reshape(-1, side) @ np.stack([np.ones(side), places, places**2], axis=1)).reshape(n, side, 3)
    rows, columns = moments[:, :, 0], moments[:, :, 1]
    mass = np.maximum(rows.sum(axis=1), 1e-9)
    row, column = rows @ places / mass, columns.sum(axis=1) / mass
    variance = rows @ places**2 / mass - row**2
    covariance = columns @ places / mass - row * column
    slope = np.clip(covariance / np.maximum(variance, 1e-9), -_STEEPEST, _STEEPEST)
    moved = (slope[:, None] * (places - row[:, None])).reshape(-1, 1)
    # Each row is read from where it begins now, between two neighbours, with as much nothing beside it.
    beside = np.zeros((n * side, 3 * side + 1), np.float32)
    beside[:, side : 2 * side] = images.reshape(-1, side)
    whole = np.floor(moved)
    begin = np.clip(side + whole[:, 0].astype(np.intp), 0, 2 * side)
    seen = sliding_window_view(beside, side + 1, axis=1)[np.arange(len(beside)), begin]
    between: NDArray[np.float32] = seen[:, :-1] + (moved - whole).astype(np.float32) * np.diff(seen, axis=1)
    return between.reshape(images.shape)


def _as_wide(images: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    """Stretch each image (n, side, side) across, until its ink fills so many columns in the middle."""
    side = images.shape[2]
    ink = images.max(axis=1) > _INK
    begin, end = ink.argmax(axis=1), side - ink[:, ::-1].argmax(axis=1)
    stretch = np.where(ink.any(axis=1), (end - begin) / width, 1).astype(np.float32)[:, None]
    middle = ((begin + end) / 2).astype(np.float32)[:, None]
    # Where each new column begins and ends among the old ones, and so how much of each old one lies in it.
    edges = middle + stretch * (np.arange(side + 1, dtype=np.float32) - side / 2)
    old = np.arange(side, dtype=np.float32)[:, None]
    shares = np.diff(np.clip(edges[:, None], old, old + 1), axis=2) / stretch[:, None]
    stretched: NDArray[np.float32] = images @ shares
    return stretched

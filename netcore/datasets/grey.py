"""An image file of any common kind as grey values."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from netcore.datasets.idx import Bytes
from netcore.errors import PictureError

__all__ = ["read_grey"]

_LOSSY = ("AVIF", "JPEG", "JPEG2000", "MPO", "WEBP")

_ENOUGH = 560
"""Longer side, in pixels, to which a picture is reduced: what follows is fast then, and grain is averaged away."""


def read_grey(path: Path) -> tuple[NDArray[np.float32], bool]:
    """Read an image file as it is meant to be seen: turned by its EXIF mark, without transparency, its first frame.

    Returns:
        Grey values (h, w) from 0 to 255, not larger than need be, and whether the file was packed with loss.

    Raises:
        PictureError: It is too large, or holds values that are not numbers.
        OSError, ValueError, EOFError, SyntaxError, struct.error: Pillow cannot read it.
    """
    # Pillow takes 50 ms to import, and only those who bring a picture need it.
    from PIL import Image, ImageOps  # noqa: PLC0415  # loaded only when used

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of an odd EXIF mark, say: the picture is there
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            # Some kinds tell their size only as they are unpacked, which turning them does.
            with Image.open(path) as image:
                lossy, turned = image.format in _LOSSY, ImageOps.exif_transpose(image)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise PictureError(f"it is too large: above {Image.MAX_IMAGE_PIXELS:,} pixels") from error
    if turned.mode.startswith(("I", "F")):
        grey = Image.fromarray(_shallow(np.asarray(turned, np.float32)))
    elif turned.has_transparency_data:
        grey = Image.fromarray(_laid(np.asarray(turned.convert("RGBA").convert("LA"), np.float32)))
    else:
        grey = turned.convert("L")
    return np.asarray(grey.reduce(-(-max(grey.size) // _ENOUGH)), np.float32), lossy


def _shallow(deep: NDArray[np.float32]) -> Bytes:
    """Grey values of 16 or 32 bits as 0 to 255; the largest becomes 255."""
    if not np.isfinite(deep).all():
        raise PictureError("it holds values that are not numbers")
    return np.rint(deep.clip(0) * (255 / max(1e-9, float(deep.max())))).astype(np.uint8)


def _laid(layers: NDArray[np.float32]) -> Bytes:
    """Lay grey with transparency (h, w, 2) over black if what shows is bright on the whole, otherwise over white."""
    grey, opacity = layers[..., 0], layers[..., 1] / 255
    ground = 0 if (grey * opacity).sum() > 127.5 * opacity.sum() else 255
    return np.rint(grey * opacity + ground * (1 - opacity)).astype(np.uint8)

"""A picture of one's own, made to look like a dataset's images. A network recognises only what looks like its training.

Source of the recipe for digits: http://yann.lecun.com/exdb/mnist/: "size normalized to fit in a 20x20 pixel box while
preserving their aspect ratio [...] centered in a 28x28 image by computing the center of mass of the pixels". Measured
on the 60,000 training images: in all but 13 the longer side has exactly 20 pixels, in all but 2 the centre of mass
rounds to pixel (14, 14), and the brightest pixel is 254 or 255. `prepare` leaves such an image as it is.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from netcore.archives import UNREADABLE
from netcore.datasets.grey import read_grey
from netcore.datasets.idx import Bytes
from netcore.datasets.info import Framing
from netcore.datasets.ink import ink_of
from netcore.errors import PictureError

__all__ = ["prepare", "read_picture"]

_SIDE = 28
_LONGER = {"digit": 20, "filled": _SIDE}


def read_picture(path: Path | str, framing: Framing = "digit") -> Bytes:
    """Read a picture and prepare it as the images of a dataset were prepared.

    Any common image format and size will do; dark on light or light on dark, turned by its EXIF mark, with transparency
    (laid over white or black, whichever the picture stands out from). An array in ``.npy``, 28 x 28 or 784 long, is
    taken as it is: whole numbers from 0 to 255, or floats from 0 to 1 or from 0 to 255.

    Args:
        path: The file.
        framing: How the dataset's images sit in their frame; see `DatasetInfo.framing`.

    Returns:
        (28, 28), bright on 0.

    Raises:
        PictureError: The file is missing, is not a picture, is too large, or shows nothing. The message names it.
    """
    path = Path(path)
    try:
        if path.suffix.lower() == ".npy":
            return _array(np.load(path, allow_pickle=False))
        grey, lossy = read_grey(path)
        return prepare(ink_of(grey, lossy=lossy), framing)
    except PictureError as error:
        raise PictureError(f"{path}: {error}") from error
    except FileNotFoundError as error:
        raise PictureError(f"{path}: there is no such file") from error
    except IsADirectoryError as error:
        raise PictureError(f"{path}: it is a folder; name a picture in it") from error
    except UNREADABLE as error:
        raise PictureError(f"{path}: it is not a picture that can be read ({' '.join(str(error).split())})") from error


def prepare(ink: Bytes, framing: Framing = "digit") -> Bytes:
    """Scale and centre ink as MNIST or Fashion-MNIST did. A drawing in the app comes straight here.

    Reduced by the mean over areas, as ink covers a pixel partly; enlarged bicubically. Then the brightest pixel is made
    255 if it is below 254, since a thin line fades when it is reduced.

    Args:
        ink: (h, w) of any size, bright on 0.
        framing: "digit": longer side to 20 pixels, centre of mass to the middle. "filled": longer side to 28 pixels,
            the middle of its box to the middle; 28 x 28 pixels are then taken to fill their frame already.

    Returns:
        (28, 28).

    Raises:
        PictureError: There is no ink.
    """
    if not ink.any():
        raise PictureError("it is empty: draw something first")
    if framing == "filled" and ink.shape == (_SIDE, _SIDE):
        return ink.copy()
    box = _scaled(_cropped(ink), _LONGER[framing])
    height, width = box.shape
    top, left = (_SIDE - height) // 2, (_SIDE - width) // 2
    if framing == "digit":
        top, left = (_centring(box.sum(axis=axis, dtype=np.int64)) for axis in (1, 0))
    picture = np.zeros((_SIDE, _SIDE), np.uint8)
    picture[top : top + height, left : left + width] = box
    return picture


def _cropped(ink: Bytes) -> Bytes:
    """The box around all ink."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _scaled(box: Bytes, longer: int) -> Bytes:
    """Scale a box so that its longer side has that many pixels, and see that its brightest is bright."""
    height, width = box.shape
    scale = longer / max(height, width)
    scaled = box.astype(np.float32)
    if scale != 1:
        from PIL import Image  # noqa: PLC0415  # 50 ms that only those who bring a picture pay

        how = Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
        size = max(1, round(width * scale)), max(1, round(height * scale))
        scaled = np.asarray(Image.fromarray(scaled).resize(size, how)).clip(0, 255)
    brightest = float(scaled.max())
    return np.rint(scaled if brightest >= 254 else scaled * (255 / brightest)).astype(np.uint8)


def _centring(profile: NDArray[np.int64]) -> int:
    """Where a box begins whose ink along one axis is ``profile``, if its centre of mass is to round to pixel 14."""
    mass = float(profile @ np.arange(len(profile))) / float(profile.sum())
    return int(np.clip(np.ceil(_SIDE / 2 - 0.5 - mass), 0, _SIDE - len(profile)))


def _array(values: np.ndarray | np.lib.npyio.NpzFile) -> Bytes:
    """An array of a program's own, of a type that can be read without doubt, as (28, 28)."""
    if not isinstance(values, np.ndarray):
        values.close()  # an archive, held open
        raise PictureError("it holds several arrays; one is expected")
    if values.size != _SIDE**2 or values.dtype.kind not in "uif":
        raise PictureError(f"it holds {values.dtype} of shape {values.shape}; numbers (28, 28) or (784,) are expected")
    grey = values.astype(np.float64).reshape(_SIDE, _SIDE)
    if not (grey.min() >= 0 and grey.max() <= 255):  # written so that NaN fails
        raise PictureError(f"it holds values from {grey.min():g} to {grey.max():g}; 0 to 255, or 0 to 1, are expected")
    if grey.max() == 0:
        raise PictureError("it is empty: all of it is 0")
    if values.dtype.kind == "f" and grey.max() <= 1:
        grey *= 255
    return np.rint(grey).astype(np.uint8)

"""A picture of one's own becomes what the dataset's makers would have made of it.

The reference is the dataset itself: its digits, enlarged, inverted and put on a page as a person would bring them, must
come back nearly as they were. A digit moved by one pixel differs by 16 of 255 in the mean, and by up to 25: that
happens to the few whose centre of mass lies between two pixels.
"""

import struct
import zlib

import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageDraw

from netcore.datasets.library import load_part
from netcore.datasets.picture import prepare, read_picture
from netcore.errors import PictureError

DIGITS = load_part("mnist", "test").images[:100]
CLOTHES = load_part("fashion-mnist", "test").images[:300]


def distance(one, other):
    return np.abs(one.astype(int) - other).mean()


def on_paper(digit, rng, size=(900, 700), paper=235, strength=0.75):
    """A digit in dark ink, ten times as large, anywhere on a light page."""
    page = np.zeros(size)
    top, left = rng.integers(20, size[0] - 300), rng.integers(20, size[1] - 300)
    page[top : top + 280, left : left + 280] = np.kron(digit, np.ones((10, 10)))
    return paper - strength * page


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize(("images", "framing"), [(DIGITS, "digit"), (CLOTHES, "filled")])
def test_an_image_of_the_dataset_is_left_as_it_is(tmp_path, images, framing, inverted):
    for image in images:
        Image.fromarray(255 - image if inverted else image).save(tmp_path / "a.png")
        assert np.array_equal(read_picture(tmp_path / "a.png", framing), image)


@pytest.mark.parametrize("kind", ["png", "jpg", "webp", "bmp", "gif", "tif"])
def test_a_digit_on_a_page_comes_back(tmp_path, kind):
    rng = np.random.default_rng(1)
    distances = []
    for digit in DIGITS[:40]:
        Image.fromarray(on_paper(digit, rng).astype(np.uint8)).save(tmp_path / f"a.{kind}")
        distances.append(distance(read_picture(tmp_path / f"a.{kind}"), digit))
    assert np.mean(distances) < 4
    assert max(distances) < 25


def test_a_photograph_with_grain_and_light_from_one_side_comes_back(tmp_path):
    rng = np.random.default_rng(2)
    light = 0.8 + 0.1 * np.add.outer(np.linspace(-1, 1, 900), np.linspace(-1, 1, 700))
    distances = []
    for digit in DIGITS[:40]:
        photograph = on_paper(digit, rng) * light + rng.normal(0, 8, light.shape)
        Image.fromarray(photograph.clip(0, 255).astype(np.uint8)).save(tmp_path / "a.jpg")
        distances.append(distance(read_picture(tmp_path / "a.jpg"), digit))
    assert np.mean(distances) < 6
    assert max(distances) < 25


def test_chalk_on_a_board_comes_back(tmp_path):
    rng = np.random.default_rng(3)
    for digit in DIGITS[:20]:
        board = 255 - on_paper(digit, rng, paper=200, strength=0.6)
        Image.fromarray(board.astype(np.uint8)).save(tmp_path / "a.png")
        assert distance(read_picture(tmp_path / "a.png"), digit) < 20


DRAWINGS = hnp.arrays(np.uint8, st.tuples(st.integers(1, 60), st.integers(1, 60)), elements=st.integers(0, 255))


@given(drawing=DRAWINGS.filter(np.any))
def test_a_prepared_drawing_has_the_form_of_mnist(drawing):
    """Longer side 20, brightest pixel 254 or 255, and SciPy's centre of mass in the middle."""
    picture = prepare(drawing)
    assert picture.shape == (28, 28)
    rows, columns = box(picture)
    assert max(rows.stop - rows.start, columns.stop - columns.start) <= 20
    assert picture.max() >= 254
    for centre, side in zip(scipy.ndimage.center_of_mass(picture.astype(float)), (rows, columns), strict=True):
        assert 13.5 <= centre < 14.5 or side.start == 0 or side.stop == 28


def box(picture):
    """The box around all ink, by SciPy."""
    return scipy.ndimage.find_objects((picture > 0).astype(int))[0]


def test_proportions_are_kept():
    drawing = np.zeros((100, 100), np.uint8)
    drawing[10:90, 40:60] = 255  # 80 high, 20 wide
    rows, columns = box(prepare(drawing))
    assert (rows.stop - rows.start, columns.stop - columns.start) == (20, 5)
    rows, columns = box(prepare(drawing, "filled"))
    assert (rows.stop - rows.start, columns.stop - columns.start) == (28, 7)
    assert columns.start in (10, 11), "the middle of its box is in the middle"


def test_a_thin_line_does_not_fade():
    drawing = np.zeros((400, 400), np.uint8)
    drawing[50:350, 200:203] = 120
    assert prepare(drawing).max() == 255


def test_a_digit_heavy_on_one_side_stays_within_its_frame():
    drawing = np.zeros((20, 20), np.uint8)
    drawing[:, 0], drawing[0] = 255, 1
    assert prepare(drawing)[:, 8:].any(axis=0).all()  # centred it would reach beyond the edge


def test_a_small_drawing_is_enlarged_without_steps():
    assert len(np.unique(prepare(np.array([[255, 0], [0, 255]], np.uint8)))) > 50


def test_what_is_enlarged_beyond_white_stays_white():
    drawing = np.full((10, 10), 120, np.uint8)
    drawing[:, :5] = 255
    picture = prepare(drawing, "filled")
    assert (picture[:, :13] == 255).all()
    assert (picture[:, 16:] < 140).all()


def test_what_is_prepared_is_a_picture_of_its_own():
    drawing = np.full((28, 28), 9, np.uint8)
    assert not np.shares_memory(prepare(drawing, "filled"), drawing)


@pytest.mark.parametrize("shade", [0, 255])
def test_transparency_is_laid_over_what_the_picture_stands_out_from(tmp_path, shade):
    digit = DIGITS[0]
    layers = np.full((28, 28, 4), shade, np.uint8)
    layers[..., 3] = digit
    Image.fromarray(layers, "RGBA").resize((280, 280), Image.Resampling.NEAREST).save(tmp_path / "a.png")
    assert distance(read_picture(tmp_path / "a.png"), digit) < 2


def test_a_photograph_is_turned_by_its_exif_mark(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side: to be turned by a quarter, clockwise
    upright = np.kron(255 - DIGITS[0], np.ones((10, 10), np.uint8))
    Image.fromarray(np.rot90(upright)).save(tmp_path / "a.jpg", exif=exif, quality=95)
    assert distance(read_picture(tmp_path / "a.jpg"), DIGITS[0]) < 8


@pytest.mark.parametrize("mode", ["1", "P", "RGB", "CMYK", "LA", "I;16", "F"])
def test_any_kind_of_pixel_is_read(tmp_path, mode):
    drawing = Image.new("L", (300, 200), 255)
    ImageDraw.Draw(drawing).line([(150, 40), (150, 160)], fill=0, width=16)
    if mode in ("I;16", "F"):
        white, kind = (65535, np.uint16) if mode == "I;16" else (1, np.float32)
        drawing = Image.fromarray((np.asarray(drawing) / 255 * white).astype(kind))
    else:
        drawing = drawing.convert(mode)
    drawing.save(tmp_path / "a.tif")
    rows, columns = box(read_picture(tmp_path / "a.tif"))
    assert (rows.stop - rows.start, columns.stop - columns.start) == (20, 3)


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a,
        lambda a: a.reshape(784),
        lambda a: a.astype(np.int64),
        lambda a: a.astype(np.float32),
        lambda a: a / 255,
        lambda a: a[None, :, :, None],
    ],
)
def test_an_array_is_taken_as_it_is(tmp_path, change):
    off_centre = np.roll(DIGITS[3], (4, -3), (0, 1))
    np.save(tmp_path / "a.npy", change(off_centre))
    assert np.array_equal(read_picture(tmp_path / "a.npy"), off_centre)


def test_a_whole_number_of_1_is_dark(tmp_path):
    array = np.eye(28, dtype=np.uint8)
    np.save(tmp_path / "a.npy", array)
    assert np.array_equal(read_picture(tmp_path / "a.npy"), array)


def save_array(array):
    return lambda path: np.save(path, array, allow_pickle=True)


def save_picture(array):
    return lambda path: Image.fromarray(array).save(path)


def save_archive(path):
    with path.open("wb") as file:
        np.savez(file, a=DIGITS[0])


REFUSED = {
    "missing": ("a.png", lambda path: None, "there is no such file"),
    "a folder": ("a.png", lambda path: path.mkdir(), "it is a folder"),
    "text": ("a.png", lambda path: path.write_text("hello"), "not a picture"),
    "nothing": ("a.png", lambda path: path.write_bytes(b""), "not a picture"),
    "white": ("a.png", save_picture(np.full((50, 50), 255, np.uint8)), "shows nothing"),
    "nearly white": (
        "a.png",
        save_picture(np.arange(250, 256, dtype=np.uint8).repeat(60).reshape(20, 18)),
        "shows nothing",
    ),
    "one pixel": ("a.png", save_picture(np.full((1, 1), 9, np.uint8)), "shows nothing"),
    "NaN in TIFF": ("a.tif", save_picture(np.full((9, 9), np.nan, np.float32)), "not numbers"),
    "NaN in an array": ("a.npy", save_array(np.full((28, 28), np.nan)), "values from nan"),
    "256 in an array": ("a.npy", save_array(np.full((28, 28), 256)), "values from 256 to 256"),
    "-1 in an array": ("a.npy", save_array(np.full((28, 28), -1)), "values from -1"),
    "array of 0": ("a.npy", save_array(np.zeros((28, 28))), "is empty"),
    "array of another size": ("a.npy", save_array(np.ones((32, 32))), "shape (32, 32)"),
    "array of text": ("a.npy", save_array(np.full((28, 28), "a")), "<U1"),
    "array of objects": ("a.npy", save_array(np.full((28, 28), None)), "allow_pickle=False"),
    "several arrays": ("a.npy", save_archive, "several arrays"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_picture_is_refused(tmp_path, case):
    name, make, how = REFUSED[case]
    make(tmp_path / name)
    with pytest.raises(PictureError) as error:
        read_picture(tmp_path / name)
    assert str(error.value).startswith(f"{tmp_path / name}: ")
    assert how in str(error.value)
    assert "\n" not in str(error.value)


def test_grain_alone_shows_nothing(tmp_path):
    grain = np.random.default_rng(4).normal(128, 12, (300, 300)).clip(0, 255).astype(np.uint8)
    Image.fromarray(grain).save(tmp_path / "a.png")
    with pytest.raises(PictureError, match="shows nothing"):
        read_picture(tmp_path / "a.png")


def test_a_truncated_picture_is_refused(tmp_path):
    Image.fromarray(np.kron(DIGITS[0], np.ones((10, 10), np.uint8))).save(tmp_path / "a.png")
    whole = (tmp_path / "a.png").read_bytes()
    (tmp_path / "a.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(PictureError, match="not a picture"):
        read_picture(tmp_path / "a.png")


def black_png(side: int) -> bytes:
    """A square with a bit a pixel; by hand, since Pillow takes a second for a large one."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(bytes((1 + (side + 7) // 8) * side))
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_the_squares_are_png(tmp_path):
    (tmp_path / "a.png").write_bytes(black_png(30))
    assert np.array_equal(np.asarray(Image.open(tmp_path / "a.png")), np.zeros((30, 30), bool))


@pytest.mark.parametrize("side", [9_500, 20_000])
def test_a_decompression_bomb_is_refused_before_it_is_unpacked(tmp_path, side):
    """A few kilobytes that would unpack to a hundred or four hundred megabytes."""
    (tmp_path / "a.png").write_bytes(black_png(side))
    with pytest.raises(PictureError, match="too large"):
        read_picture(tmp_path / "a.png")


def test_an_empty_drawing_is_refused():
    with pytest.raises(PictureError, match="empty"):
        prepare(np.zeros((28, 28), np.uint8))

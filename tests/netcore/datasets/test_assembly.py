"""Pieces put together by hand: which part, which class, which framing."""

import numpy as np
import pytest

from netcore.datasets.assembly import classify, framing_of, put_together, split
from netcore.datasets.library import Part
from netcore.datasets.pieces import Piece
from netcore.errors import ImportRefused


def part(*labels):
    return Part(np.full((len(labels), 28, 28), 9, np.uint8), np.array(labels, np.uint8))


def test_seven_images_are_enough_and_keep_their_labels():
    whole = Part(np.arange(7, dtype=np.uint8)[:, None, None] * np.ones((1, 28, 28), np.uint8), np.arange(7, dtype="u1"))
    parts = split(whole)
    assert parts["train"].labels.tolist() == [0, 1, 2, 3, 4, 5]
    assert parts["test"].labels.tolist() == [6]
    for one in parts.values():
        assert one.images[:, 0, 0].tolist() == one.labels.tolist()


def test_what_lacks_its_other_half_is_named():
    images, labels = np.zeros((1, 28, 28), np.uint8), np.zeros(1, np.uint8)
    with pytest.raises(ImportRefused, match=r"^here: found training images without labels"):
        put_together([Piece("here", None, images)])
    with pytest.raises(ImportRefused, match=r"^here: found test labels without images"):
        put_together([Piece("here", "test", labels)])


def test_as_many_labels_as_images_and_both_files_are_named():
    images, labels = np.zeros((2, 28, 28), np.uint8), np.zeros(3, np.uint8)
    with pytest.raises(ImportRefused, match=r"^images: found 2 images, and 3 labels in labels; expected as many"):
        put_together([Piece("images", None, images), Piece("labels", None, labels)])


def test_what_names_its_part_comes_first_and_what_does_not_takes_the_other():
    def pieces(name, count):
        return [Piece("i", name, np.zeros((count, 28, 28), np.uint8)), Piece("l", name, np.zeros(count, np.uint8))]

    for given in ([*pieces(None, 2), *pieces("train", 5)], [*pieces("test", 2), *pieces(None, 5)]):
        assert [(name, len(part)) for name, part in put_together(given).items()] == [("train", 5), ("test", 2)]


def test_labels_from_two_on_are_counted_from_one_too():
    parts, _ = classify({"train": part(2, 3)}, "abc")
    assert parts["train"].labels.tolist() == [1, 2]


def test_both_parts_say_which_labels_there_are():
    with pytest.raises(ImportRefused, match="found 0 to 3; expected 0 to 2 or 1 to 3, for 3 classes"):
        classify({"train": part(1, 2, 3), "test": part(0, 1)}, "abc")
    with pytest.raises(ImportRefused, match="found 0 to 3"):
        classify({"train": part(0, 1), "test": part(0, 3)}, "abc")
    assert len(classify({"train": part(0), "test": part(20)}, None)[1]) == 21


def test_256_classes_have_names_and_no_more():
    names = [str(number) for number in range(257)]
    assert len(classify({"train": part(0, 255)}, names[:256])[1]) == 256
    with pytest.raises(ImportRefused, match="2 to 256 different names"):
        classify({"train": part(0, 255)}, names)


@pytest.mark.parametrize("place", [(0, 9), (-1, 9), (9, 0), (9, -1)])
def test_more_than_half_of_the_images_reach_an_edge_where_they_fill_their_frame(place):
    images = np.zeros((4, 28, 28), np.uint8)
    images[:, 1:-1, 1:-1] = 9
    images[(slice(2), *place)] = 1
    assert framing_of(images) == "digit"
    images[(slice(3), *place)] = 1
    assert framing_of(images) == "filled"

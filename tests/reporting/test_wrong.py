"""Pictures of what a network takes for what."""

import io

import numpy as np
import pytest
from PIL import Image

from hnas_tf.reporting import wrong
from hnas_tf.reporting.wrong import Mistake

ODD = ["$x_$", "<b>&amp;", "猫", "a" * 100, "two\nlines", ""]


def pixels(png):
    image = Image.open(io.BytesIO(png))
    assert image.format == "PNG"
    return np.asarray(image.convert("RGB"))


def number_of(picture, colour):
    """Returns how many pixels have exactly a colour."""
    return int((picture == np.array(colour)).all(axis=2).sum())


def mistake(colour=(200, 30, 90), *, size=(8, 8), names=("cat", "dog")):
    channels = len(colour)
    image = np.full((*size, channels), colour, np.uint8)
    return Mistake(image, *names, 0.9)


@pytest.mark.parametrize("size", [(8, 8), (300, 200), (1, 1)])
def test_a_sheet_shows_the_pictures_as_they_are(size):
    colours = [(200, 30, 90), (10, 220, 0)]
    picture = pixels(wrong.sheet([mistake(c, size=size) for c in colours]))
    areas = [number_of(picture, colour) for colour in colours]
    assert min(areas) > 5000
    assert areas[0] == pytest.approx(areas[1], rel=0.05)


@pytest.mark.parametrize(
    ("grey", "brightest", "seen"),
    [(0, 255, 0), (100, 255, 100), (255, 255, 255), (8, 16, 128), (0, 0, 0)],
)
def test_the_brightest_grey_of_all_is_white(grey, brightest, seen):
    picture = pixels(wrong.sheet([mistake((grey,)), mistake((brightest,))]))
    one, other = picture[30:130, 30:130], picture[30:130, 200:300]
    assert np.unique(one).tolist() == [seen]
    assert np.unique(other).tolist() == [255 if brightest else 0]


def test_six_mistakes_share_a_row():
    heights = [len(pixels(wrong.sheet([mistake()] * n))) for n in (1, 6, 7, 36)]
    assert heights[0] == heights[1] == heights[2] // 2 == heights[3] // 6


def test_a_confusion_matrix_is_shaded_by_the_shares_of_a_row():
    none, all_right = np.array([[0, 5], [1, 0]]), np.array([[700, 0], [0, 1]])
    diagonals = []
    for counts in (none, all_right):
        picture = pixels(wrong.confusion_matrix(counts, ["cat", "dog"]))
        darkest = (8, 48, 107)  # Of the colour map.
        rows, columns = np.nonzero((picture == darkest).all(axis=2))
        diagonals.append(np.corrcoef(rows, columns)[0, 1])
    assert diagonals[0] < -0.5 < 0.5 < diagonals[1]


def test_a_class_without_pictures_is_an_empty_row():
    counts = np.array([[3, 0], [0, 0]])
    picture = pixels(wrong.confusion_matrix(counts, ["cat", "dog"]))
    assert number_of(picture, (8, 48, 107)) > 5000


@pytest.mark.parametrize("num_classes", [1, 2, 20, 21, 50, 51, 1000])
def test_many_classes_are_one_picture_too(num_classes):
    counts = np.eye(num_classes, dtype=np.int64)
    names = [f"class {number}" for number in range(num_classes)]
    picture = pixels(wrong.confusion_matrix(counts, names))
    assert max(picture.shape) < 1600


def test_names_are_shown_as_they_are():
    # Mathematics, line ends, missing letters: any warning fails a test.
    counts = np.ones((len(ODD), len(ODD)), np.int64)
    matrix = pixels(wrong.confusion_matrix(counts, ODD))
    sheet = pixels(wrong.sheet([mistake(names=(n, n)) for n in ODD]))
    assert max(matrix.shape) < 1600 and max(sheet.shape) < 1600

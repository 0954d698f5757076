"""From encoded bytes to pixels, measured against Pillow's."""

import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from hnas_tf.data import decoding
from tests.data.image_files import encoded, in_pillow, noise, smooth

SIZE = (40, 60)
COLOR = encoded(smooth(), "JPEG", quality=95)
# Content, and by how much a value may differ from Pillow's: its JPEGs are
# decoded with another inverse cosine transform.
FILES = {
    "jpeg": (COLOR, 4),
    "progressive jpeg": (encoded(smooth(), "JPEG", progressive=True), 4),
    "grey jpeg": (encoded(smooth(), "JPEG", mode="L"), 2),
    "cmyk jpeg": (encoded(smooth(), "JPEG", mode="CMYK"), 2),
    "png": (encoded(noise()), 0),
    "grey png": (encoded(noise(), mode="L"), 0),
    "two-colour png": (encoded(noise(), mode="1"), 0),
    "palette png": (encoded(noise(), mode="P"), 0),
    "transparent png": (encoded(noise(), mode="RGBA"), 0),
    "grey transparent png": (encoded(noise(), mode="LA"), 0),
    "gif": (encoded(noise(), "GIF", mode="P"), 0),
    "bmp": (encoded(noise(), "BMP"), 0),
}


def whole(record, size=SIZE, channels=3):
    return decoding.whole(record, size=size, channels=channels)


def differences(one, other):
    return np.abs(np.asarray(one).astype(int) - np.asarray(other).astype(int))


@pytest.mark.parametrize("name", FILES)
def test_every_format_becomes_the_colours_that_pillow_sees(name):
    content, tolerance = FILES[name]
    image = whole(tf.constant(content))
    assert (image.shape, image.dtype) == ((*SIZE, 3), tf.uint8)
    assert differences(image, in_pillow(content)).max() <= tolerance


def test_a_cmyk_picture_has_plausible_colours():
    red = np.full((*SIZE, 3), (230, 30, 20), np.uint8)
    content = encoded(red, "JPEG", mode="CMYK")
    assert differences(whole(tf.constant(content)), red).max() < 6


def test_16_bits_become_their_upper_8():
    values = (27 * np.arange(2400)).astype(np.uint16).reshape(SIZE)
    image = whole(tf.constant(encoded(values)))
    assert np.array_equal(image, np.repeat(values[..., np.newaxis] >> 8, 3, 2))


def test_an_animation_is_its_first_picture():
    first, second = (
        Image.fromarray(noise(seed=n)).convert("P") for n in (0, 1)
    )
    content = encoded(first, "GIF", save_all=True, append_images=[second])
    assert np.array_equal(whole(tf.constant(content)), in_pillow(content))


@pytest.mark.parametrize("name", ["jpeg", "png"])
def test_colours_become_grey_for_a_grey_network(name):
    content = FILES[name][0]
    image = whole(tf.constant(content), channels=1)
    with Image.open(io.BytesIO(content)) as opened:
        grey = np.array(opened.convert("L"))
    assert image.shape == (*SIZE, 1)
    assert differences(image[..., 0], grey).max() <= 4


@pytest.mark.parametrize("size", [(8, 8), (20, 30), (64, 100), (1, 1), (7, 90)])
def test_another_size_is_reached_as_pillow_reaches_it(size):
    expected = Image.fromarray(smooth()).resize(
        size[::-1], Image.Resampling.BILINEAR
    )
    image = whole(tf.constant(encoded(smooth())), size)
    assert (image.shape, image.dtype) == ((*size, 3), tf.uint8)
    assert differences(image, expected).max() <= 2


@pytest.mark.parametrize("compiled", [False, True])
def test_a_picture_that_fits_is_left_as_it_is(compiled):
    function = tf.function(whole, autograph=False) if compiled else whole
    for record in (noise(), encoded(noise())):
        assert np.array_equal(function(tf.constant(record)), noise())


@pytest.mark.parametrize("size", [(40, 60), (41, 63), (8, 16), (7, 9), (1, 1)])
@pytest.mark.parametrize("is_encoded", [False, True])
def test_the_middle_is_seven_eighths_of_both_sides(size, is_encoded):
    pixels = noise(*size)
    top, left = (int(side / 16) for side in size)
    expected = pixels[top : size[0] - top, left : size[1] - left]
    record = tf.constant(encoded(pixels) if is_encoded else pixels)
    image = decoding.central(record, size=expected.shape[:2], channels=3)
    assert np.array_equal(image, expected)


def test_the_middle_is_resized():
    image = decoding.central(tf.constant(COLOR), size=(8, 9), channels=3)
    assert (image.shape, image.dtype) == ((8, 9, 3), tf.uint8)


def cropped(record):
    seed = tf.constant([1, 2])
    return decoding.resized_crop(
        record, seed, size=(8, 8), channels=3, min_area_fraction=0.1
    )


def centred(record):
    return decoding.central(record, size=(8, 8), channels=3)


@pytest.mark.parametrize("function", [whole, centred, cropped])
@pytest.mark.parametrize("record", [COLOR, encoded(noise()), noise()])
@pytest.mark.parametrize("rank_is_known", [False, True])
def test_shapes_of_records_need_not_be_known(function, record, rank_is_known):
    record = tf.constant(record)
    known = [None] * len(record.shape) if rank_is_known else None
    compiled = tf.function(
        function,
        autograph=False,
        input_signature=[tf.TensorSpec(known, record.dtype)],
    )
    static = compiled.get_concrete_function().structured_outputs.shape
    assert static == compiled(record).shape == function(record).shape
    assert np.array_equal(compiled(record), function(record))

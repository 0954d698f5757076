"""Windows of random place, area and aspect ratio."""

import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.data import decoding
from tests.data.image_files import encoded, noise, smooth

HEIGHT, WIDTH = 90, 120


def positions():
    """Returns a picture whose pixels tell where they are."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.uint8)
    return np.stack([y, x, y], axis=-1)


def crop(record, seed, *, size=(16, 16), min_area_fraction=0.08):
    return decoding.resized_crop(
        tf.constant(record),
        tf.constant(seed, tf.int32),
        size=size,
        channels=3,
        min_area_fraction=min_area_fraction,
    ).numpy()


def windows(record, seeds, **options):
    """Returns height and width of what is seen, [seeds, 2].

    In a window of 64x64 pixels, neighbours are so near each other that its
    edges are those of the window, up to a pixel.
    """
    found = []
    for seed in seeds:
        image = crop(record, (seed, 0), size=(64, 64), **options).astype(int)
        y, x = image[:, :, 0], image[:, :, 1]
        found.append((np.ptp(y) + 1, np.ptp(x) + 1))
    return np.array(found)


@pytest.mark.parametrize("least", [0.05, 0.3, 1.0])
def test_areas_and_aspect_ratios_stay_within_their_bounds(least):
    height, width = windows(positions(), range(150), min_area_fraction=least).T
    areas = height * width / (HEIGHT * WIDTH)
    assert areas.min() > 0.85 * least and areas.max() <= 1
    ratios = width / height
    assert ratios.min() > 0.7 and ratios.max() < 1.45


def test_areas_are_spread_over_their_range():
    areas = windows(positions(), range(300)).prod(axis=1) / (HEIGHT * WIDTH)
    # Some are below the share that TensorFlow wants to be seen by default.
    assert 2 <= np.count_nonzero(areas < 0.095) <= 25
    assert np.count_nonzero(areas < 0.5) > 100
    assert np.count_nonzero(areas > 0.6) > 30


def test_windows_lie_everywhere():
    middles = [crop(positions(), (seed, 1))[8, 8, :2] for seed in range(100)]
    assert np.ptp(middles, axis=0).min() > 40


@pytest.mark.parametrize("record", [noise(), encoded(noise())])
def test_equal_seeds_give_equal_windows_and_others_others(record):
    first = [crop(record, (seed, 7)).tobytes() for seed in range(10)]
    assert first == [crop(record, (seed, 7)).tobytes() for seed in range(10)]
    assert len(set(first)) == 10
    assert crop(record, (0, 8)).tobytes() not in first


def test_png_and_pixels_and_jpeg_show_the_same_window():
    contents = (smooth(), encoded(smooth()), encoded(smooth(), "JPEG"))
    for seed in range(20):
        pixels, png, jpeg = (crop(c, (seed, 3)).astype(int) for c in contents)
        assert np.array_equal(pixels, png)
        assert np.abs(pixels - jpeg).max() <= 8


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("subsampling", [0, 2])
def test_a_jpeg_decoded_in_the_window_is_the_window_of_the_decoded(
    mode, subsampling
):
    options = {} if mode == "L" else {"subsampling": subsampling}
    content = encoded(smooth(90, 120), "JPEG", mode=mode, **options)
    whole = decoding.pixels(tf.constant(content), channels=3).numpy()
    for seed in range(20):
        image = crop(content, (seed, 0)).astype(int)
        expected = crop(whole, (seed, 0)).astype(int)
        assert np.abs(image - expected).max() <= 4
        assert np.abs(image - expected).mean() < 0.7


@pytest.mark.parametrize("file_format", ["JPEG", "PNG"])
def test_a_pipeline_gives_what_single_calls_give(file_format):
    contents = [encoded(noise(20 + n, 30), file_format) for n in range(6)]

    @tf.autograph.experimental.do_not_convert
    def read(position, record):
        seed = tf.stack([tf.cast(position, tf.int32), 5])
        return decoding.resized_crop(
            record, seed, size=(8, 9), channels=3, min_area_fraction=0.2
        )

    images = tf.data.Dataset.from_tensor_slices(contents).enumerate().map(read)
    assert images.element_spec.shape == (8, 9, 3)
    for number, image in enumerate(images.as_numpy_iterator()):
        expected = crop(
            contents[number], (number, 5), size=(8, 9), min_area_fraction=0.2
        )
        assert np.array_equal(image, expected)


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (50, 1), (2, 3)])
def test_tiny_and_narrow_pictures_have_windows_too(size):
    for record in (noise(*size), encoded(noise(*size), "JPEG")):
        assert crop(record, (1, 2)).shape == (16, 16, 3)

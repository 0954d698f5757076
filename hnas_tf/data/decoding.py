"""From a record to pixels: one way for training, evaluation and serving.

A record is encoded bytes (JPEG, PNG, BMP, GIF), or uint8 pixels already. What
comes out is uint8 [size, size, channels].
"""

import tensorflow as tf

CENTRAL_FRACTION = 0.875
"""Of height and width: what a single-crop evaluation of ImageNet shows."""

_ASPECT_RATIOS = (3 / 4, 4 / 3)


def pixels(record: tf.Tensor, *, channels: int) -> tf.Tensor:
    """Returns all pixels of a record, uint8 [height, width, channels].

    CMYK and grey pictures become colour ones if `channels` asks for it, and
    colour ones grey where TensorFlow knows how (JPEG and PNG, not CMYK); of an
    animation the first picture is taken.
    """
    if record.dtype != tf.string:
        return tf.ensure_shape(record, [None, None, channels])
    image = tf.io.decode_image(
        record, channels=channels, expand_animations=False
    )
    return tf.ensure_shape(image, [None, None, channels])


def resized(image: tf.Tensor, size: tuple[int, int]) -> tf.Tensor:
    """Returns a picture of `(height, width)` pixels; as it is if it fits.

    Sides are scaled each by itself, so that nothing is cut off.
    """
    if image.shape[:2] == tf.TensorShape(size):
        return image
    scaled = tf.image.resize(
        tf.cast(image, tf.float32), size, method="bilinear", antialias=True
    )
    return tf.cast(tf.round(tf.clip_by_value(scaled, 0.0, 255.0)), tf.uint8)


def whole(
    record: tf.Tensor, *, size: tuple[int, int], channels: int
) -> tf.Tensor:
    """Returns all of a picture, resized."""
    return resized(pixels(record, channels=channels), size)


def central(
    record: tf.Tensor, *, size: tuple[int, int], channels: int
) -> tf.Tensor:
    """Returns the middle of a picture, resized: the single crop of ImageNet."""
    image = pixels(record, channels=channels)
    # As `tf.image.central_crop` does, which warns of graphs without AutoGraph.
    margins = tf.cast(
        tf.cast(tf.shape(image)[:2], tf.float32) * (1 - CENTRAL_FRACTION) / 2,
        tf.int32,
    )
    height, width = tf.unstack(tf.shape(image)[:2] - 2 * margins)
    cropped = tf.image.crop_to_bounding_box(
        image, margins[0], margins[1], height, width
    )
    return resized(cropped, size)


def resized_crop(
    record: tf.Tensor,
    seed: tf.Tensor,
    *,
    size: tuple[int, int],
    channels: int,
    min_area_fraction: float,
) -> tf.Tensor:
    """Returns a window of random area and aspect ratio, resized.

    Of a JPEG only the window is decoded.

    Args:
        record: Encoded bytes or pixels.
        seed: int32 [2]; equal seeds give equal windows.
        size: Height and width of what comes out.
        channels: Of the picture.
        min_area_fraction: The least share of the picture.
    """
    if record.dtype != tf.string:
        image = _decode_and_cut(record, seed, channels, min_area_fraction)
    else:
        image = tf.cond(
            tf.io.is_jpeg(record),
            lambda: _decode_window(record, seed, channels, min_area_fraction),
            lambda: _decode_and_cut(record, seed, channels, min_area_fraction),
        )
    return resized(tf.ensure_shape(image, [None, None, channels]), size)


def _decode_window(
    record: tf.Tensor, seed: tf.Tensor, channels: int, min_area_fraction: float
) -> tf.Tensor:
    shape = tf.io.extract_jpeg_shape(record)
    window = _sample(shape, seed, min_area_fraction)
    return tf.io.decode_and_crop_jpeg(record, window, channels=channels)


def _decode_and_cut(
    record: tf.Tensor, seed: tf.Tensor, channels: int, min_area_fraction: float
) -> tf.Tensor:
    image = pixels(record, channels=channels)
    return _cut(image, _sample(tf.shape(image), seed, min_area_fraction))


def _sample(
    shape: tf.Tensor, seed: tf.Tensor, min_area_fraction: float
) -> tf.Tensor:
    """Returns y, x, height and width of a window, int32 [4]."""
    begin, extent, _ = tf.image.stateless_sample_distorted_bounding_box(
        shape,
        tf.zeros([1, 0, 4]),
        seed,
        min_object_covered=0.0,  # Its default leaves out areas below 0.1.
        aspect_ratio_range=_ASPECT_RATIOS,
        area_range=(min_area_fraction, 1.0),
        max_attempts=10,
        use_image_if_no_bounding_boxes=True,
    )
    return tf.concat([begin[:2], extent[:2]], axis=0)


def _cut(image: tf.Tensor, window: tf.Tensor) -> tf.Tensor:
    begin = tf.concat([window[:2], [0]], axis=0)
    extent = tf.concat([window[2:], [-1]], axis=0)
    return tf.slice(image, begin, extent)

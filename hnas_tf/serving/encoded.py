"""Pictures as clients send them: encoded, and not to be trusted."""

from collections.abc import Callable

import tensorflow as tf

MAX_PIXELS = 100_000_000
"""Of a picture that is decoded; a file of a few kilobytes can hold more, and
take the server down."""

_HEADER = 32


def guarded(
    decode: Callable[[tf.Tensor], tf.Tensor],
) -> Callable[[tf.Tensor], tf.Tensor]:
    """Returns a decoder that refuses too large a picture before decoding it.

    Args:
        decode: JPEG, PNG, ... string [] -> uint8 [height, width, channels].
    """

    def decode_guarded(record: tf.Tensor) -> tf.Tensor:
        fits = tf.debugging.Assert(
            num_pixels(record) <= MAX_PIXELS,
            [
                f"Expected a picture of at most {MAX_PIXELS} pixels. "
                "Received: one of",
                num_pixels(record),
            ],
        )
        with tf.control_dependencies([fits]):
            return decode(tf.identity(record))

    return decode_guarded


def num_pixels(record: tf.Tensor) -> tf.Tensor:
    """Returns how many pixels a picture says it has, int64 [].

    0 for formats that are not compressed, and for what is no picture.

    Args:
        record: string [].
    """
    header = tf.io.decode_raw(record, tf.uint8, fixed_length=_HEADER)
    header = tf.cast(header, tf.int64)
    start = tf.strings.substr(record, 0, 4)
    is_png, is_gif = tf.equal(start, b"\x89PNG"), tf.equal(start, b"GIF8")
    of_others = tf.where(is_png, _of_png(header), 0)
    of_others = tf.where(is_gif, _of_gif(header), of_others)
    return tf.cond(
        tf.io.is_jpeg(record), lambda: _of_jpeg(record), lambda: of_others
    )


def _of_jpeg(record: tf.Tensor) -> tf.Tensor:
    shape = tf.io.extract_jpeg_shape(record)
    return tf.reduce_prod(tf.cast(shape[:2], tf.int64))


def _of_png(header: tf.Tensor) -> tf.Tensor:
    width_and_height = tf.reshape(header[16:24], [2, 4])
    digits = tf.constant([2**24, 2**16, 2**8, 1], tf.int64)
    return tf.reduce_prod(tf.reduce_sum(width_and_height * digits, axis=1))


def _of_gif(header: tf.Tensor) -> tf.Tensor:
    width_and_height = tf.reshape(header[6:10], [2, 2])
    digits = tf.constant([1, 2**8], tf.int64)
    return tf.reduce_prod(tf.reduce_sum(width_and_height * digits, axis=1))

"""Pictures as clients send them: encoded, and not to be trusted."""

from collections.abc import Callable

import tensorflow as tf

MAX_PIXELS = 100_000_000
"""Of a picture that is decoded; a file of a few kilobytes can hold more, and
take the server down."""

_HEADER = 32
_14 = 2**14


def guarded(
    decode: Callable[[tf.Tensor], tf.Tensor],
) -> Callable[[tf.Tensor], tf.Tensor]:
    """Returns a decoder that refuses too large a picture before decoding it.

    Args:
        decode: JPEG, PNG, ... string [] -> uint8 [height, width, channels].
    """

    def decode_guarded(record: tf.Tensor) -> tf.Tensor:
        number = num_pixels(record)
        fits = tf.debugging.Assert(
            number <= MAX_PIXELS,
            [
                "Expected a JPEG, PNG, BMP or WebP picture of at most "
                f"{MAX_PIXELS} pixels. Received: one of",
                number,
            ],
        )
        with tf.control_dependencies([fits]):
            return decode(tf.identity(record))

    return decode_guarded


def num_pixels(record: tf.Tensor) -> tf.Tensor:
    """Returns how many pixels a picture says it has, int64 [].

    0 for formats that are not compressed, and for what is no picture; more
    than allowed where no header tells: of a GIF, any frame may be larger, and
    that of JPEG XL is compressed itself.

    Args:
        record: string [].
    """
    found = tf.constant(0, tf.int64)
    header = tf.io.decode_raw(record, tf.uint8, fixed_length=_HEADER)
    header = tf.cast(header, tf.int64)
    for place, mark, number in _sizes(header):
        there = header[place : place + len(mark)] == list(mark)
        found = tf.where(tf.reduce_all(there), number, found)
    return tf.cond(
        tf.io.is_jpeg(record), lambda: _of_jpeg(record), lambda: found
    )


def _sizes(header: tf.Tensor) -> list[tuple[int, bytes, tf.Tensor]]:
    """Returns a place, what stands there in a format, and its pixels."""

    def number(start: int, size: int) -> tf.Tensor:
        """Returns a number whose least byte comes first."""
        digits = tf.constant([2 ** (8 * n) for n in range(size)], tf.int64)
        return tf.reduce_sum(header[start : start + size] * digits)

    def reversed_number(start: int) -> tf.Tensor:
        digits = tf.constant([2**24, 2**16, 2**8, 1], tf.int64)
        return tf.reduce_sum(header[start : start + 4] * digits)

    lossless = number(21, 4)  # Width and height, of 14 bits each.
    unknown = tf.constant(tf.int64.max, tf.int64)
    return [
        (0, b"\x89PNG", reversed_number(16) * reversed_number(20)),
        (0, b"GIF8", unknown),
        # The three kinds of WebP.
        (12, b"VP8X", (1 + number(24, 3)) * (1 + number(27, 3))),
        (12, b"VP8L", (1 + lossless % _14) * (1 + lossless // _14 % _14)),
        (12, b"VP8 ", number(26, 2) % _14 * (number(28, 2) % _14)),
        # The two of JPEG XL.
        (0, b"\xff\x0a", unknown),
        (4, b"JXL ", unknown),
    ]


def _of_jpeg(record: tf.Tensor) -> tf.Tensor:
    shape = tf.io.extract_jpeg_shape(record)
    return tf.reduce_prod(tf.cast(shape[:2], tf.int64))

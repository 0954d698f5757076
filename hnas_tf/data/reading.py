"""All pictures of a split, decoded, with those named that cannot be."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tqdm import tqdm

from hnas_tf.data import decoding
from hnas_tf.data.pictures import Pictures
from hnas_tf.errors import HnasError, InvalidError, first_line

_SHOWN_AFTER_SECONDS = 3.0
_BATCH = 256
_FEW = 5
_JPEG, _PNG = 1, 2
_FORMATS = {"jpg": _JPEG, "jpeg": _JPEG, "png": _PNG}
_WRONG_SUFFIX = "of another format than its suffix says"
# By the channels of a JPEG, and the colour type of a PNG (its byte 25).
_COLORS = {
    (_JPEG, 1): "grey",
    (_JPEG, 4): "CMYK",
    (_PNG, 0): "grey",
    (_PNG, 4): "grey",
    (_PNG, 6): "transparent",
}


@dataclass
class Report:
    """What was noticed on the way.

    Attributes:
        bad: Name and reason of the pictures that cannot be read.
        odd: How many were grey, CMYK, ...: they are converted.
    """

    bad: dict[str, str] = field(default_factory=dict)
    odd: Counter[str] = field(default_factory=Counter)

    def require_few(self, bad_images: str, *, num_left: int) -> None:
        """Ends the program if pictures are bad and that is not wanted.

        Args:
            bad_images: Whether they may be left out.
            num_left: How many pictures there are then.

        Raises:
            InvalidError: names them.
        """
        if self.bad and (bad_images == "refuse" or not num_left):
            raise InvalidError(
                "Expected pictures that can be read; --bad_images=skip leaves "
                f"out a few that cannot. Received: {self.in_words()}"
            )

    def in_words(self) -> str:
        """Returns how many pictures are bad, and the first of them."""
        first = [f"{n} ({why})" for n, why in list(self.bad.items())[:_FEW]]
        more = len(self.bad) - len(first)
        rest = f", and {more} more" if more else ""
        return f"{len(self.bad)} that cannot: {', '.join(first)}{rest}"


def read_all(
    pictures: Pictures, *, size: tuple[int, int], channels: int, report: Report
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.uint8]]]:
    """Yields positions and pixels of all that can be read, in order.

    Args:
        pictures: Of a split.
        size: Height and width of what comes out.
        channels: Of it.
        report: Is told what cannot be read, and what is odd.

    Yields:
        int64 [some] and uint8 [some, height, width, channels].
    """

    @tf.autograph.experimental.do_not_convert
    def read(
        position: tf.Tensor, key: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        record, _ = pictures.read(key)
        image = decoding.whole(record, size=size, channels=channels)
        return position, image, _header(record)

    # What fails is left out here, and looked at by itself below.
    decoded = (
        pictures.in_order()
        .enumerate()
        .map(read, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)
        .ignore_errors(log_warning=False)
        .batch(_BATCH)
        .prefetch(tf.data.AUTOTUNE)
    )
    seen = np.zeros(len(pictures.names), bool)
    bar = tqdm(
        total=len(pictures.names),
        desc="reading",
        unit="picture",
        delay=_SHOWN_AFTER_SECONDS,
        leave=False,
    )
    for positions, images, headers in decoded.as_numpy_iterator():
        bar.update(len(positions))
        seen[positions] = True
        for position, header in zip(positions, headers, strict=True):
            report.odd.update(_oddities(header, pictures.names[position]))
        yield positions, images
    bar.close()
    _explain(pictures, np.flatnonzero(~seen), size, channels, report)


def _header(record: tf.Tensor) -> tf.Tensor:
    """Returns what `_oddities` looks at: format and colours, int32 [2]."""
    if record.dtype != tf.string:
        return tf.zeros([2], tf.int32)
    start = tf.strings.substr(record, 0, 26)
    is_png = tf.strings.substr(record, 1, 3) == b"PNG"
    is_jpeg = tf.io.is_jpeg(record)
    colors = tf.cond(
        is_jpeg,
        lambda: tf.io.extract_jpeg_shape(record)[2],
        lambda: tf.cast(tf.io.decode_raw(start, tf.uint8)[25], tf.int32),
    )
    formats = _JPEG * tf.cast(is_jpeg, tf.int32) + _PNG * tf.cast(
        is_png, tf.int32
    )
    return tf.stack([formats, colors])


def _oddities(header: NDArray[np.int32], name: str) -> list[str]:
    """Returns what is odd about a picture that can be read all the same."""
    kind, colors = map(int, header)
    suffix = name.rpartition(".")[2].lower()
    expected = _FORMATS.get(suffix, kind)
    odd = [] if kind == expected else [_WRONG_SUFFIX]
    color = _COLORS.get((kind, colors))
    return odd + [color] if color else odd


def _explain(
    pictures: Pictures,
    positions: NDArray[np.int64],
    size: tuple[int, int],
    channels: int,
    report: Report,
) -> None:
    """Reads pictures one by one, to tell why each cannot be."""
    for position in positions:
        name = pictures.names[position]
        picture = pictures.select(np.array([position]))
        (key,) = picture.in_order()
        try:
            record, _ = picture.read(key)
            decoding.whole(record, size=size, channels=channels)
        except (tf.errors.OpError, ValueError) as error:
            report.bad[name] = first_line(error)
        else:
            raise HnasError(
                f"Expected {name} to be unreadable again. Received: a picture"
            )

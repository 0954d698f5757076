"""Pictures looked at before they are streamed: who can be read at all."""

import hashlib
from collections.abc import Sequence

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from hnas_tf.config import DataConfig
from hnas_tf.data import decoding
from hnas_tf.data.dataset import description_of, image_size
from hnas_tf.data.description import Description
from hnas_tf.data.pictures import IndexedPictures, Pictures, Source
from hnas_tf.data.reading import Report, read_all

_NUM_SAMPLED = 1024


def survey(
    pictures: Pictures,
    source: Source,
    config: DataConfig,
    splits: Sequence[str],
    known: Description | None,
) -> tuple[Pictures, Description]:
    """Returns the pictures that can be read, and what they are like.

    Mean and deviation are those of some of them.

    Args:
        pictures: Of the source.
        source: Where they are from.
        config: Their size, and what is done about those that are bad.
        splits: What they are.
        known: What an earlier survey found; true as long as the key is.

    Raises:
        InvalidError: if some cannot be read and that is not wanted.
    """
    report = Report()
    if known is not None and known.key == source.key:
        report.bad.update(known.skipped)
        pictures = _without(pictures, report)
        return pictures, known
    pictures = readable(pictures, source, config, report)
    content = f"{source.key} {sorted(report.bad)} {list(splits)}"
    return pictures, description_of(
        source,
        config,
        report,
        sample=_sampled(pictures, source, config),
        num_examples={"+".join(splits): len(pictures.names)},
        fingerprint=hashlib.sha256(content.encode()).hexdigest()[:16],
    )


def readable(
    pictures: Pictures, source: Source, config: DataConfig, report: Report
) -> Pictures:
    """Returns the pictures that can be decoded; records of TFDS all can.

    Raises:
        InvalidError: if some cannot be read and that is not wanted.
    """
    if not isinstance(pictures, IndexedPictures):
        return pictures
    for _ in read_all(
        pictures,
        size=image_size(source, config),
        channels=source.image_channels,
        report=report,
    ):
        pass
    num_left = len(pictures.names) - len(report.bad)
    report.require_few(config.bad_images, num_left=num_left)
    return _without(pictures, report)


def _without(pictures: Pictures, report: Report) -> Pictures:
    if not report.bad:
        return pictures
    bad = report.bad
    kept = [n for n, name in enumerate(pictures.names) if name not in bad]
    return pictures.select(np.array(kept))


def _sampled(
    pictures: Pictures, source: Source, config: DataConfig
) -> NDArray[np.uint8]:
    """Returns some pictures, always the same ones."""
    number = min(_NUM_SAMPLED, len(pictures.names))

    @tf.autograph.experimental.do_not_convert
    def read(key: tf.Tensor) -> tf.Tensor:
        return decoding.whole(
            pictures.read(key)[0],
            size=image_size(source, config),
            channels=source.image_channels,
        )

    keys = pictures.shuffled((0, 0), start=0).take(number)
    images = keys.map(read, num_parallel_calls=tf.data.AUTOTUNE)
    sample: NDArray[np.uint8] = next(iter(images.batch(number))).numpy()
    return sample

"""What a server runs before it serves, so that no client waits for it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from hnas_tf.serving import messages, names
from hnas_tf.serving.answers import Answers


def write_warmup(
    folder: Path,
    answers: Answers,
    *,
    model_name: str,
    batch_sizes: Sequence[int],
    image_dtype: str,
) -> None:
    """Writes a request of every batch size for every signature.

    Args:
        folder: Of the SavedModel.
        answers: Pictures to send.
        model_name: As the server knows it.
        batch_sizes: How many in a request.
        image_dtype: In which images are sent.
    """
    path = folder / names.WARMUP_NAME
    path.parent.mkdir(exist_ok=True)
    with tf.io.TFRecordWriter(str(path)) as writer:
        for batch_size in batch_sizes:
            chosen = np.arange(batch_size) % len(answers.records)
            images = answers.images[chosen].astype(image_dtype)
            records = [answers.records[position] for position in chosen]
            for request in _requests(model_name, images, records):
                writer.write(request)


def _requests(
    model_name: str, images: NDArray[np.generic], records: Sequence[bytes]
) -> Iterator[bytes]:
    for signature, name, values in (
        (names.DEFAULT, names.IMAGES_INPUT, images),
        (names.IMAGES, names.IMAGES_INPUT, images),
        (names.BYTES, names.BYTES_INPUT, records),
    ):
        tensor = tf.make_tensor_proto(values).SerializeToString()
        yield messages.predict_log(model_name, signature, name, tensor)
    examples = [_example(record) for record in records]
    yield messages.classify_log(model_name, names.CLASSIFY, examples)


def _example(record: bytes) -> bytes:
    feature = tf.train.Feature(bytes_list=tf.train.BytesList(value=[record]))
    features = tf.train.Features(feature={names.ENCODED_FEATURE: feature})
    return bytes(tf.train.Example(features=features).SerializeToString())

"""Real pictures of a dataset, to verify an export on."""

from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from hnas_tf.config import DataConfig
from hnas_tf.data.pictures import Pictures, Source
from hnas_tf.data.preprocessing import normalize
from hnas_tf.data.splits import TEST, TRAIN, VALIDATION, pictures_of
from hnas_tf.errors import InvalidError
from hnas_tf.serving.answers import Answers, evenly_spread
from hnas_tf.serving.network import decoder_of
from hnas_tf.training.other_pictures import as_trained_on, own_labels_of
from hnas_tf.training.trained import Trained

_BATCH = 32


@dataclass(frozen=True)
class Samples:
    """Pictures of a split, and what they are.

    Attributes:
        split: Of the dataset.
        labels: By the network's classes, int32 [pictures].
        answers: The pictures, and what the trained network says of them.
    """

    split: str
    labels: NDArray[np.int32]
    answers: Answers

    def accuracy(self, predictions: NDArray[np.int64]) -> float:
        """Returns the share of predictions that are right."""
        return float(np.mean(predictions == self.labels))


def splits_to_verify_on(source: Source) -> tuple[str, ...]:
    """Returns which of the validation and the test split there are.

    A validation split may be a part of the training split.
    """
    has_validation = {TRAIN, VALIDATION} & source.found.keys()
    has_test = TEST in source.found
    return (VALIDATION,) * bool(has_validation) + (TEST,) * has_test


def read_samples(
    trained: Trained,
    source: Source,
    data: DataConfig,
    *,
    split: str,
    number: int,
) -> Samples:
    """Returns pictures as an evaluation sees them, spread evenly over a split.

    Those that cannot be read, or that a server would refuse, are left out.

    Args:
        trained: The network, in float32.
        source: The dataset.
        data: Of it.
        split: Of it.
        number: How many pictures at most.

    Raises:
        InvalidError: if there is no such split, none of the pictures can be
            read, or they are not like those trained on.
    """
    records, images, labels = _read(trained, source, data, split, number)
    answers = Answers(records, images, _probabilities(trained, images))
    return Samples(split, labels, answers)


def read_images(
    trained: Trained,
    source: Source,
    data: DataConfig,
    *,
    split: str,
    number: int,
) -> NDArray[np.uint8]:
    """Returns the images of such pictures, without asking the network.

    The arguments, and what is raised, are those of `read_samples`.
    """
    _, images, _ = _read(trained, source, data, split, number)
    return images


def _read(
    trained: Trained,
    source: Source,
    data: DataConfig,
    split: str,
    number: int,
) -> tuple[tuple[bytes, ...], NDArray[np.uint8], NDArray[np.int32]]:
    """Returns encoded pictures, their images, and labels of the network's."""
    pictures = pictures_of(source, data, split)
    own_labels = own_labels_of(pictures, source, trained.description, data)
    as_trained_on(source, pictures, trained.description, data)
    pictures = pictures.select(evenly_spread(len(pictures.names), number))
    found = list(_decoded(pictures, trained).as_numpy_iterator())
    if not found:
        raise InvalidError(
            f"Expected pictures that can be read in the {split} split of "
            f"{data.dataset}. Received: none"
        )
    records, images, labels = zip(*found, strict=True)
    return records, np.stack(images), own_labels[np.array(labels)]


def _decoded(pictures: Pictures, trained: Trained) -> tf.data.Dataset:
    decode = decoder_of(trained)

    @tf.autograph.experimental.do_not_convert
    def read(key: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        record, label = pictures.read(key)
        if record.dtype != tf.string:
            record = tf.io.encode_png(record)
        return record, decode(record), label

    return (
        pictures.in_order()
        .map(read, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)
        .ignore_errors(log_warning=False)
    )


def _probabilities(
    trained: Trained, images: NDArray[np.uint8]
) -> NDArray[np.float32]:
    # The last batch may be smaller; that is no other function.
    spec = tf.TensorSpec([None, *images.shape[1:]], tf.uint8)

    @tf.function(autograph=False, input_signature=[spec])
    def of(batch: tf.Tensor) -> tf.Tensor:
        normalized = normalize(batch, trained.description)
        return tf.nn.softmax(trained.model(normalized, training=False))

    starts = range(0, len(images), _BATCH)
    parts = [of(tf.constant(images[n : n + _BATCH])) for n in starts]
    probabilities: NDArray[np.float32] = np.concatenate(parts)
    return probabilities

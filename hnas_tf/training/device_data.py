"""Examples that live on the device, and the order in which they come."""

from typing import NamedTuple

import tensorflow as tf

from hnas_tf.data import Description
from hnas_tf.data.splits import Examples


class DeviceData(NamedTuple):
    """The examples of a split, resident on the device.

    Attributes:
        images: uint8 [examples, height, width, channels], as stored.
        labels: int32 [examples].
        description: Of the dataset.
    """

    images: tf.Tensor
    labels: tf.Tensor
    description: Description

    @property
    def num_examples(self) -> int:
        """The number of examples."""
        return int(self.images.shape[0])


def put_on_device(
    examples: Examples,
    description: Description,
    strategy: tf.distribute.Strategy,
) -> DeviceData:
    """Returns the examples as tensors on the strategy's device."""
    with strategy.scope():
        return DeviceData(
            tf.constant(examples.images),
            tf.constant(examples.labels),
            description,
        )


def shuffled_indices(
    step: tf.Tensor, seed: tf.Tensor, *, batch_size: int, num_examples: int
) -> tf.Tensor:
    """Returns which examples the batch of a step is made of.

    The order is a pure function of seed, epoch and position: every example
    comes once an epoch, and a batch may span two epochs.

    Args:
        step: int64 scalar, from 0.
        seed: int32 [2].
        batch_size: Examples a step.
        num_examples: Examples of the split.

    Returns:
        int64 [batch_size], each in [0, num_examples).
    """
    positions = step * batch_size + tf.range(batch_size, dtype=tf.int64)
    epochs, positions = positions // num_examples, positions % num_examples
    keys = tf.broadcast_to(tf.cast(seed, tf.int64), [batch_size, 2])
    # The raw operation, since `index_shuffle` takes no seed per position.
    return tf.raw_ops.RandomIndexShuffle(
        index=positions,
        seed=tf.concat([keys, epochs[:, tf.newaxis]], axis=1),
        max_index=tf.constant(num_examples - 1, tf.int64),
    )

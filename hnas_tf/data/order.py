"""The order of pictures: a pure function of seed, epoch and position."""

import tensorflow as tf


def shuffled_indices(
    positions: tf.Tensor, seed: tf.Tensor, *, num_examples: int
) -> tf.Tensor:
    """Returns which examples stand at positions of an endless shuffled row.

    Every example comes once an epoch, each epoch has an order of its own, and
    neighbours may belong to two epochs.

    Args:
        positions: int64 [positions], from 0.
        seed: int32 or int64 [2].
        num_examples: Examples of an epoch.

    Returns:
        int64 [positions], each in [0, num_examples).
    """
    epochs, positions = positions // num_examples, positions % num_examples
    keys = tf.broadcast_to(tf.cast(seed, tf.int64), [tf.size(positions), 2])
    # The raw operation, since `index_shuffle` takes no seed per position.
    return tf.raw_ops.RandomIndexShuffle(
        index=positions,
        seed=tf.concat([keys, epochs[:, tf.newaxis]], axis=1),
        max_index=tf.constant(num_examples - 1, tf.int64),
    )

"""From pixels as stored to what a network reads: one way for all."""

import tensorflow as tf

from hnas_tf.data.description import Description


def normalize(images: tf.Tensor, description: Description) -> tf.Tensor:
    """Returns images with mean 0 and standard deviation 1 over the training.

    Args:
        images: uint8 or float [batch, height, width, channels], as stored.
        description: Of the dataset.

    Returns:
        float32 [batch, height, width, channels].
    """
    images = tf.cast(images, tf.float32)
    return (images - description.mean) / description.std

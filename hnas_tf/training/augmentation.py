"""What is done to the images of a step: crop and flip (Section 4.1)."""

import tensorflow as tf

from hnas_tf.config import TrainingConfig


def augment(
    images: tf.Tensor, seed: tf.Tensor, config: TrainingConfig
) -> tf.Tensor:
    """Returns a random crop of every image, half of them mirrored if wanted.

    Args:
        images: [batch, height, width, channels].
        seed: int32 [2]; equal seeds give equal crops.
        config: Of the training: `crop_size`, `padding`, `flip`.

    Returns:
        [batch, crop_size, crop_size, channels], of the images' type.
    """
    crop_seed, flip_seed = tf.unstack(
        tf.random.experimental.stateless_split(seed, 2)
    )
    images = _crop(images, crop_seed, config.crop_size, config.padding)
    return _flip(images, flip_seed) if config.flip else images


def _crop(
    images: tf.Tensor, seed: tf.Tensor, size: int, padding: int
) -> tf.Tensor:
    around = [padding, padding]
    images = tf.pad(images, [[0, 0], around, around, [0, 0]])
    batch, height, width, _ = images.shape
    room = tf.constant([height - size + 1, width - size + 1], tf.float32)
    shares = tf.random.stateless_uniform([batch, 2], seed)
    offsets = tf.cast(shares * room, tf.int32)
    rows = offsets[:, :1] + tf.range(size)
    columns = offsets[:, 1:] + tf.range(size)
    images = tf.gather(images, rows, axis=1, batch_dims=1)
    return tf.gather(images, columns, axis=2, batch_dims=1)


def _flip(images: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    chosen = tf.random.stateless_uniform([images.shape[0], 1, 1, 1], seed) < 0.5
    return tf.where(chosen, tf.reverse(images, [2]), images)

"""What is done to the images of a step: crop, flip, colour (Section 4.1)."""

import tensorflow as tf

from hnas_tf.config import TrainingConfig
from hnas_tf.training.replica import Replica

RANDOM = "philox"
"""How random numbers are made: alike on every kind of device."""

_NUM_BITS = 23
_MAX_BRIGHTNESS = 32.0
_CONTRASTS = (0.5, 1.5)


def augment(
    images: tf.Tensor,
    seed: tf.Tensor,
    config: TrainingConfig,
    *,
    replica: Replica,
    on_tpu: bool = False,
) -> tf.Tensor:
    """Returns a random crop of every image, mirrored and coloured if wanted.

    Random numbers are drawn for the whole batch, so that it does not matter
    how many replicas share it.

    Args:
        images: [rows, height, width, channels], a replica's; where crops are
            resized ones they were made when the images were decoded.
        seed: int32 [2]; equal seeds give equal crops.
        config: Of the training: `crop_size`, `padding`, `flip`, `color`.
        replica: Whose rows these are.
        on_tpu: Whether to crop by matrix products, as suits a TPU.

    Returns:
        [rows, crop_size, crop_size, channels], of the images' type, or float32
        where colours are changed.
    """
    crop_seed, flip_seed = tf.unstack(
        tf.random.experimental.stateless_split(seed, 2, alg=RANDOM)
    )
    if config.augmentation == "crop":
        cut = _cut_by_products if on_tpu else _cut_by_gathering
        images = _pad(images, config.padding)
        images = cut(
            images,
            _offsets(images, crop_seed, config.crop_size, replica),
            config.crop_size,
        )
    if config.flip:
        images = _flip(images, flip_seed, replica)
    return _color(images, seed, replica) if config.color else images


def _pad(images: tf.Tensor, padding: int) -> tf.Tensor:
    around = [padding, padding]
    return tf.pad(images, [[0, 0], around, around, [0, 0]])


def _uniform(
    images: tf.Tensor, num: int, seed: tf.Tensor, replica: Replica
) -> tf.Tensor:
    """Returns random numbers in [0, 1) for every image, [rows, num].

    They are made of whole numbers, which are alike on every kind of device;
    those that `stateless_uniform` makes of them are others under XLA.
    """
    batch = images.shape[0] * replica.num_replicas
    bits = tf.random.stateless_uniform(
        [batch, num], seed, None, None, tf.int32, alg=RANDOM
    )
    bits = tf.bitwise.bitwise_and(replica.part(bits), 2**_NUM_BITS - 1)
    return tf.cast(bits, tf.float32) * 0.5**_NUM_BITS


def _offsets(
    images: tf.Tensor, seed: tf.Tensor, size: int, replica: Replica
) -> tf.Tensor:
    """Returns the upper left corner of every crop, int32 [rows, 2]."""
    _, height, width, _ = images.shape
    room = tf.constant([height - size + 1, width - size + 1], tf.float32)
    return tf.cast(_uniform(images, 2, seed, replica) * room, tf.int32)


def _cut_by_gathering(
    images: tf.Tensor, offsets: tf.Tensor, size: int
) -> tf.Tensor:
    rows = offsets[:, :1] + tf.range(size)
    columns = offsets[:, 1:] + tf.range(size)
    images = tf.gather(images, rows, axis=1, batch_dims=1)
    return tf.gather(images, columns, axis=2, batch_dims=1)


def _cut_by_products(
    images: tf.Tensor, offsets: tf.Tensor, size: int
) -> tf.Tensor:
    """Does the same by products with rows of ones and zeros, to the bit.

    Pixels are whole numbers up to 255, which bfloat16 holds exactly.
    """
    _, height, width, _ = images.shape
    rows = tf.one_hot(offsets[:, :1] + tf.range(size), height)
    columns = tf.one_hot(offsets[:, 1:] + tf.range(size), width)
    cut = tf.einsum("brh,bhwc->brwc", rows, tf.cast(images, tf.float32))
    cut = tf.einsum("bsw,brwc->brsc", columns, cut)
    return tf.cast(cut, images.dtype)


def _flip(images: tf.Tensor, seed: tf.Tensor, replica: Replica) -> tf.Tensor:
    chosen = _uniform(images, 1, seed, replica)[:, :, None, None] < 0.5
    return tf.where(chosen, tf.reverse(images, [2]), images)


def _color(images: tf.Tensor, seed: tf.Tensor, replica: Replica) -> tf.Tensor:
    """Changes brightness by up to 32 of 255, and contrast by up to a half.

    The amounts are those of Inception's preprocessing; the paper names only
    what is changed (recalled).
    """
    images = tf.cast(images, tf.float32)
    numbers = _uniform(images, 2, seed, replica)[:, :, None, None, None]
    lowest, highest = _CONTRASTS
    contrast = lowest + (highest - lowest) * numbers[:, 0]
    brightness = (2 * numbers[:, 1] - 1) * _MAX_BRIGHTNESS
    mean = tf.reduce_mean(images, axis=[1, 2], keepdims=True)
    changed = (images - mean) * contrast + mean + brightness
    return tf.clip_by_value(changed, 0.0, 255.0)

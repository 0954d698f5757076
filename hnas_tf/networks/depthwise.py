"""3x3 depthwise convolutions of stride 1, as devices compute them fastest.

Each is what `tf.nn.depthwise_conv2d` is with padding `SAME`; images are
[batch, height, width, channels] and kernels [3, 3, channels, 1].
"""

from typing import Any

import tensorflow as tf

_ONES = [1, 1, 1, 1]
_MARGIN = [[0, 0], [1, 1], [1, 1], [0, 0]]
# Where a window of a padded image begins and ends.
_STRETCHES = (slice(0, -2), slice(1, -1), slice(2, None))


@tf.custom_gradient
def with_padded_gradient(
    images: tf.Tensor, kernel: tf.Tensor
) -> tuple[tf.Tensor, Any]:
    """Computes the gradient of the kernel over padded images.

    For images of at most 2x2 pixels a CPU else does that in a slow loop.
    """

    def gradients(upstream: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        of_images = tf.raw_ops.DepthwiseConv2dNativeBackpropInput(
            input_sizes=tf.shape(images),
            filter=kernel,
            out_backprop=upstream,
            strides=_ONES,
            padding="SAME",
        )
        padded = tf.pad(images, _MARGIN)
        return of_images, _of_kernel(padded, kernel, upstream, "VALID")

    outputs = tf.nn.depthwise_conv2d(images, kernel, _ONES, "SAME")
    return outputs, gradients


@tf.custom_gradient
def as_shifts(images: tf.Tensor, kernel: tf.Tensor) -> tuple[tf.Tensor, Any]:
    """Adds up nine shifted images, in float32, as suits a TPU.

    Its matrix units have little use for a convolution that adds no channels
    up, and its compiler makes one loop of this.
    """

    def gradients(upstream: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        of_images = _sum_of_shifts(upstream, kernel[::-1, ::-1])
        return of_images, _of_kernel(images, kernel, upstream, "SAME")

    return _sum_of_shifts(images, kernel), gradients


def _sum_of_shifts(images: tf.Tensor, kernel: tf.Tensor) -> tf.Tensor:
    padded = tf.pad(images, _MARGIN)
    weights = tf.cast(kernel, tf.float32)
    terms = [
        tf.cast(padded[:, rows, columns], tf.float32) * weights[i, j, :, 0]
        for i, rows in enumerate(_STRETCHES)
        for j, columns in enumerate(_STRETCHES)
    ]
    return tf.cast(tf.add_n(terms), images.dtype)


def _of_kernel(
    images: tf.Tensor, kernel: tf.Tensor, upstream: tf.Tensor, padding: str
) -> tf.Tensor:
    return tf.raw_ops.DepthwiseConv2dNativeBackpropFilter(
        input=images,
        filter_sizes=tf.shape(kernel),
        out_backprop=upstream,
        strides=_ONES,
        padding=padding,
    )

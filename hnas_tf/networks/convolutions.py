"""Convolutions of values that lie in several parts.

A 1x1 convolution of a concatenation is the sum of those of its parts, and a
depthwise one goes part by part.
"""

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from hnas_tf.networks import depthwise
from hnas_tf.networks.parts import (
    Parts,
    Shape,
    Shapes,
    like,
    num_channels,
    shapes_of,
    with_weights,
)

_TINY = 2
_NARROW = 128
"""Channels that do not fill a TPU's matrix unit."""


@keras.saving.register_keras_serializable(package="hnas_tf")
class PointwiseConv(keras.layers.Layer):
    """A 1x1 convolution: parts [..., channels] -> [..., filters]."""

    def __init__(
        self, filters: int, *, as_products: bool = False, **kwargs: Any
    ) -> None:
        """Takes the number of outputs.

        Args:
            filters: The channels of the output.
            as_products: Whether to compute matrix products, as suits a CPU,
                whose convolutions take up to twice as long, and a GPU, where
                XLA fuses nothing with a convolution.
            **kwargs: Of a layer.
        """
        super().__init__(**kwargs)
        self.filters = filters
        self.as_products = as_products

    def build(self, input_shape: Shapes) -> None:
        """Makes the kernel, [channels of all parts, filters]."""
        self.kernel = self.add_weight(
            shape=(num_channels(input_shape), self.filters),
            initializer="zeros",
            name="kernel",
        )

    def call(self, inputs: Parts) -> tf.Tensor:
        """Returns [batch, height, width, filters]."""
        pairs = with_weights(inputs, [self.kernel])
        if self.as_products:
            return _sum_of_products(pairs)
        return _sum(
            [
                tf.nn.conv2d(part, kernel[tf.newaxis, tf.newaxis], 1, "SAME")
                for part, kernel in pairs
            ]
        )

    def compute_output_shape(self, input_shape: Shapes) -> Shape:
        """Returns the shape of the output."""
        return (*shapes_of(input_shape)[0][:-1], self.filters)

    def get_config(self) -> dict[str, Any]:
        """Returns what `__init__` takes."""
        return {
            **super().get_config(),
            "filters": self.filters,
            "as_products": self.as_products,
        }


@keras.saving.register_keras_serializable(package="hnas_tf")
class DepthwiseConv(keras.layers.Layer):
    """A 3x3 depthwise convolution, part by part."""

    def __init__(
        self,
        strides: int = 1,
        *,
        pads_tiny: bool = False,
        as_shifts: bool = False,
        **kwargs: Any,
    ) -> None:
        """Takes the stride.

        Args:
            strides: 1 or 2.
            pads_tiny: Whether images of at most 2x2 pixels are padded for the
                gradient of the kernel, which a CPU else computes in a slow
                loop.
            as_shifts: Whether shifted images of up to 128 channels are added
                up, as suits a TPU.
            **kwargs: Of a layer.
        """
        super().__init__(**kwargs)
        self.strides = strides
        self.pads_tiny = pads_tiny
        self.as_shifts = as_shifts

    def build(self, input_shape: Shapes) -> None:
        """Makes the kernel, [3, 3, channels of all parts, 1]."""
        self.kernel = self.add_weight(
            shape=(3, 3, num_channels(input_shape), 1),
            initializer="zeros",
            name="kernel",
        )

    def call(self, inputs: Parts) -> Parts:
        """Returns of every part its own, with all its channels."""
        pairs = with_weights(inputs, [self.kernel], axis=2)
        return like(inputs, [self._convolve(*pair) for pair in pairs])

    def compute_output_shape(self, input_shape: Shapes) -> Shapes:
        """Returns the shapes of the parts of the output."""
        shapes: list[Shape] = [
            (
                batch,
                *(size and -(-size // self.strides) for size in sizes),
                channels,
            )
            for batch, *sizes, channels in shapes_of(input_shape)
        ]
        return shapes if len(shapes) > 1 else shapes[0]

    def get_config(self) -> dict[str, Any]:
        """Returns what `__init__` takes."""
        return {
            **super().get_config(),
            "strides": self.strides,
            "pads_tiny": self.pads_tiny,
            "as_shifts": self.as_shifts,
        }

    def _convolve(self, part: tf.Tensor, kernel: tf.Tensor) -> tf.Tensor:
        is_narrow = part.shape[-1] <= _NARROW
        if self.strides == 1 and self.as_shifts and is_narrow:
            return depthwise.as_shifts(part, kernel)
        is_tiny = all(size and size <= _TINY for size in part.shape[1:3])
        if self.strides == 1 and self.pads_tiny and is_tiny:
            return depthwise.with_padded_gradient(part, kernel)
        strides = [1, self.strides, self.strides, 1]
        return tf.nn.depthwise_conv2d(part, kernel, strides, "SAME")


def _sum(terms: Sequence[tf.Tensor]) -> tf.Tensor:
    return tf.add_n(terms) if len(terms) > 1 else terms[0]


def _sum_of_products(pairs: Sequence[tuple[tf.Tensor, ...]]) -> tf.Tensor:
    """Returns the sum of the products of every part's pixels and kernel."""
    products = [
        tf.matmul(tf.reshape(part, [-1, part.shape[-1]]), kernel)
        for part, kernel in pairs
    ]
    part, kernel = pairs[0]
    pixels = part.shape[:-1]
    if pixels.is_fully_defined():
        return tf.reshape(_sum(products), pixels + kernel.shape[-1:])
    shape = tf.concat([tf.shape(part)[:-1], kernel.shape[-1:]], axis=0)
    return tf.reshape(_sum(products), shape)

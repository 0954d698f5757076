"""The network of a plan, of Keras' own layers."""

from collections.abc import Callable
from typing import Any

import keras
from keras import layers

from benchmarks.candidates.workload import (
    BATCH_NORM_EPSILON,
    BATCH_NORM_MOMENTUM,
    IMAGE_CHANNELS,
)

_CONVOLUTION = {"padding": "same", "use_bias": False}
_POOL = {"pool_size": 3, "strides": 1, "padding": "same"}

Tensors = list[keras.KerasTensor]


def network(plan: list[list[Any]]) -> keras.Model:
    """Returns the network of a plan, for images of any size."""
    images = keras.Input((None, None, IMAGE_CHANNELS))
    values = [images]
    for kind, inputs, width, stride, name in plan[1:]:
        layer = _LAYERS[kind]
        parts = [values[place] for place in inputs]
        values.append(layer(parts, width, stride, name))
    return keras.Model(images, values[-1])


def _batch_norm_relu(value: keras.KerasTensor, name: str) -> keras.KerasTensor:
    value = layers.BatchNormalization(
        momentum=BATCH_NORM_MOMENTUM,
        epsilon=BATCH_NORM_EPSILON,
        name=f"{name}.batch_norm_relu",
    )(value)
    return layers.ReLU(name=f"{name}.relu")(value)


def _convolution(kernel_size: int) -> Callable[..., keras.KerasTensor]:
    def build(
        inputs: Tensors, width: int, stride: int, name: str
    ) -> keras.KerasTensor:
        value = layers.Conv2D(
            width,
            kernel_size,
            stride,
            kernel_initializer="he_normal",
            name=f"{name}.conv",
            **_CONVOLUTION,
        )(inputs[0])
        return _batch_norm_relu(value, name)

    return build


def _depthwise(
    value: keras.KerasTensor, stride: int, name: str
) -> keras.KerasTensor:
    return layers.DepthwiseConv2D(
        3, stride, name=f"{name}.depthwise", **_CONVOLUTION
    )(value)


def _depthwise_convolution(
    inputs: Tensors, width: int, stride: int, name: str
) -> keras.KerasTensor:
    del width
    return _batch_norm_relu(_depthwise(inputs[0], stride, name), name)


def _separable(
    inputs: Tensors, width: int, stride: int, name: str
) -> keras.KerasTensor:
    value = layers.Conv2D(
        width,
        1,
        kernel_initializer="he_normal",
        name=f"{name}.pointwise",
        **_CONVOLUTION,
    )(_depthwise(inputs[0], stride, name))
    return _batch_norm_relu(value, name)


_LAYERS: dict[str, Callable[..., keras.KerasTensor]] = {
    "conv_3x3": _convolution(3),
    "conv_1x1": _convolution(1),
    "depthwise_conv_3x3": _depthwise_convolution,
    "separable_conv_3x3": _separable,
    "max_pool_3x3": lambda inputs, *_: layers.MaxPooling2D(**_POOL)(inputs[0]),
    "avg_pool_3x3": lambda inputs, *_: layers.AveragePooling2D(**_POOL)(
        inputs[0]
    ),
    "identity": lambda inputs, *_: inputs[0],
    "concatenate": lambda inputs, *_: layers.Concatenate()(inputs),
    "global_avg_pool": lambda inputs, *_: layers.GlobalAveragePooling2D()(
        inputs[0]
    ),
    "dense": lambda inputs, width, _, name: layers.Dense(width, name=name)(
        inputs[0]
    ),
}

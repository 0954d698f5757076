"""What every operation of a plan is, in layers."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
from keras import layers

from hnas_tf.networks.batch_norm import BatchNormRelu
from hnas_tf.networks.convolutions import DepthwiseConv, PointwiseConv
from hnas_tf.networks.parts import apply
from hnas_tf.plan import PlannedOperation
from hnas_tf.plan import plan as kinds

_CHANNELS_LAST = {"data_format": "channels_last"}
_CONVOLUTION = {"padding": "same", "use_bias": False, **_CHANNELS_LAST}
_ZEROS = "zeros"  # `initialize` draws the kernels, here and for every repeat.


Parts = list[keras.KerasTensor]
"""The channels of a value; of a plain network always in one piece."""


@dataclass(frozen=True)
class Common:
    """What the layers of one network have in common.

    Attributes:
        dtype: Keras' dtype policy.
        momentum: Of the moving averages.
        synchronized: Whether replicas share the moments of a batch.
        optimized: Whether layers are our own, which take values in parts.
        device: Of which kind it is to run on: `cpu`, `gpu` or `tpu`.
    """

    dtype: str
    momentum: float
    synchronized: bool
    optimized: bool
    device: str


Build = Callable[[PlannedOperation, Parts, Common], Parts]


def _batch_norm_relu(value: Parts, name: str, common: Common) -> Parts:
    layer = BatchNormRelu(
        common.momentum,
        synchronized=common.synchronized,
        dtype=common.dtype,
        name=f"{name}.batch_norm_relu",
    )
    return apply(layer, value)


def _conv(
    value: Parts, name: str, operation: PlannedOperation, common: Common
) -> Parts:
    """Applies a 1x1 convolution."""
    if not common.optimized:
        return _keras_conv(value, name, operation.width, 1, 1, common)
    layer = PointwiseConv(
        operation.width,
        as_products=common.device != "tpu",
        dtype=common.dtype,
        name=name,
    )
    return apply(layer, value)


def _keras_conv(
    value: Parts,
    name: str,
    width: int,
    kernel_size: int,
    stride: int,
    common: Common,
) -> Parts:
    layer = layers.Conv2D(
        width,
        kernel_size,
        strides=stride,
        kernel_initializer=_ZEROS,
        dtype=common.dtype,
        name=name,
        **_CONVOLUTION,
    )
    return apply(layer, value)


def _depthwise(
    value: Parts, operation: PlannedOperation, common: Common
) -> Parts:
    how = {"dtype": common.dtype, "name": f"{operation.name}.depthwise"}
    stride = operation.stride
    layer = (
        DepthwiseConv(
            stride,
            pads_tiny=common.device == "cpu",
            as_shifts=common.device == "tpu",
            **how,
        )
        if common.optimized
        else layers.DepthwiseConv2D(
            3, stride, depthwise_initializer=_ZEROS, **how, **_CONVOLUTION
        )
    )
    return apply(layer, value)


def _stem(operation: PlannedOperation, inputs: Parts, common: Common) -> Parts:
    _, _, width, stride, name = operation
    value = _keras_conv(inputs, f"{name}.conv", width, 3, stride, common)
    return _batch_norm_relu(value, name, common)


def _convolution(
    operation: PlannedOperation, inputs: Parts, common: Common
) -> Parts:
    value = _conv(inputs, f"{operation.name}.conv", operation, common)
    return _batch_norm_relu(value, operation.name, common)


def _depthwise_convolution(
    operation: PlannedOperation, inputs: Parts, common: Common
) -> Parts:
    value = _depthwise(inputs, operation, common)
    return _batch_norm_relu(value, operation.name, common)


def _separable(
    operation: PlannedOperation, inputs: Parts, common: Common
) -> Parts:
    value = _depthwise(inputs, operation, common)
    value = _conv(value, f"{operation.name}.pointwise", operation, common)
    return _batch_norm_relu(value, operation.name, common)


def _pool(layer: type[layers.Layer]) -> Build:
    def build(
        operation: PlannedOperation, inputs: Parts, common: Common
    ) -> Parts:
        pool = layer(
            3,
            strides=1,
            padding="same",
            dtype=common.dtype,
            name=operation.name,
            **_CHANNELS_LAST,
        )
        return [pool(part) for part in inputs]

    return build


def _identity(
    operation: PlannedOperation, inputs: Parts, common: Common
) -> Parts:
    del operation, common
    return inputs


def _concatenate(
    operation: PlannedOperation, inputs: Parts, common: Common
) -> Parts:
    return [layers.Concatenate(dtype=common.dtype, name=operation.name)(inputs)]


def _global_avg_pool(
    operation: PlannedOperation, inputs: Parts, common: Common
) -> Parts:
    layer = layers.GlobalAveragePooling2D(
        dtype=common.dtype, name=operation.name, **_CHANNELS_LAST
    )
    return apply(layer, inputs)


def _dense(operation: PlannedOperation, inputs: Parts, common: Common) -> Parts:
    del common
    layer = layers.Dense(
        operation.width,
        kernel_initializer=_ZEROS,
        dtype="float32",  # Logits need its digits, whatever comes before.
        name=operation.name,
    )
    return apply(layer, inputs)


BUILDERS: dict[str, Build] = {
    kinds.STEM_CONV: _stem,
    "conv_1x1": _convolution,
    "depthwise_conv_3x3": _depthwise_convolution,
    "separable_conv_3x3": _separable,
    "max_pool_3x3": _pool(layers.MaxPooling2D),
    "avg_pool_3x3": _pool(layers.AveragePooling2D),
    "identity": _identity,
    kinds.CONCATENATE: _concatenate,
    kinds.GLOBAL_AVG_POOL: _global_avg_pool,
    kinds.DENSE: _dense,
}
"""By the kind of operation."""

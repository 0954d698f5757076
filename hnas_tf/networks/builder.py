"""A plan as a Keras functional graph: a chain of tensor -> tensor functions."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import tensorflow as tf
from keras import layers

from hnas_tf.config import NetworkConfig
from hnas_tf.errors import require
from hnas_tf.networks.batch_norm import BatchNormRelu
from hnas_tf.networks.convolutions import DepthwiseConv, PointwiseConv
from hnas_tf.networks.parts import apply
from hnas_tf.plan import Plan, PlannedOperation, join_many, normalize
from hnas_tf.plan import plan as kinds

_CHANNELS_LAST = {"data_format": "channels_last"}
_CONVOLUTION = {"padding": "same", "use_bias": False, **_CHANNELS_LAST}
_ZEROS = "zeros"  # `initialize` draws the kernels, here and for every repeat.

# Of `precision`. Variables are float32 in both.
_POLICIES = {"float32": "float32", "bfloat16": "mixed_bfloat16"}

Parts = list[keras.KerasTensor]
"""The channels of a value; of a plain network always in one piece."""


@dataclass(frozen=True)
class _Common:
    """What the layers of one network have in common.

    Attributes:
        dtype: Keras' dtype policy.
        momentum: Of the moving averages.
        synchronized: Whether replicas share the moments of a batch.
        optimized: Whether layers are our own, which take values in parts.
        on_cpu: Whether the network is to run there.
    """

    dtype: str
    momentum: float
    synchronized: bool
    optimized: bool
    on_cpu: bool


Build = Callable[[PlannedOperation, Parts, _Common], Parts]


def build_plan(
    plan: Plan,
    config: NetworkConfig,
    *,
    image_size: tuple[int | None, int | None],
    precision: str = "float32",
) -> keras.Model:
    """Returns the network of a plan.

    Where the configuration says `optimize_graph`, of the normalized plan, and
    of layers that take values in parts. Both have the same variables under the
    same names, and give the same, to rounding.

    Args:
        plan: Of the network.
        config: What the plan was made with.
        image_size: Height and width; `None` leaves them open.
        precision: `float32`, or `bfloat16`, in which all layers but the last
            compute. Images, variables and logits are float32 in both.

    Returns:
        images [batch, height, width, channels] -> logits [batch, classes].

    Raises:
        InvalidError: if the precision is another.
    """
    require(
        precision in _POLICIES,
        "precision",
        f"be one of {', '.join(_POLICIES)}",
        precision,
    )
    common = _Common(
        dtype=_POLICIES[precision],
        momentum=config.batch_norm_momentum,
        synchronized=config.batch_norm_statistics == "synchronized",
        optimized=config.optimize_graph,
        on_cpu=_is_on_cpu(),
    )
    if config.optimize_graph:
        plan = join_many(normalize(plan))
    images = keras.Input(
        (*image_size, config.image_channels),
        dtype="float32",
        name=kinds.IMAGES,
    )
    values = [[images]]
    for operation in plan.operations[1:]:
        inputs = sum((values[i] for i in operation.inputs), start=[])
        values.append(_BUILDERS[operation.kind](operation, inputs, common))
    (logits,) = values[-1]
    return keras.Model(images, logits, name="network")


def _is_on_cpu() -> bool:
    """Returns whether what is now built is to run on a CPU."""
    if not tf.distribute.has_strategy():
        return not tf.config.list_logical_devices("GPU")
    devices = tf.distribute.get_strategy().extended.worker_devices
    kind = tf.DeviceSpec.from_string(devices[0]).device_type
    return bool(kind == "CPU")


def _batch_norm_relu(value: Parts, name: str, common: _Common) -> Parts:
    layer = BatchNormRelu(
        common.momentum,
        synchronized=common.synchronized,
        dtype=common.dtype,
        name=f"{name}.batch_norm_relu",
    )
    return apply(layer, value)


def _conv(
    value: Parts, name: str, operation: PlannedOperation, common: _Common
) -> Parts:
    """Applies a convolution that is not depthwise."""
    if common.optimized and operation.kind != kinds.STEM_CONV:
        layer = PointwiseConv(
            operation.width,
            as_products=common.on_cpu,
            dtype=common.dtype,
            name=name,
        )
        return apply(layer, value)
    is_stem = operation.kind == kinds.STEM_CONV
    layer = layers.Conv2D(
        operation.width,
        3 if is_stem else 1,
        strides=operation.stride if is_stem else 1,
        kernel_initializer=_ZEROS,
        dtype=common.dtype,
        name=name,
        **_CONVOLUTION,
    )
    return apply(layer, value)


def _depthwise(
    value: Parts, operation: PlannedOperation, common: _Common
) -> Parts:
    name = f"{operation.name}.depthwise"
    if common.optimized:
        layer = DepthwiseConv(
            operation.stride,
            pads_tiny=common.on_cpu,
            dtype=common.dtype,
            name=name,
        )
        return apply(layer, value)
    layer = layers.DepthwiseConv2D(
        3,
        strides=operation.stride,
        depthwise_initializer=_ZEROS,
        dtype=common.dtype,
        name=name,
        **_CONVOLUTION,
    )
    return apply(layer, value)


def _convolution(
    operation: PlannedOperation, inputs: Parts, common: _Common
) -> Parts:
    value = _conv(inputs, f"{operation.name}.conv", operation, common)
    return _batch_norm_relu(value, operation.name, common)


def _depthwise_convolution(
    operation: PlannedOperation, inputs: Parts, common: _Common
) -> Parts:
    value = _depthwise(inputs, operation, common)
    return _batch_norm_relu(value, operation.name, common)


def _separable(
    operation: PlannedOperation, inputs: Parts, common: _Common
) -> Parts:
    value = _depthwise(inputs, operation, common)
    value = _conv(value, f"{operation.name}.pointwise", operation, common)
    return _batch_norm_relu(value, operation.name, common)


def _pool(layer: type[layers.Layer]) -> Build:
    def build(
        operation: PlannedOperation, inputs: Parts, common: _Common
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
    operation: PlannedOperation, inputs: Parts, common: _Common
) -> Parts:
    del operation, common
    return inputs


def _concatenate(
    operation: PlannedOperation, inputs: Parts, common: _Common
) -> Parts:
    return [layers.Concatenate(dtype=common.dtype, name=operation.name)(inputs)]


def _global_avg_pool(
    operation: PlannedOperation, inputs: Parts, common: _Common
) -> Parts:
    layer = layers.GlobalAveragePooling2D(
        dtype=common.dtype, name=operation.name, **_CHANNELS_LAST
    )
    return apply(layer, inputs)


def _dense(
    operation: PlannedOperation, inputs: Parts, common: _Common
) -> Parts:
    del common
    layer = layers.Dense(
        operation.width,
        kernel_initializer=_ZEROS,
        dtype="float32",  # Logits need its digits, whatever comes before.
        name=operation.name,
    )
    return apply(layer, inputs)


_BUILDERS: dict[str, Build] = {
    kinds.STEM_CONV: _convolution,
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

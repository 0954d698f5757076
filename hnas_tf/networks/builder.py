"""A plan as a Keras functional graph: a chain of tensor -> tensor functions."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
from keras import layers

from hnas_tf.config import NetworkConfig
from hnas_tf.errors import require
from hnas_tf.networks.batch_norm import BatchNormRelu
from hnas_tf.plan import Plan, PlannedOperation
from hnas_tf.plan import plan as kinds

_CHANNELS_LAST = {"data_format": "channels_last"}
_CONVOLUTION = {"padding": "same", "use_bias": False, **_CHANNELS_LAST}
_ZEROS = "zeros"  # `initialize` draws the kernels, here and for every repeat.

# Of `precision`. Variables are float32 in both.
_POLICIES = {"float32": "float32", "bfloat16": "mixed_bfloat16"}


@dataclass(frozen=True)
class _Common:
    """What the layers of one network have in common.

    Attributes:
        dtype: Keras' dtype policy.
        momentum: Of the moving averages.
        synchronized: Whether replicas share the moments of a batch.
    """

    dtype: str
    momentum: float
    synchronized: bool


Build = Callable[
    [PlannedOperation, list[keras.KerasTensor], _Common],
    keras.KerasTensor,
]


def build_plan(
    plan: Plan,
    config: NetworkConfig,
    *,
    image_size: tuple[int | None, int | None],
    precision: str = "float32",
) -> keras.Model:
    """Returns the network of a plan.

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
    )
    images = keras.Input(
        (*image_size, config.image_channels),
        dtype="float32",
        name=kinds.IMAGES,
    )
    values = [images]
    for operation in plan.operations[1:]:
        inputs = [values[position] for position in operation.inputs]
        values.append(_BUILDERS[operation.kind](operation, inputs, common))
    return keras.Model(images, values[-1], name="network")


def _batch_norm_relu(
    value: keras.KerasTensor, name: str, common: _Common
) -> keras.KerasTensor:
    return BatchNormRelu(
        common.momentum,
        synchronized=common.synchronized,
        dtype=common.dtype,
        name=f"{name}.batch_norm_relu",
    )(value)


def _convolution(kernel_size: int) -> Build:
    def build(
        operation: PlannedOperation,
        inputs: list[keras.KerasTensor],
        common: _Common,
    ) -> keras.KerasTensor:
        value = layers.Conv2D(
            operation.width,
            kernel_size,
            strides=operation.stride,
            kernel_initializer=_ZEROS,
            dtype=common.dtype,
            name=f"{operation.name}.conv",
            **_CONVOLUTION,
        )(inputs[0])
        return _batch_norm_relu(value, operation.name, common)

    return build


def _depthwise(
    value: keras.KerasTensor, operation: PlannedOperation, common: _Common
) -> keras.KerasTensor:
    return layers.DepthwiseConv2D(
        3,
        strides=operation.stride,
        depthwise_initializer=_ZEROS,
        dtype=common.dtype,
        name=f"{operation.name}.depthwise",
        **_CONVOLUTION,
    )(value)


def _depthwise_convolution(
    operation: PlannedOperation,
    inputs: list[keras.KerasTensor],
    common: _Common,
) -> keras.KerasTensor:
    value = _depthwise(inputs[0], operation, common)
    return _batch_norm_relu(value, operation.name, common)


def _separable(
    operation: PlannedOperation,
    inputs: list[keras.KerasTensor],
    common: _Common,
) -> keras.KerasTensor:
    value = _depthwise(inputs[0], operation, common)
    value = layers.Conv2D(
        operation.width,
        1,
        kernel_initializer=_ZEROS,
        dtype=common.dtype,
        name=f"{operation.name}.pointwise",
        **_CONVOLUTION,
    )(value)
    return _batch_norm_relu(value, operation.name, common)


def _pool(layer: type[layers.Layer]) -> Build:
    def build(
        operation: PlannedOperation,
        inputs: list[keras.KerasTensor],
        common: _Common,
    ) -> keras.KerasTensor:
        return layer(
            3,
            strides=1,
            padding="same",
            dtype=common.dtype,
            name=operation.name,
            **_CHANNELS_LAST,
        )(inputs[0])

    return build


def _identity(
    operation: PlannedOperation,
    inputs: list[keras.KerasTensor],
    common: _Common,
) -> keras.KerasTensor:
    del operation, common
    return inputs[0]


def _concatenate(
    operation: PlannedOperation,
    inputs: list[keras.KerasTensor],
    common: _Common,
) -> keras.KerasTensor:
    return layers.Concatenate(dtype=common.dtype, name=operation.name)(inputs)


def _global_avg_pool(
    operation: PlannedOperation,
    inputs: list[keras.KerasTensor],
    common: _Common,
) -> keras.KerasTensor:
    return layers.GlobalAveragePooling2D(
        dtype=common.dtype, name=operation.name, **_CHANNELS_LAST
    )(inputs[0])


def _dense(
    operation: PlannedOperation,
    inputs: list[keras.KerasTensor],
    common: _Common,
) -> keras.KerasTensor:
    del common
    return layers.Dense(
        operation.width,
        kernel_initializer=_ZEROS,
        dtype="float32",  # Logits need its digits, whatever comes before.
        name=operation.name,
    )(inputs[0])


_BUILDERS: dict[str, Build] = {
    kinds.STEM_CONV: _convolution(3),
    "conv_1x1": _convolution(1),
    "depthwise_conv_3x3": _depthwise_convolution,
    "separable_conv_3x3": _separable,
    "max_pool_3x3": _pool(layers.MaxPooling2D),
    "avg_pool_3x3": _pool(layers.AveragePooling2D),
    "identity": _identity,
    kinds.CONCATENATE: _concatenate,
    kinds.GLOBAL_AVG_POOL: _global_avg_pool,
    kinds.DENSE: _dense,
}

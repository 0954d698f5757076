"""A plan as a Keras functional graph: a chain of tensor -> tensor functions."""

from collections.abc import Callable

import keras
from keras import layers

from hnas_tf.config import NetworkConfig
from hnas_tf.networks.batch_norm import BatchNormRelu
from hnas_tf.plan import Plan, PlannedOperation
from hnas_tf.plan import plan as kinds

_CHANNELS_LAST = {"data_format": "channels_last"}
_CONVOLUTION = {"padding": "same", "use_bias": False, **_CHANNELS_LAST}
_ZEROS = "zeros"  # `initialize` draws the kernels, here and for every repeat.

Build = Callable[
    [PlannedOperation, list[keras.KerasTensor], NetworkConfig],
    keras.KerasTensor,
]


def build_plan(
    plan: Plan,
    config: NetworkConfig,
    *,
    image_size: tuple[int | None, int | None],
) -> keras.Model:
    """Returns the network of a plan.

    Args:
        plan: Of the network.
        config: What the plan was made with.
        image_size: Height and width; `None` leaves them open.

    Returns:
        images [batch, height, width, channels] -> logits [batch, classes].
    """
    images = keras.Input(
        (*image_size, config.image_channels), name=kinds.IMAGES
    )
    values = [images]
    for operation in plan.operations[1:]:
        inputs = [values[position] for position in operation.inputs]
        values.append(_BUILDERS[operation.kind](operation, inputs, config))
    return keras.Model(images, values[-1], name="network")


def _batch_norm_relu(
    value: keras.KerasTensor, name: str, config: NetworkConfig
) -> keras.KerasTensor:
    return BatchNormRelu(
        config.batch_norm_momentum, name=f"{name}.batch_norm_relu"
    )(value)


def _convolution(kernel_size: int) -> Build:
    def build(
        operation: PlannedOperation,
        inputs: list[keras.KerasTensor],
        config: NetworkConfig,
    ) -> keras.KerasTensor:
        value = layers.Conv2D(
            operation.width,
            kernel_size,
            strides=operation.stride,
            kernel_initializer=_ZEROS,
            name=f"{operation.name}.conv",
            **_CONVOLUTION,
        )(inputs[0])
        return _batch_norm_relu(value, operation.name, config)

    return build


def _depthwise(
    value: keras.KerasTensor, stride: int, name: str
) -> keras.KerasTensor:
    return layers.DepthwiseConv2D(
        3,
        strides=stride,
        depthwise_initializer=_ZEROS,
        name=f"{name}.depthwise",
        **_CONVOLUTION,
    )(value)


def _depthwise_convolution(
    operation: PlannedOperation,
    inputs: list[keras.KerasTensor],
    config: NetworkConfig,
) -> keras.KerasTensor:
    value = _depthwise(inputs[0], operation.stride, operation.name)
    return _batch_norm_relu(value, operation.name, config)


def _separable(
    operation: PlannedOperation,
    inputs: list[keras.KerasTensor],
    config: NetworkConfig,
) -> keras.KerasTensor:
    value = _depthwise(inputs[0], operation.stride, operation.name)
    value = layers.Conv2D(
        operation.width,
        1,
        kernel_initializer=_ZEROS,
        name=f"{operation.name}.pointwise",
        **_CONVOLUTION,
    )(value)
    return _batch_norm_relu(value, operation.name, config)


def _pool(layer: type[layers.Layer]) -> Build:
    def build(
        operation: PlannedOperation,
        inputs: list[keras.KerasTensor],
        config: NetworkConfig,
    ) -> keras.KerasTensor:
        del config
        return layer(
            3, strides=1, padding="same", name=operation.name, **_CHANNELS_LAST
        )(inputs[0])

    return build


def _identity(
    operation: PlannedOperation,
    inputs: list[keras.KerasTensor],
    config: NetworkConfig,
) -> keras.KerasTensor:
    del operation, config
    return inputs[0]


def _concatenate(
    operation: PlannedOperation,
    inputs: list[keras.KerasTensor],
    config: NetworkConfig,
) -> keras.KerasTensor:
    del config
    return layers.Concatenate(name=operation.name)(inputs)


def _global_avg_pool(
    operation: PlannedOperation,
    inputs: list[keras.KerasTensor],
    config: NetworkConfig,
) -> keras.KerasTensor:
    del config
    return layers.GlobalAveragePooling2D(name=operation.name, **_CHANNELS_LAST)(
        inputs[0]
    )


def _dense(
    operation: PlannedOperation,
    inputs: list[keras.KerasTensor],
    config: NetworkConfig,
) -> keras.KerasTensor:
    del config
    return layers.Dense(
        operation.width,
        kernel_initializer=_ZEROS,
        dtype="float32",
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

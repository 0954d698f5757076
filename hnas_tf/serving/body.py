"""A trained network as a function of TensorFlow's own operations.

It holds no Keras, and its weights are constants: so the graph optimizer of
whoever loads it fuses each convolution with its bias and ReLU, and keeps the
kernels in the layout that the processor likes best.
"""

from collections.abc import Callable

import tensorflow as tf

from hnas_tf.data import Description
from hnas_tf.data.preprocessing import normalize
from hnas_tf.plan import Plan, PlannedOperation
from hnas_tf.plan import plan as kinds
from hnas_tf.serving.folding import Weights


def compute_logits(
    images: tf.Tensor,
    plan: Plan,
    weights: dict[str, Weights],
    description: Description,
) -> tf.Tensor:
    """Returns the logits, float32 [batch, classes].

    Args:
        images: float32 [batch, height, width, channels], as stored.
        plan: Of the network, normalized.
        weights: Of its operations; arrays become constants of the graph that
            is being traced, variables stay what they are.
        description: Of the pictures.
    """
    values = _Values(normalize(images, description))
    for operation in plan.operations[1:]:
        value = values.of(operation.inputs)
        values.add(_APPLY[operation.kind](value, operation, weights))
    return values.of((len(plan.operations) - 1,))


class _Values:
    """What was computed so far, by its position in the plan."""

    def __init__(self, images: tf.Tensor) -> None:
        self._values = [images]
        self._joined: dict[tuple[int, ...], tf.Tensor] = {}

    def add(self, value: tf.Tensor) -> None:
        """Takes the value of the next operation."""
        self._values.append(value)

    def of(self, positions: tuple[int, ...]) -> tf.Tensor:
        """Returns values side by side; the same are not joined twice."""
        if len(positions) == 1:
            return self._values[positions[0]]
        if positions not in self._joined:
            parts = [self._values[position] for position in positions]
            self._joined[positions] = tf.concat(parts, axis=-1)
        return self._joined[positions]


_Weights = dict[str, Weights]
Apply = Callable[[tf.Tensor, PlannedOperation, _Weights], tf.Tensor]


def _convolution(
    value: tf.Tensor, operation: PlannedOperation, weights: _Weights
) -> tf.Tensor:
    """Applies whichever of the two convolutions an operation has, and ReLU."""
    own, stride = weights[operation.name], operation.stride
    if own.depthwise is not None:
        kernel = tf.convert_to_tensor(own.depthwise)
        strides = [1, stride, stride, 1]
        value = tf.nn.depthwise_conv2d(value, kernel, strides, "SAME")
        stride = 1
    if own.kernel is not None:
        kernel = tf.convert_to_tensor(own.kernel)
        value = tf.nn.conv2d(value, kernel, stride, "SAME")
    return tf.nn.relu(tf.nn.bias_add(value, tf.convert_to_tensor(own.bias)))


def _pool(pool: Callable[..., tf.Tensor]) -> Apply:
    return lambda value, operation, weights: pool(value, 3, 1, "SAME")


def _global_avg_pool(
    value: tf.Tensor, operation: PlannedOperation, weights: _Weights
) -> tf.Tensor:
    del operation, weights
    return tf.reduce_mean(value, axis=[1, 2])


def _linear(
    value: tf.Tensor, operation: PlannedOperation, weights: _Weights
) -> tf.Tensor:
    own = weights[operation.name]
    product = tf.linalg.matmul(value, tf.convert_to_tensor(own.kernel))
    return tf.nn.bias_add(product, tf.convert_to_tensor(own.bias))


_APPLY: dict[str, Apply] = {
    kinds.STEM_CONV: _convolution,
    "conv_1x1": _convolution,
    "depthwise_conv_3x3": _convolution,
    "separable_conv_3x3": _convolution,
    "max_pool_3x3": _pool(tf.nn.max_pool2d),
    "avg_pool_3x3": _pool(tf.nn.avg_pool2d),
    kinds.GLOBAL_AVG_POOL: _global_avg_pool,
    kinds.DENSE: _linear,
}

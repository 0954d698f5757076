"""A trained network as a function of TensorFlow's own operations.

It holds no Keras, and its weights are constants: so the graph optimizer of
whoever loads it fuses each convolution with its bias and ReLU, and keeps the
kernels in the layout that the processor likes best.
"""

from collections.abc import Callable, Hashable, Sequence

import tensorflow as tf

from hnas_tf.data import Description
from hnas_tf.data.preprocessing import normalize
from hnas_tf.plan import Plan, PlannedOperation
from hnas_tf.plan import plan as kinds
from hnas_tf.serving.folding import Weights

Parts = tuple[tf.Tensor, ...]
"""The channels of a value, in parts: a concatenation that nobody needs whole
is not made."""


def compute_logits(
    images: tf.Tensor,
    plan: Plan,
    weights: dict[str, Weights],
    description: Description,
) -> tf.Tensor:
    """Returns the logits, float32 [batch, classes].

    Args:
        images: float32 [batch, height, width, channels], as stored.
        plan: Of the network.
        weights: Of its operations; arrays become constants of the graph that
            is being traced, variables stay what they are.
        description: Of the pictures.
    """
    graph = _Graph(weights)
    values: list[Parts] = [(normalize(images, description),)]
    for operation in plan.operations[1:]:
        inputs = [values[position] for position in operation.inputs]
        values.append(_APPLY[operation.kind](graph, operation, inputs))
    (logits,) = values[-1]
    return logits


class _Graph:
    """What was computed so far; the same is not computed twice."""

    def __init__(self, weights: dict[str, Weights]) -> None:
        self.weights = weights
        self._known: dict[tuple[Hashable, ...], tf.Tensor] = {}

    def once(
        self, function: Callable[..., tf.Tensor], *tensors: tf.Tensor
    ) -> tf.Tensor:
        """Returns a function of tensors that has no weights."""
        key = (function, *(tensor.ref() for tensor in tensors))
        if key not in self._known:
            self._known[key] = function(*tensors)
        return self._known[key]

    def whole(self, parts: Parts) -> tf.Tensor:
        """Returns a value in one piece."""
        return parts[0] if len(parts) == 1 else self.once(_joined, *parts)


def _joined(*parts: tf.Tensor) -> tf.Tensor:
    return tf.concat(parts, axis=-1)


def _max_pool(part: tf.Tensor) -> tf.Tensor:
    return tf.nn.max_pool2d(part, 3, 1, "SAME")


def _avg_pool(part: tf.Tensor) -> tf.Tensor:
    return tf.nn.avg_pool2d(part, 3, 1, "SAME")


Apply = Callable[[_Graph, PlannedOperation, Sequence[Parts]], Parts]


def _convolution(
    graph: _Graph, operation: PlannedOperation, inputs: Sequence[Parts]
) -> Parts:
    """Applies whichever of the two convolutions an operation has, and ReLU."""
    weights = graph.weights[operation.name]
    value, stride = graph.whole(inputs[0]), operation.stride
    if weights.depthwise is not None:
        strides = [1, stride, stride, 1]
        kernel = tf.convert_to_tensor(weights.depthwise)
        value = tf.nn.depthwise_conv2d(value, kernel, strides, "SAME")
        stride = 1
    if weights.kernel is not None:
        kernel = tf.convert_to_tensor(weights.kernel)
        value = tf.nn.conv2d(value, kernel, stride, "SAME")
    bias = tf.convert_to_tensor(weights.bias)
    return (tf.nn.relu(tf.nn.bias_add(value, bias)),)


def _part_by_part(pool: Callable[[tf.Tensor], tf.Tensor]) -> Apply:
    def apply(
        graph: _Graph, operation: PlannedOperation, inputs: Sequence[Parts]
    ) -> Parts:
        del operation
        return tuple(graph.once(pool, part) for part in inputs[0])

    return apply


def _side_by_side(
    graph: _Graph, operation: PlannedOperation, inputs: Sequence[Parts]
) -> Parts:
    """Concatenates; of one value, that is the identity."""
    del graph, operation
    return sum(inputs, ())


def _global_avg_pool(
    graph: _Graph, operation: PlannedOperation, inputs: Sequence[Parts]
) -> Parts:
    del operation
    return (tf.reduce_mean(graph.whole(inputs[0]), axis=[1, 2]),)


def _linear(
    graph: _Graph, operation: PlannedOperation, inputs: Sequence[Parts]
) -> Parts:
    weights = graph.weights[operation.name]
    kernel = tf.convert_to_tensor(weights.kernel)
    product = tf.linalg.matmul(graph.whole(inputs[0]), kernel)
    return (tf.nn.bias_add(product, tf.convert_to_tensor(weights.bias)),)


_APPLY: dict[str, Apply] = {
    kinds.STEM_CONV: _convolution,
    "conv_1x1": _convolution,
    "depthwise_conv_3x3": _convolution,
    "separable_conv_3x3": _convolution,
    "max_pool_3x3": _part_by_part(_max_pool),
    "avg_pool_3x3": _part_by_part(_avg_pool),
    "identity": _side_by_side,
    kinds.CONCATENATE: _side_by_side,
    kinds.GLOBAL_AVG_POOL: _global_avg_pool,
    kinds.DENSE: _linear,
}

"""hnas_tf without one of the things that make a step fast."""

import functools
from typing import Any

import tensorflow as tf

from benchmarks.candidates import ours
from benchmarks.candidates.workload import Workload
from hnas_tf.networks import batch_norm, builder, operations
from hnas_tf.plan import join_many
from hnas_tf.plan.normalize import _Normalized


class Plain(ours.Program):
    """The genotype operation by operation, as `--optimize_graph=false`."""

    def __init__(self, workload: Workload) -> None:
        super().__init__(workload)
        self._network = _replaced(self._network, optimize_graph=False)


class UnfusedBatchNorm(ours.Program):
    """Batch norm of moments and sums, as Keras makes it."""

    def __init__(self, workload: Workload) -> None:
        super().__init__(workload)
        batch_norm.BatchNormRelu._alone = _alone  # type: ignore[method-assign]


class Convolutions(ours.Program):
    """1x1 convolutions as such, where they are products otherwise."""

    def __init__(self, workload: Workload) -> None:
        super().__init__(workload)
        _choose("PointwiseConv", as_products=False)


class UnpaddedDepthwise(ours.Program):
    """Depthwise convolutions of tiny images without zeros around them."""

    def __init__(self, workload: Workload) -> None:
        super().__init__(workload)
        _choose("DepthwiseConv", pads_tiny=False)


class Joined(ours.Program):
    """Parts joined again wherever they are read."""

    def __init__(self, workload: Workload) -> None:
        super().__init__(workload)
        builder.join_many = functools.partial(join_many, max_parts=1)


class NeverJoined(ours.Program):
    """Parts never joined again, however many there are."""

    def __init__(self, workload: Workload) -> None:
        super().__init__(workload)
        builder.join_many = lambda plan: plan


class PoolsApart(ours.Program):
    """Equal pools of one input computed each for itself."""

    def __init__(self, workload: Workload) -> None:
        super().__init__(workload)
        _Normalized._pool = _pool  # type: ignore[method-assign]


def _replaced(config: Any, **changes: Any) -> Any:
    return type(config)(**{**vars(config), **changes})


def _choose(layer: str, **chosen: Any) -> None:
    """Has the layers of a kind made with other arguments."""
    make = getattr(operations, layer)

    def made(*args: Any, **kwargs: Any) -> Any:
        return make(*args, **{**kwargs, **chosen})

    setattr(operations, layer, made)


def _alone(
    self: batch_norm.BatchNormRelu,
    part: tf.Tensor,
    scale: tf.Tensor,
    offset: tf.Tensor,
) -> Any:
    mean, variance = tf.nn.moments(part, [0, 1, 2])
    outputs = tf.nn.batch_normalization(
        part, mean, variance, offset, scale, self.epsilon
    )
    return batch_norm._Normalized(outputs, mean, variance)


def _pool(self: Any, operation: Any, inputs: Any) -> Any:
    known, self._pools = self._pools, {}
    try:
        return _merged(self, operation, inputs)
    finally:
        self._pools = known


_merged = _Normalized._pool

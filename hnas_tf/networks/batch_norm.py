"""Batch normalization and ReLU as one layer over TensorFlow's fused kernel.

Keras' own layer computes the moments from a dozen small operations; this one
trains a candidate half as fast again.
"""

import contextlib
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from typing import Any, NamedTuple

import keras
import tensorflow as tf

from hnas_tf.networks.parts import (
    Parts,
    Shapes,
    like,
    num_channels,
    with_weights,
)

_MOMENTS_ONLY: ContextVar[bool] = ContextVar("moments_only", default=False)


@contextlib.contextmanager
def moments_only() -> Iterator[None]:
    """Makes layers put the moments of a batch where averages are kept.

    For whoever averages those of all layers together, in one operation instead
    of six a layer.
    """
    token = _MOMENTS_ONLY.set(True)
    try:
        yield
    finally:
        _MOMENTS_ONLY.reset(token)


class _Normalized(NamedTuple):
    """A part, and the moments that the moving averages take in."""

    outputs: tf.Tensor
    mean: tf.Tensor
    variance: tf.Tensor


@keras.saving.register_keras_serializable(package="hnas_tf")
class BatchNormRelu(keras.layers.Layer):
    """Normalizes over the batch, scales, offsets, and rectifies.

    In training the moments are those of the batch, and moving averages of
    them are kept; otherwise the moving averages are used. The averages hold
    the biased variance, as Keras' do.

    Where several replicas share a batch, `synchronized` says whether the
    moments are those of all of it, or each replica's of its own part. Every
    replica keeps its own moving averages, so that a step needs no further
    communication; outside of the replicas their mean is read and saved. They
    are all equal if synchronized.

    Scale, offset and moments are float32, whatever the inputs are. Of a value
    that lies in several parts the layer takes a list, and returns one.
    """

    def __init__(
        self,
        momentum: float = 0.9,
        epsilon: float = 1e-3,
        synchronized: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.momentum = momentum
        self.epsilon = epsilon
        self.synchronized = synchronized

    def build(self, input_shape: Shapes) -> None:
        """Makes scale, offset and the moving averages, [channels] each."""
        shape = (num_channels(input_shape),)
        # Read without autocast: the kernel takes them in float32 alone.
        self.gamma = self.add_weight(
            shape=shape, name="gamma", initializer="ones", autocast=False
        )
        self.beta = self.add_weight(
            shape=shape, name="beta", initializer="zeros", autocast=False
        )
        self.moving_mean = _moving_average(shape, "zeros", "moving_mean")
        self.moving_variance = _moving_average(shape, "ones", "moving_variance")

    def call(self, inputs: Parts, training: bool = False) -> Parts:
        """Returns [batch, height, width, channels], like the inputs."""
        weights = [self.gamma, self.beta]
        if training:
            parts = [
                self._normalize(*part) for part in with_weights(inputs, weights)
            ]
            self._average(parts)
            return like(inputs, [tf.nn.relu(part.outputs) for part in parts])
        weights += [self.moving_mean, self.moving_variance]
        outputs = [
            tf.nn.relu(self._fused(*part, training=False).y)
            for part in with_weights(inputs, weights)
        ]
        return like(inputs, outputs)

    def compute_output_shape(self, input_shape: Shapes) -> Shapes:
        """Returns the shape of the inputs."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Returns what `__init__` takes."""
        return {
            **super().get_config(),
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "synchronized": self.synchronized,
        }

    def _normalize(
        self, part: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor
    ) -> _Normalized:
        replica = tf.distribute.get_replica_context()
        if self.synchronized and replica and replica.num_replicas_in_sync > 1:
            return self._over_replicas(part, scale, offset, replica)
        return self._alone(part, scale, offset)

    def _fused(
        self, part: tf.Tensor, *weights: tf.Tensor, training: bool
    ) -> Any:
        scale, offset, mean, variance = weights
        return tf.raw_ops.FusedBatchNormV3(
            x=part,
            scale=scale,
            offset=offset,
            mean=mean,
            variance=variance,
            epsilon=self.epsilon,
            is_training=training,
        )

    def _alone(
        self, part: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor
    ) -> _Normalized:
        """Normalizes by the moments of what this replica has."""
        found = self._fused(part, scale, offset, [], [], training=True)
        # The kernel gives n / (n - 1) times the biased variance.
        biased = found.batch_variance * _biased_share(part)
        return _Normalized(found.y, found.batch_mean, biased)

    def _over_replicas(
        self,
        part: tf.Tensor,
        scale: tf.Tensor,
        offset: tf.Tensor,
        replica: tf.distribute.ReplicaContext,
    ) -> _Normalized:
        """Normalizes by the moments of the whole batch.

        The fused kernel cannot: it gives a replica's own moments, and has no
        gradient for others.
        """
        values = tf.cast(part, tf.float32)
        mean, variance = _moments_of_all(values, replica)
        outputs = tf.nn.batch_normalization(
            values, mean, variance, offset, scale, self.epsilon
        )
        return _Normalized(tf.cast(outputs, part.dtype), mean, variance)

    def _average(self, parts: Sequence[_Normalized]) -> None:
        for average, values in (
            (self.moving_mean, [part.mean for part in parts]),
            (self.moving_variance, [part.variance for part in parts]),
        ):
            value = values[0] if len(values) == 1 else tf.concat(values, 0)
            if not _MOMENTS_ONLY.get():
                before = tf.convert_to_tensor(average)
                value = before - (before - value) * (1.0 - self.momentum)
            average.assign(value)


def _biased_share(part: tf.Tensor) -> float | tf.Tensor:
    """Returns (n - 1) / n, where a channel has n pixels over the batch."""
    pixels = part.shape[:-1]
    if pixels.is_fully_defined():
        return (pixels.num_elements() - 1) / pixels.num_elements()
    count = tf.cast(tf.reduce_prod(tf.shape(part)[:-1]), tf.float32)
    return (count - 1.0) / count


def _moving_average(
    shape: tuple[int | None, ...], initializer: str, name: str
) -> keras.Variable:
    """Returns a variable that every replica assigns by itself.

    `add_weight` would track one as well, but cannot make it `on_read`.
    """
    return keras.Variable(
        initializer,
        shape=shape,
        dtype="float32",
        trainable=False,
        autocast=False,
        aggregation="mean",
        synchronization="on_read",
        name=name,
    )


def _moments_of_all(
    values: tf.Tensor, replica: tf.distribute.ReplicaContext
) -> tuple[tf.Tensor, tf.Tensor]:
    """Returns mean and biased variance over all replicas, [channels] each.

    Exact where every replica has equally many pixels, and unlike
    `E[x^2] - E[x]^2` without cancellation where the mean is large.

    Args:
        values: What this replica has, [batch, height, width, channels].
        replica: Its context.
    """
    own = tf.stack(tf.nn.moments(values, axes=[0, 1, 2]))
    row = tf.one_hot(
        replica.replica_id_in_sync_group, replica.num_replicas_in_sync
    )
    # Each fills its own row, so that a sum brings all rows to everyone.
    rows = replica.all_reduce(
        tf.distribute.ReduceOp.SUM, row[:, tf.newaxis, tf.newaxis] * own
    )
    means, variances = rows[:, 0], rows[:, 1]
    mean = tf.reduce_mean(means, axis=0)
    between = tf.reduce_mean(tf.math.squared_difference(means, mean), axis=0)
    return mean, tf.reduce_mean(variances, axis=0) + between

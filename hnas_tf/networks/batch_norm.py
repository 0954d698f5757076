"""Batch normalization and ReLU as one layer over TensorFlow's fused kernel.

Keras' own layer computes the moments from a dozen small operations; this one
trains a candidate half as fast again.
"""

from typing import Any, NamedTuple

import keras
import tensorflow as tf


class _Normalized(NamedTuple):
    """Outputs, and the moments that the moving averages take in."""

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

    Scale, offset and moments are float32, whatever the inputs are.
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

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Makes scale, offset and the moving averages, [channels] each."""
        shape = (input_shape[-1],)
        # Read without autocast: the kernel takes them in float32 alone.
        self.gamma = self.add_weight(
            shape=shape, name="gamma", initializer="ones", autocast=False
        )
        self.beta = self.add_weight(
            shape=shape, name="beta", initializer="zeros", autocast=False
        )
        self.moving_mean = _moving_average(shape, "zeros", "moving_mean")
        self.moving_variance = _moving_average(shape, "ones", "moving_variance")

    def call(self, inputs: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Returns [batch, height, width, channels], like the inputs."""
        if not training:
            return tf.nn.relu(self._fused(inputs, training=False).y)
        replica = tf.distribute.get_replica_context()
        if self.synchronized and replica and replica.num_replicas_in_sync > 1:
            found = self._over_replicas(inputs, replica)
        else:
            found = self._alone(inputs)
        self._average(found)
        return tf.nn.relu(found.outputs)

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
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

    def _fused(self, inputs: tf.Tensor, *, training: bool) -> Any:
        return tf.raw_ops.FusedBatchNormV3(
            x=inputs,
            scale=tf.convert_to_tensor(self.gamma.value),
            offset=tf.convert_to_tensor(self.beta.value),
            mean=[] if training else self.moving_mean.value,
            variance=[] if training else self.moving_variance.value,
            epsilon=self.epsilon,
            is_training=training,
        )

    def _alone(self, inputs: tf.Tensor) -> _Normalized:
        """Normalizes by the moments of what this replica has."""
        found = self._fused(inputs, training=True)
        # The kernel gives n / (n - 1) times the biased variance.
        count = tf.cast(tf.size(inputs) / tf.shape(inputs)[-1], tf.float32)
        biased = found.batch_variance * ((count - 1.0) / count)
        return _Normalized(found.y, found.batch_mean, biased)

    def _over_replicas(
        self, inputs: tf.Tensor, replica: tf.distribute.ReplicaContext
    ) -> _Normalized:
        """Normalizes by the moments of the whole batch.

        The fused kernel cannot: it gives a replica's own moments, and has no
        gradient for others.
        """
        values = tf.cast(inputs, tf.float32)
        mean, variance = _moments_of_all(values, replica)
        outputs = tf.nn.batch_normalization(
            values,
            mean,
            variance,
            tf.convert_to_tensor(self.beta.value),
            tf.convert_to_tensor(self.gamma.value),
            self.epsilon,
        )
        return _Normalized(tf.cast(outputs, inputs.dtype), mean, variance)

    def _average(self, found: _Normalized) -> None:
        for average, value in (
            (self.moving_mean.value, found.mean),
            (self.moving_variance.value, found.variance),
        ):
            average.assign_sub((average - value) * (1.0 - self.momentum))


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

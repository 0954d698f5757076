"""Batch normalization and ReLU as one layer over TensorFlow's fused kernel.

Keras' own layer computes the moments from a dozen small operations; this one
trains a candidate half as fast again.
"""

from typing import Any

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable(package="hnas_tf")
class BatchNormRelu(keras.layers.Layer):
    """Normalizes over the batch, scales, offsets, and rectifies.

    In training the moments are those of the batch, and moving averages of
    them are kept; otherwise the moving averages are used. The averages hold
    the biased variance, as Keras' do.
    """

    def __init__(
        self, momentum: float = 0.9, epsilon: float = 1e-3, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.momentum = momentum
        self.epsilon = epsilon

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Makes scale, offset and the moving averages, [channels] each."""
        shape = (input_shape[-1],)
        self.gamma = self.add_weight(
            shape=shape, name="gamma", initializer="ones"
        )
        self.beta = self.add_weight(
            shape=shape, name="beta", initializer="zeros"
        )
        self.moving_mean = self.add_weight(
            shape=shape,
            name="moving_mean",
            initializer="zeros",
            trainable=False,
        )
        self.moving_variance = self.add_weight(
            shape=shape,
            name="moving_variance",
            initializer="ones",
            trainable=False,
        )

    def call(self, inputs: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Returns [batch, height, width, channels], like the inputs."""
        outputs = tf.raw_ops.FusedBatchNormV3(
            x=inputs,
            scale=tf.convert_to_tensor(self.gamma.value),
            offset=tf.convert_to_tensor(self.beta.value),
            mean=[] if training else self.moving_mean.value,
            variance=[] if training else self.moving_variance.value,
            epsilon=self.epsilon,
            is_training=training,
        )
        if training:
            self._average(inputs, outputs.batch_mean, outputs.batch_variance)
        return tf.nn.relu(outputs.y)

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
        }

    def _average(
        self, inputs: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor
    ) -> None:
        # The kernel gives n / (n - 1) times the biased variance.
        count = tf.cast(tf.size(inputs) / tf.shape(inputs)[-1], tf.float32)
        biased = variance * ((count - 1.0) / count)
        for average, value in (
            (self.moving_mean.value, mean),
            (self.moving_variance.value, biased),
        ):
            average.assign_sub((average - value) * (1.0 - self.momentum))

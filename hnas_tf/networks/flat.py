"""The variables of a network, one after another in three vectors.

A candidate has some hundreds of variables. Where they are three, a step
updates three, devices that share a batch exchange two, and the graph of a step
has some thousands of operations less, each of which costs time to trace.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from hnas_tf.networks.batch_norm import BatchNormRelu, moments_only
from hnas_tf.networks.initialization import (
    initial_values,
    ordered_variables,
)


class FlatNetwork:
    """A network that computes with three vectors instead of its variables.

    Made in the scope of a strategy. The variables of the Keras model are as
    they were until `to_model` fills them. Within a vector they follow the order
    of `initial_values`.

    Attributes:
        model: images -> logits.
        kernels: Of convolutions and Dense: what decays, float32 [numbers].
        others: Scales, offsets and biases, float32 [numbers].
        averages: The moving averages of batch norm, float32 [numbers]; every
            replica keeps its own.
    """

    def __init__(self, model: keras.Model) -> None:
        self.model = model
        variables = ordered_variables(model)
        trained = [v for v in variables if v.trainable]
        kernels = _Vector([v for v in trained if len(v.shape) > 1])
        others = _Vector([v for v in trained if len(v.shape) == 1])
        averages = _Vector(
            [v for v in variables if not v.trainable],
            trainable=False,
            synchronization=tf.VariableSynchronization.ON_READ,
            aggregation=tf.VariableAggregation.MEAN,
        )
        self._vectors = (kernels, others, averages)
        self._momentum = _momentum_of(model)
        self.kernels, self.others, self.averages = (
            vector.flat for vector in self._vectors
        )

    def initialize(self, seed: Sequence[int]) -> None:
        """Sets everything to where a training starts.

        Args:
            seed: Whole numbers of at least 0; equal seeds give equal values.
        """
        values = {id(v): value for v, value in initial_values(self.model, seed)}
        for vector in self._vectors:
            flat = [values[id(v)].ravel() for v in vector.variables]
            vector.flat.assign(np.concatenate(flat))

    def to_model(self) -> None:
        """Sets the variables of the model to what the vectors hold."""
        for vector in self._vectors:
            for variable, value in vector.pairs(vector.flat):
                variable.assign(value)

    def train(
        self, images: tf.Tensor, kernels: tf.Tensor, others: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Returns the logits of a step, and the averages after it.

        In a replica.

        Args:
            images: float32 [batch, height, width, channels], normalized.
            kernels: What `kernels` holds, to take gradients of.
            others: What `others` holds.
        """
        with self._scope(kernels, others) as scope, moments_only():
            logits = self.model(images, training=True)
        moments = [
            scope.get_current_value(variable)
            for variable in self._vectors[-1].variables
        ]
        before = tf.convert_to_tensor(self.averages)
        missing = before - tf.concat(moments, axis=0)
        return logits, before - missing * (1.0 - self._momentum)

    def infer(self, images: tf.Tensor) -> tf.Tensor:
        """Returns the logits with moving averages, float32 [batch, classes]."""
        with self._scope(self.kernels, self.others):
            return self.model(images, training=False)

    def _scope(
        self, kernels: tf.Tensor, others: tf.Tensor
    ) -> keras.StatelessScope:
        """Returns the scope in which the model's variables have our values."""
        flats = (kernels, others, self.averages)
        return keras.StatelessScope(
            [
                pair
                for vector, flat in zip(self._vectors, flats, strict=True)
                for pair in vector.pairs(flat)
            ]
        )


def _momentum_of(model: keras.Model) -> float:
    """Returns the one momentum of all moving averages."""
    (momentum,) = {
        layer.momentum
        for layer in model.layers
        if isinstance(layer, BatchNormRelu)
    }
    return float(momentum)


class _Vector:
    """Variables, and the one that holds their values one after another."""

    def __init__(
        self, variables: Sequence[keras.Variable], **options: Any
    ) -> None:
        self.variables = variables
        self._sizes = [int(np.prod(v.shape)) for v in variables]
        self.flat = tf.Variable(tf.zeros([sum(self._sizes)]), **options)

    def pairs(
        self, flat: tf.Tensor | tf.Variable
    ) -> Iterator[tuple[keras.Variable, tf.Tensor]]:
        """Yields every variable with its stretch of a vector, in its shape."""
        stretches = tf.split(tf.convert_to_tensor(flat), self._sizes)
        for variable, values in zip(self.variables, stretches, strict=True):
            is_vector = len(variable.shape) == 1
            yield (
                variable,
                values if is_vector else tf.reshape(values, variable.shape),
            )

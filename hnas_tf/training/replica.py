"""What one replica does of a step, and what all of them know together."""

from collections.abc import Sequence
from typing import NamedTuple

import tensorflow as tf

from hnas_tf.errors import require


class Replica(NamedTuple):
    """The device that a part of a batch is computed on.

    Attributes:
        number: From 0; a tensor where there are several.
        num_replicas: How many there are.
    """

    number: tf.Tensor | int
    num_replicas: int

    def part(self, values: tf.Tensor) -> tf.Tensor:
        """Returns this replica's rows of what the whole batch has."""
        if self.num_replicas == 1:
            return values
        size = values.shape[0] // self.num_replicas
        start = tf.cast(self.number, tf.int32) * size
        begin = tf.stack([start] + [0] * (values.shape.rank - 1))
        return tf.slice(values, begin, [size, *values.shape[1:]])

    def sums(self, values: Sequence[tf.Tensor]) -> list[tf.Tensor]:
        """Returns the sums over all replicas."""
        if self.num_replicas == 1:
            return list(values)
        context = tf.distribute.get_replica_context()
        return list(
            context.all_reduce(tf.distribute.ReduceOp.SUM, list(values))
        )

    def rows(self, part: tf.Tensor) -> tf.Tensor:
        """Returns the rows of all replicas, one after another.

        A sum of what is zero elsewhere: legal on every device.
        """
        if self.num_replicas == 1:
            return part
        mine = tf.one_hot(self.number, self.num_replicas, dtype=part.dtype)
        mine = tf.reshape(mine, [self.num_replicas] + [1] * part.shape.rank)
        (whole,) = self.sums([mine * part])
        return tf.reshape(whole, [-1, *part.shape[1:]])


def this_replica() -> Replica:
    """Returns the replica that is being traced."""
    context = tf.distribute.get_replica_context()
    count = context.num_replicas_in_sync
    number = context.replica_id_in_sync_group if count > 1 else 0
    return Replica(number, count)


def require_divisible(
    batch_size: int, strategy: tf.distribute.Strategy
) -> None:
    """Checks that a batch can be shared out evenly.

    Raises:
        InvalidError: if it cannot.
    """
    count = strategy.num_replicas_in_sync
    require(
        batch_size % count == 0,
        "batch_size",
        f"be a multiple of {count}, the number of devices",
        batch_size,
    )


def first(value: tf.Tensor, strategy: tf.distribute.Strategy) -> tf.Tensor:
    """Returns what the first replica here returned, where all agree."""
    return strategy.experimental_local_results(value)[0]

"""A replica of several, of which the others are not there."""

from typing import Any

import tensorflow as tf


class OneOf(tf.distribute.ReplicaContext):
    """What a step is traced in that several devices take together.

    It does what each of them does. Only a sum over all is this one's own, as
    one device's program says nothing to others.
    """

    def __init__(self, strategy: tf.distribute.Strategy, number: int) -> None:
        """Takes a strategy of one device, and how many replicas it is of."""
        # Which of them it is, no real replica knows before it runs either.
        super().__init__(strategy, tf.zeros([], tf.int32))
        self._number = number

    @property
    def num_replicas_in_sync(self) -> int:
        """How many there are said to be."""
        return self._number

    def all_reduce(
        self, reduce_op: tf.distribute.ReduceOp, value: Any, options: Any = None
    ) -> Any:
        """Returns what this one has."""
        del reduce_op, options
        return value

"""What a plan computes, written out: a number for every channel.

Two channels have the same number if and only if they are the same function of
the images, as far as one can tell without knowing the weights.
"""

from hnas_tf.plan import plan as kinds

POOLS = ("max_pool_3x3", "avg_pool_3x3")
JOINS = ("identity", kinds.CONCATENATE)


class Meaning:
    """Numbers for channels; plans that share one can be compared."""

    def __init__(self):
        self._numbers = {}

    def of(self, plan):
        """Returns the numbers of the channels of the logits."""
        values = []
        for operation in plan.operations:
            channels = sum((values[i] for i in operation.inputs), ())
            values.append(self._apply(operation, channels))
            assert len(values[-1]) == operation.width, operation.name
        return values[-1]

    def _apply(self, operation, channels):
        kind, _, width, stride, name = operation
        if kind in JOINS:
            return channels
        if kind in POOLS:
            return tuple(self._number(kind, stride, c) for c in channels)
        # Equal inputs of other weights are something else.
        return tuple(
            self._number(kind, stride, name, channels, i) for i in range(width)
        )

    def _number(self, *function):
        return self._numbers.setdefault(function, len(self._numbers))

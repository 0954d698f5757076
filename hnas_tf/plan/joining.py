"""Values in very many parts, joined again.

Without concatenations a plan costs least while parts are few. In the flat
space they can be a hundred, and a depthwise convolution hands all of them on.
"""

from hnas_tf.plan.plan import CONCATENATE, Plan, PlannedOperation

MAX_PARTS = 8
_PART_BY_PART = ("depthwise_conv_3x3", "max_pool_3x3", "avg_pool_3x3")


def join_many(plan: Plan, max_parts: int = MAX_PARTS) -> Plan:
    """Returns a normalized plan in which no operation reads many parts.

    Where one would read more than `max_parts`, it reads their concatenation;
    others that read the same read the same one.
    """
    joined = _Joined(max_parts)
    for operation in plan.operations:
        joined.add(operation)
    return Plan(tuple(joined.operations))


class _Joined:
    """The operations written down so far."""

    def __init__(self, max_parts: int) -> None:
        self.operations: list[PlannedOperation] = []
        self._max_parts = max_parts
        self._positions: list[int] = []  # Here, of every original operation.
        self._num_parts: list[int] = []  # Of every operation's value.
        self._known: dict[tuple[int, ...], int] = {}

    def add(self, operation: PlannedOperation) -> None:
        """Takes the next operation of the plan."""
        inputs = tuple(self._positions[i] for i in operation.inputs)
        if self._count(inputs) > self._max_parts:
            inputs = (self._concatenation(inputs, operation.name),)
        keeps_parts = operation.kind in _PART_BY_PART
        num_parts = self._count(inputs) if keeps_parts else 1
        operation = operation._replace(inputs=inputs)
        self._positions.append(self._write(operation, num_parts))

    def _count(self, inputs: tuple[int, ...]) -> int:
        return sum(self._num_parts[i] for i in inputs)

    def _concatenation(self, inputs: tuple[int, ...], name: str) -> int:
        if inputs not in self._known:
            width = sum(self.operations[i].width for i in inputs)
            operation = PlannedOperation(
                CONCATENATE, inputs, width, 1, f"{name}.{CONCATENATE}"
            )
            self._known[inputs] = self._write(operation, 1)
        return self._known[inputs]

    def _write(self, operation: PlannedOperation, num_parts: int) -> int:
        self.operations.append(operation)
        self._num_parts.append(num_parts)
        return len(self.operations) - 1

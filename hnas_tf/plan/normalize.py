"""The one normalization of a plan: the same network, in fewer operations.

It knows four rules, and every one is exact: what the logits do not depend on
is left out; an identity is what it reads; a concatenation is not computed,
whoever reads it reads its parts; and of pools that read the same there is one,
of a concatenation's parts too. An operation with weights stays as it is, for
two convolutions of one input are not one; so a normalized plan has the weights
of the original, under the same names.
"""

from hnas_tf.plan.plan import CONCATENATE, Plan, PlannedOperation

Positions = tuple[int, ...]

_JOINS = ("identity", CONCATENATE)
_POOLS = ("max_pool_3x3", "avg_pool_3x3")


def normalize(plan: Plan) -> Plan:
    """Returns the plan that is equal and has nothing left to leave out.

    It has neither identities nor concatenations; what read one reads several
    values side by side, in their order, which is that of its weights. A pool
    reads one value.
    """
    normalized = _Normalized()
    needed = _needed(plan)
    values: list[Positions] = []  # Of each operation, where its channels are.
    for position, operation in enumerate(plan.operations):
        inputs = sum((values[i] for i in operation.inputs), ())
        keep = normalized.add if position in needed else _leave_out
        values.append(keep(operation, inputs))
    return Plan(tuple(normalized.operations))


def _needed(plan: Plan) -> set[int]:
    """Returns the positions that the logits, the last, depend on."""
    needed = {0, len(plan.operations) - 1}
    for position in reversed(range(len(plan.operations))):
        if position in needed:
            needed.update(plan.operations[position].inputs)
    return needed


def _leave_out(operation: PlannedOperation, inputs: Positions) -> Positions:
    del operation, inputs
    return ()


class _Normalized:
    """The operations that were kept so far."""

    def __init__(self) -> None:
        self.operations: list[PlannedOperation] = []
        self._pools: dict[tuple[str, int], int] = {}

    def add(self, operation: PlannedOperation, inputs: Positions) -> Positions:
        """Returns where the channels of an operation are."""
        if operation.kind in _JOINS:
            return inputs
        if operation.kind in _POOLS:
            return self._pool(operation, inputs)
        return (self._keep(operation._replace(inputs=inputs)),)

    def _pool(
        self, operation: PlannedOperation, inputs: Positions
    ) -> Positions:
        """Returns the pools of every part; those that are known are not new."""
        name = operation.name
        for number, part in enumerate(inputs, start=1):
            if (operation.kind, part) in self._pools:
                continue
            self._pools[operation.kind, part] = self._keep(
                operation._replace(
                    inputs=(part,),
                    width=self.operations[part].width,
                    name=f"{name}.part_{number}" if len(inputs) > 1 else name,
                )
            )
        return tuple(self._pools[operation.kind, part] for part in inputs)

    def _keep(self, operation: PlannedOperation) -> int:
        self.operations.append(operation)
        return len(self.operations) - 1

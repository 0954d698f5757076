"""One motif: a labelled graph of a few nodes (Section 2.1 of the paper)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from hnas_tf.errors import GenotypeError, shortened

Operation = str | int | None
"""What an edge carries: a primitive's name (level 2), the 1-based number of a
motif of the level below (higher levels), or `None`, which means no edge."""

MAX_NODES = 64

_TYPES = (str, int, type(None))


class Edge(NamedTuple):
    """An edge `source -> target` and the operation that it carries."""

    source: int
    target: int
    operation: str | int


@dataclass(frozen=True)
class Motif:
    """A directed graph with one source and one sink, nodes numbered from 1.

    Row i (from 1) lists the operations on the edges from nodes 1..i into node
    i + 1, as in the JSON format; a motif of n nodes has n - 1 rows.

    >>> motif = Motif((("conv_1x1",), (None, "identity")))
    >>> motif.num_nodes, motif.operation(source=2, target=3)
    (3, 'identity')

    Raises:
        GenotypeError: if there are no rows, too many, or ragged ones.
    """

    rows: tuple[tuple[Operation, ...], ...]

    def __post_init__(self) -> None:
        """Checks shape and types; what an edge may carry is the level's."""
        object.__setattr__(self, "rows", tuple(map(tuple, self.rows)))
        if not 2 <= self.num_nodes <= MAX_NODES:
            raise GenotypeError(
                f"A motif must have 2 to {MAX_NODES} nodes. "
                f"Received: {self.num_nodes} nodes"
            )
        for number, row in enumerate(self.rows, start=1):
            if len(row) != number:
                raise GenotypeError(
                    f"Row {number} of a motif must list {number} operations. "
                    f"Received: {len(row)} operations"
                )
            for operation in row:
                if type(operation) not in _TYPES:  # Not even True is a 1.
                    raise GenotypeError(
                        f"Row {number} of a motif must list names, numbers "
                        f"and none. Received: {shortened(operation)}"
                    )

    @property
    def num_nodes(self) -> int:
        """The number of nodes; node 1 is the source, the last the sink."""
        return len(self.rows) + 1

    def operation(self, *, source: int, target: int) -> Operation:
        """Returns what the edge `source -> target` carries."""
        return self.rows[target - 2][source - 1]

    def edges(self) -> Iterator[Edge]:
        """Yields the edges that carry an operation, by target, then source."""
        for target, row in enumerate(self.rows, start=2):
            for source, operation in enumerate(row, start=1):
                if operation is not None:
                    yield Edge(source, target, operation)

    def with_edges(
        self, edges: Iterable[tuple[int, int, Operation]]
    ) -> "Motif":
        """Returns a copy with other operations on some edges.

        Args:
            edges: Source, target and operation of each, the last one last.
        """
        rows = [list(row) for row in self.rows]
        for source, target, operation in edges:
            rows[target - 2][source - 1] = operation
        return Motif(tuple(map(tuple, rows)))

"""The only expansion of a genotype: genotype + network -> plan.

This is the paper's `assemble` (Algorithm 1), with operations that are written
down instead of applied to tensors.
"""

from itertools import groupby
from operator import attrgetter

from hnas_tf.config import NetworkConfig
from hnas_tf.errors import GenotypeError, TooLargeError
from hnas_tf.genotype import PRIMITIVES, Genotype, live_edges
from hnas_tf.genotype.liveness import LiveGenotype
from hnas_tf.plan.outline import cells_in_group, count_cells, stem_of
from hnas_tf.plan.plan import (
    CONCATENATE,
    DENSE,
    GLOBAL_AVG_POOL,
    IMAGES,
    STEM_CONV,
    Plan,
    PlannedOperation,
)

MAX_OPERATIONS = 200_000


def make_plan(genotype: Genotype, config: NetworkConfig) -> Plan:
    """Returns the network of stem, cells and head as a graph of operations.

    Raises:
        GenotypeError: if the cell carries nothing.
        TooLargeError: if the cells would have more than `MAX_OPERATIONS`.
    """
    expansion = _Expansion(genotype, config)
    value = expansion.add(IMAGES, (), config.image_channels, IMAGES)
    for width, stride, name in stem_of(config):
        value = expansion.add(
            STEM_CONV, (value,), width, f"stem.{name}", stride=stride
        )
    for group in range(1, config.num_groups + 1):
        value = _add_group(expansion, value, group, config)
    value = expansion.add(
        GLOBAL_AVG_POOL,
        (value,),
        expansion.width_of(value),
        f"head.{GLOBAL_AVG_POOL}",
    )
    expansion.add(DENSE, (value,), config.num_classes, f"head.{DENSE}")
    return Plan(tuple(expansion.operations))


def _add_group(
    expansion: "_Expansion", value: int, group: int, config: NetworkConfig
) -> int:
    """Adds the cells of a group, each followed by a separable convolution.

    The convolution halves the resolution and doubles the channels only where
    another group follows.
    """
    width = config.num_channels * 2 ** (group - 1)
    num_cells = cells_in_group(group, config)
    for cell in range(1, num_cells + 1):
        halves = cell == num_cells and group < config.num_groups
        name = f"group{group}.cell{cell}"
        value = expansion.assemble_cell(value, width, name)
        value = expansion.add(
            "separable_conv_3x3",
            (value,),
            2 * width if halves else width,
            f"{name}.separable_conv_3x3",
            stride=2 if halves else 1,
        )
    return value


def _num_edges(live: LiveGenotype) -> int:
    """Returns how many edges a cell has in the end, motifs written out."""
    below: list[int] = []
    for motifs in live:
        below = [
            sum(
                1 + (below[e.operation - 1] if type(e.operation) is int else 0)
                for e in edges
            )
            for edges in motifs
        ]
    return below[0]


class _Expansion:
    """The operations written down so far."""

    def __init__(self, genotype: Genotype, config: NetworkConfig) -> None:
        self.operations: list[PlannedOperation] = []
        self._genotype = genotype
        self._live = live_edges(genotype)
        self._motif_width = config.motif_width
        if not self._live[-1][0]:
            raise GenotypeError(
                "Expected a cell with a path from source to sink. Received: "
                "a cell that carries nothing"
            )
        size = count_cells(config) * _num_edges(self._live)
        if size > MAX_OPERATIONS:
            raise TooLargeError(
                f"Expected a network of at most {MAX_OPERATIONS} operations. "
                f"Received: a genotype that needs {size}"
            )

    def add(
        self,
        kind: str,
        inputs: tuple[int, ...],
        width: int,
        name: str,
        *,
        stride: int = 1,
    ) -> int:
        """Adds an operation and returns its position."""
        self.operations.append(
            PlannedOperation(kind, inputs, width, stride, name)
        )
        return len(self.operations) - 1

    def width_of(self, value: int) -> int:
        """Returns the channels of an operation's output."""
        return self.operations[value].width

    def assemble_cell(self, source: int, width: int, name: str) -> int:
        """Adds the cell, reading `source`; returns the position of its sink."""
        return self._assemble(self._genotype.num_levels, 1, source, width, name)

    def _assemble(
        self, level: int, number: int, source: int, width: int, name: str
    ) -> int:
        """Adds a motif: every node merges the operations on its edges."""
        values = {1: source}
        sink = 1
        edges = self._live[level - 2][number - 1]
        for sink, incoming in groupby(edges, attrgetter("target")):
            parts = tuple(
                self._apply(
                    level - 1,
                    edge.operation,
                    values[edge.source],
                    width,
                    f"{name}.edge_{edge.source}_{sink}",
                )
                for edge in incoming
            )
            values[sink] = self._merge(parts, f"{name}.node_{sink}")
        return values[sink]

    def _apply(
        self,
        level: int,
        operation: str | int,
        source: int,
        width: int,
        name: str,
    ) -> int:
        """Adds an operation of `level`: a primitive, or a motif assembled."""
        if isinstance(operation, str):
            if not PRIMITIVES[operation].sets_width:
                width = self.width_of(source)
            return self.add(operation, (source,), width, f"{name}.{operation}")
        name = f"{name}.motif{operation}"
        value = self._assemble(level, operation, source, width, name)
        if level > 2:
            return value
        # Section 2.3: the width that concatenation gave is taken back.
        if self._motif_width == "input":
            width = self.width_of(source)
        return self.add("conv_1x1", (value,), width, f"{name}.conv_1x1")

    def _merge(self, parts: tuple[int, ...], name: str) -> int:
        """Adds the concatenation of several parts; one part is itself."""
        if len(parts) == 1:
            return parts[0]
        width = sum(map(self.width_of, parts))
        return self.add(CONCATENATE, parts, width, name)

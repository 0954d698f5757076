"""The digest of a network: equal for two genotypes whose networks are equal.

Two networks are equal if their normalized plans are the same graph, whatever
their operations are called, in whatever order they come, and in whatever order
an operation reads its inputs. To tell, the operations are brought into an order
that depends on the graph alone, and written down in it: the canonical form.
What is written is the whole graph, so that different networks never share one.

The order is found as in the programs for isomorphic graphs: operations get
colours by what they are, then by the colours of what they read and of who reads
them, until nothing changes (Weisfeiler and Leman, 1968). Where some still have
one colour, one is set apart, and colours spread again (McKay, 1981).
"""

import dataclasses
import json
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from zlib import crc32

from hnas_tf.config import NetworkConfig
from hnas_tf.genotype import Genotype
from hnas_tf.plan.expansion import make_plan
from hnas_tf.plan.normalize import normalize
from hnas_tf.plan.plan import Plan, PlannedOperation

Colours = list[int]

# How a network is computed, and what its averages forget, is no part of it.
_IRRELEVANT = ("optimize_graph", "batch_norm_momentum", "batch_norm_statistics")


def network_digest(genotype: Genotype, config: NetworkConfig) -> str:
    """Returns what is equal for two genotypes exactly if their networks are.

    All cells of a network are alike: one of them, and the configuration, say
    what it is.

    Raises:
        GenotypeError: if the genotype cannot be assembled.
    """
    single = dataclasses.replace(config, num_groups=1, cells_per_group=1)
    around = {
        name: value
        for name, value in dataclasses.asdict(config).items()
        if name not in _IRRELEVANT
    }
    cell = canonical_form(make_plan(genotype, single))
    words = json.dumps([around, cell], sort_keys=True)
    return sha256(words.encode()).hexdigest()


def canonical_form(plan: Plan) -> list[list[object]]:
    """Returns kind, width, stride and inputs of a plan's operations, in order.

    Equal for two plans exactly if their normalized graphs are the same.
    """
    graph = _Graph(normalize(plan).operations)
    order = graph.order()
    place = {node: position for position, node in enumerate(order)}
    return [
        [
            *_content(graph.operations[node]),
            sorted(place[i] for i in graph.operations[node].inputs),
        ]
        for node in order
    ]


def _content(operation: PlannedOperation) -> tuple[str, int, int]:
    return operation.kind, operation.width, operation.stride


class _Graph:
    """Operations, and who reads each of them."""

    def __init__(self, operations: Sequence[PlannedOperation]) -> None:
        self.operations = operations
        self._readers: list[list[int]] = [[] for _ in operations]
        for position, operation in enumerate(operations):
            for i in operation.inputs:
                self._readers[i].append(position)

    def order(self) -> list[int]:
        """Returns the positions in an order that the graph alone decides."""
        colours = self._spread(
            # `hash` of text differs from process to process.
            [
                hash((crc32(kind.encode()), width, stride))
                for kind, width, stride in map(_content, self.operations)
            ]
        )
        while shared := _smallest_shared(colours):
            # Those that look alike afterwards, too, may trade places.
            colours = min(
                (self._apart(colours, n) for n in _of(colours, shared)),
                key=sorted,
            )
        return sorted(range(len(colours)), key=colours.__getitem__)

    def _apart(self, colours: Colours, node: int) -> Colours:
        """Returns the colours that follow if a node has one of its own."""
        changed = list(colours)
        changed[node] = hash((changed[node], 1))
        return self._spread(changed)

    def _spread(self, colours: Colours) -> Colours:
        """Returns colours that tell apart whatever has different neighbours."""
        colours = list(colours)
        count = 0
        while count < (count := len(set(colours))) < len(colours):
            for node, operation in enumerate(self.operations):
                read = sorted(colours[i] for i in operation.inputs)
                colours[node] = hash((colours[node], *read))
            for node in reversed(range(len(colours))):
                reading = sorted(colours[i] for i in self._readers[node])
                colours[node] = hash((colours[node], *reading))
        return colours


def _smallest_shared(colours: Colours) -> int | None:
    """Returns the smallest colour that several have, if any is."""
    shared = [c for c, number in Counter(colours).items() if number > 1]
    return min(shared, default=None)


def _of(colours: Colours, colour: int) -> list[int]:
    return [node for node, found in enumerate(colours) if found == colour]

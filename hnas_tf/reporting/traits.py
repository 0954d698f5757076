"""What an individual is like, in figures that can be compared."""

from collections import Counter

from hnas_tf.evolution import Individual, Mutation
from hnas_tf.genotype import PRIMITIVES, Genotype, live_edges
from hnas_tf.plan import Plan

WITH_WEIGHTS = frozenset(
    (
        *("conv_3x3", "conv_1x1", "depthwise_conv_3x3", "separable_conv_3x3"),
        "dense",
    )
)

REPRESENTATIONS = ("flat", "hierarchical")
ORIGINS = (
    *("given", "random", "child"),
    *("edge added", "edge altered", "edge removed", "nothing changed"),
)


def representation(genotype: Genotype) -> str:
    """Returns whether it has motifs of motifs, or one motif of primitives."""
    return REPRESENTATIONS[genotype.num_levels > 2]


def depth(plan: Plan) -> int:
    """Returns how many layers with weights the longest path leads through."""
    depths: list[int] = []
    for operation in plan.operations:
        above = max((depths[i] for i in operation.inputs), default=0)
        depths.append(above + (operation.kind in WITH_WEIGHTS))
    return depths[-1]


def num_live_edges(genotype: Genotype) -> int:
    """Returns how many live edges the cell and the motifs in use have.

    A motif that is used twice counts once, as in the picture of a genotype.
    """
    number, used = 0, {1}
    for motifs in reversed(live_edges(genotype)):
        edges = [edge for place in used for edge in motifs[place - 1]]
        number += len(edges)
        used = {e.operation for e in edges if isinstance(e.operation, int)}
    return number


def primitive_fractions(genotype: Genotype) -> dict[str, float]:
    """Returns the part of each primitive among all those of a cell.

    A motif that is used twice counts twice.
    """
    below: list[Counter[str]] = []
    for motifs in live_edges(genotype):
        counts = []
        for edges in motifs:
            count: Counter[str] = Counter()
            for edge in edges:
                if isinstance(edge.operation, int):
                    count += below[edge.operation - 1]
                else:
                    count[edge.operation] += 1
            counts.append(count)
        below = counts
    total = max(1, below[0].total())
    return {name: below[0][name] / total for name in PRIMITIVES}


def origin(individual: Individual, parent: Genotype | None) -> str:
    """Returns one of `ORIGINS`: what the last mutation did, or who needs none.

    Args:
        individual: Of any search.
        parent: The genotype of its parent, if it has one.
    """
    if individual.is_given:
        return "given"
    if parent is None:
        return "random"
    if individual.mutation is None:
        return "child"
    return _kind(individual.mutation, parent)


def _kind(mutation: Mutation, parent: Genotype) -> str:
    motif = parent.level(mutation.level)[mutation.motif - 1]
    before = motif.operation(source=mutation.source, target=mutation.target)
    if before == mutation.operation:
        return "nothing changed"
    if before is None:
        return "edge added"
    return "edge altered" if mutation.operation else "edge removed"

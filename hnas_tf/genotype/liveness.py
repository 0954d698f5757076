"""Which edges of a genotype carry anything from source to sink."""

from hnas_tf.genotype.genotype import Genotype
from hnas_tf.genotype.motif import Edge, Motif

LiveMotif = tuple[Edge, ...]
"""The live edges of a motif by target, then source; empty: carries nothing."""

LiveGenotype = tuple[tuple[LiveMotif, ...], ...]
"""The live edges of every motif, in the genotype's order."""


def live_edges(genotype: Genotype) -> LiveGenotype:
    """Returns the live edges of every motif, in the genotype's order.

    An edge is live when it lies on a path from source to sink. The paper does
    not say what becomes of the others, so we fix it: they are not built, and
    an edge that names a motif which carries nothing counts as none.
    """
    levels: list[tuple[LiveMotif, ...]] = []
    for motifs in genotype.motifs:
        below = levels[-1] if levels else None
        levels.append(tuple(_live_motif(motif, below) for motif in motifs))
    return tuple(levels)


def can_be_assembled(genotype: Genotype) -> bool:
    """Returns whether the cell carries anything from its source to its sink."""
    return bool(live_edges(genotype)[-1][0])


def _live_motif(motif: Motif, below: tuple[LiveMotif, ...] | None) -> LiveMotif:
    edges = [edge for edge in motif.edges() if _carries(edge, below)]
    reached = {1}
    for edge in edges:  # By target: a source is settled before it is used.
        if edge.source in reached:
            reached.add(edge.target)
    leading = {motif.num_nodes}
    for edge in reversed(edges):
        if edge.target in leading:
            leading.add(edge.source)
    return tuple(
        e for e in edges if e.source in reached and e.target in leading
    )


def _carries(edge: Edge, below: tuple[LiveMotif, ...] | None) -> bool:
    if isinstance(edge.operation, int) and below is not None:
        return bool(below[edge.operation - 1])
    return True

"""Mutation: one edge of one motif gets another operation (Section 3.1)."""

from random import Random
from typing import NamedTuple

from hnas_tf.genotype import Genotype, Operation


class Mutation(NamedTuple):
    """What a mutation does; it adds, alters or removes an edge, or nothing.

    Attributes:
        level: The level of the motif, from 2.
        motif: The motif's number in its level, from 1.
        target: The successor node, from 2.
        source: The predecessor node, from 1.
        operation: What the edge carries afterwards.
    """

    level: int
    motif: int
    target: int
    source: int
    operation: Operation


def draw(genotype: Genotype, rng: Random) -> Mutation:
    """Returns a mutation of the genotype, each part drawn uniformly in turn.

    The present operation may be drawn again, as in the paper.
    """
    level = 2 + _below(len(genotype.motifs), rng)
    motifs = genotype.level(level)
    motif = _below(len(motifs), rng)
    target = 2 + _below(motifs[motif].num_nodes - 1, rng)
    source = 1 + _below(target - 1, rng)
    operations = genotype.operations(level)
    operation = operations[_below(len(operations), rng)]
    return Mutation(level, motif + 1, target, source, operation)


def apply(genotype: Genotype, *mutations: Mutation) -> Genotype:
    """Returns the genotype after the mutations, the last one last."""
    edges: dict[tuple[int, int], list[tuple[int, int, Operation]]] = {}
    for level, motif, target, source, operation in mutations:
        edge = (source, target, operation)
        edges.setdefault((level, motif), []).append(edge)
    motifs = [list(of_level) for of_level in genotype.motifs]
    for (level, motif), altered in edges.items():
        old = motifs[level - 2][motif - 1]
        motifs[level - 2][motif - 1] = old.with_edges(altered)
    return Genotype(tuple(map(tuple, motifs)))


def _below(limit: int, rng: Random) -> int:
    # Four times as fast as `rng.randrange`, which a random genotype calls some
    # thousands of times; the bias is below 2**-46.
    return int(rng.random() * limit)

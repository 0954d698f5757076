"""Where evolution starts: the trivial genotype, and random ones of it."""

from random import Random

from hnas_tf.evolution import mutation
from hnas_tf.genotype import (
    IDENTITY,
    Genotype,
    Motif,
    Operation,
    SearchSpace,
)


def trivial_genotype(space: SearchSpace) -> Genotype:
    """Returns the genotype whose motifs are chains of identities (Section 3.2).

    Above level 2 the edges of the chain carry motif 1 of the level below.
    """
    return Genotype(
        tuple(
            (_chain(size.num_nodes, IDENTITY if level == 2 else 1),)
            * size.num_motifs
            for level, size in enumerate(space.levels, start=2)
        )
    )


def random_genotype(
    space: SearchSpace, rng: Random, *, num_mutations: int = 1000
) -> Genotype:
    """Returns the trivial genotype after many random mutations."""
    trivial = trivial_genotype(space)
    # What may be drawn depends on the sizes alone, never on an edge's present
    # operation: all can be drawn first and applied at once.
    drawn = (mutation.draw(trivial, rng) for _ in range(num_mutations))
    return mutation.apply(trivial, *drawn)


def _chain(num_nodes: int, operation: Operation) -> Motif:
    return Motif(
        tuple(
            (None,) * (target - 2) + (operation,)
            for target in range(2, num_nodes + 1)
        )
    )

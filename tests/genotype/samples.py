"""Genotypes for tests, drawn by code of their own."""

from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from hnas_tf.genotype import (
    FLAT,
    HIERARCHICAL,
    PRIMITIVES,
    Genotype,
    LevelSize,
    Motif,
    SearchSpace,
)

FOUR_LEVELS = SearchSpace((LevelSize(6, 4), LevelSize(3, 3), LevelSize(1, 4)))
SPACES = {
    "hierarchical": HIERARCHICAL,
    "flat": FLAT,
    "four_levels": FOUR_LEVELS,
}

REPEATABLE = settings(
    deadline=None,
    derandomize=True,
    max_examples=120,
    suppress_health_check=[HealthCheck.too_slow],
)


def uniform_genotype(
    space: SearchSpace, rng: Random, *, none_share: float | None = None
) -> Genotype:
    """Returns a genotype with an independent operation on every edge.

    `none_share` of the edges carry none; without it none is one operation
    among the others.
    """
    below: list[str | int] = list(PRIMITIVES)
    levels = []
    for num_motifs, num_nodes in space.levels:
        share = none_share
        if share is None:
            share = 1 / (len(below) + 1)
        levels.append(
            tuple(
                Motif(
                    tuple(
                        tuple(
                            None if rng.random() < share else rng.choice(below)
                            for _ in range(length)
                        )
                        for length in range(1, num_nodes)
                    )
                )
                for _ in range(num_motifs)
            )
        )
        below = list(range(1, num_motifs + 1))
    return Genotype(tuple(levels))


def genotypes() -> st.SearchStrategy[Genotype]:
    """Returns genotypes of all spaces above, from dense to nearly empty."""
    return st.builds(
        lambda space, seed, share: uniform_genotype(
            space, Random(seed), none_share=share
        ),
        st.sampled_from(list(SPACES.values())),
        st.integers(0, 2**32),
        st.sampled_from([None, 0.0, 0.3, 0.6, 0.9]),
    )


def chain(operation: str | int, num_nodes: int) -> Motif:
    """Returns the motif that only has the edges from node to next node."""
    return Motif(
        tuple((None,) * i + (operation,) for i in range(num_nodes - 1))
    )


def full(operation: str | int, num_nodes: int) -> Motif:
    """Returns the motif in which every edge carries the operation."""
    return Motif(tuple((operation,) * i for i in range(1, num_nodes)))

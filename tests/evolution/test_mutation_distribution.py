"""The distribution of mutations is the paper's (Section 3.1)."""

from collections import Counter
from itertools import product
from random import Random

import pytest
from scipy import stats

from hnas_tf.evolution import Mutation, mutation
from hnas_tf.genotype import PRIMITIVES
from tests.genotype.samples import SPACES, uniform_genotype

NUM_DRAWS = 100_000


def probabilities(space):
    """Returns the probability of every mutation, each part uniform in turn."""
    found = {}
    below = tuple(PRIMITIVES)
    for level, (num_motifs, num_nodes) in enumerate(space.levels, start=2):
        motifs = range(1, num_motifs + 1)
        for motif, target in product(motifs, range(2, num_nodes + 1)):
            for source, operation in product(range(1, target), (None, *below)):
                found[Mutation(level, motif, target, source, operation)] = (
                    1
                    / len(space.levels)
                    / num_motifs
                    / (num_nodes - 1)
                    / (target - 1)
                    / (len(below) + 1)
                )
        below = tuple(motifs)
    return found


@pytest.mark.parametrize("name", SPACES)
def test_every_part_is_drawn_uniformly_in_turn(name):
    genotype = uniform_genotype(SPACES[name], Random(0))
    rng = Random(20260101)
    drawn = Counter(mutation.draw(genotype, rng) for _ in range(NUM_DRAWS))
    expected = probabilities(SPACES[name])
    assert sum(expected.values()) == pytest.approx(1)
    assert drawn.keys() <= expected.keys()
    assert min(expected.values()) * NUM_DRAWS > 50
    result = stats.chisquare(
        [drawn[each] for each in expected],
        [NUM_DRAWS * share for share in expected.values()],
    )
    assert result.pvalue > 0.01


@pytest.mark.parametrize("name", SPACES)
def test_the_distribution_does_not_depend_on_what_the_edges_carry(name):
    dense = uniform_genotype(SPACES[name], Random(0), none_share=0.0)
    empty = uniform_genotype(SPACES[name], Random(0), none_share=1.0)
    one, other = Random(5), Random(5)
    for _ in range(1000):
        assert mutation.draw(dense, one) == mutation.draw(empty, other)

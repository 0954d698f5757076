"""Search spaces: sizes, and which genotypes they contain."""

from random import Random

import pytest

from hnas_tf.errors import InvalidError
from hnas_tf.genotype import FLAT, HIERARCHICAL, LevelSize, SearchSpace
from tests.genotype.samples import FOUR_LEVELS, SPACES, uniform_genotype


def test_the_spaces_have_as_many_edges_as_in_the_paper():
    assert HIERARCHICAL.num_edges == 6 * 6 + 10 == 46
    assert FLAT.num_edges == 55
    assert FOUR_LEVELS.num_edges == 6 * 6 + 3 * 3 + 6


@pytest.mark.parametrize(
    "levels",
    [
        (),
        ((1, 4),) * 8,
        ((0, 4), (1, 4)),
        ((65, 4), (1, 4)),
        ((1, 1),),
        ((1, 65),),
        ((-1, 4), (1, 4)),
    ],
)
def test_sizes_out_of_range_are_refused_with_what_came(levels):
    sizes = tuple(LevelSize(*size) for size in levels)
    with pytest.raises(InvalidError, match=r"must have 1 to 7 .* Received: "):
        SearchSpace(sizes)


def test_the_top_level_has_one_motif():
    words = "exactly one motif. Received: 6 motifs of 4 nodes, then 2 motifs"
    with pytest.raises(InvalidError, match=words):
        SearchSpace((LevelSize(6, 4), LevelSize(2, 5)))


@pytest.mark.parametrize("name", SPACES)
def test_a_space_contains_the_genotypes_of_its_own_sizes_only(name):
    genotype = uniform_genotype(SPACES[name], Random(1))
    assert [n for n, s in SPACES.items() if s.contains(genotype)] == [name]

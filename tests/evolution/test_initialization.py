"""The trivial genotype, and random genotypes made out of it."""

from random import Random

import pytest

from hnas_tf.evolution import mutation
from hnas_tf.evolution.initialization import random_genotype, trivial_genotype
from hnas_tf.genotype import Edge, can_be_assembled
from tests.genotype.samples import SPACES


@pytest.mark.parametrize("name", SPACES)
def test_the_trivial_genotype_is_chains_of_identities(name):
    genotype = trivial_genotype(SPACES[name])
    assert SPACES[name].contains(genotype)
    for level in range(2, genotype.num_levels + 1):
        operation = "identity" if level == 2 else 1
        for motif in genotype.level(level):
            assert list(motif.edges()) == [
                Edge(node, node + 1, operation)
                for node in range(1, motif.num_nodes)
            ]


@pytest.mark.parametrize("name", SPACES)
def test_equal_generators_give_equal_genotypes(name):
    space = SPACES[name]
    one = random_genotype(space, Random(3))
    assert one == random_genotype(space, Random(3))
    assert one != random_genotype(space, Random(4))
    assert space.contains(one)


def test_without_mutations_a_random_genotype_is_the_trivial_one():
    space = SPACES["hierarchical"]
    genotype = random_genotype(space, Random(1), num_mutations=0)
    assert genotype == trivial_genotype(space)
    assert can_be_assembled(genotype)


@pytest.mark.parametrize("name", SPACES)
@pytest.mark.parametrize("num_mutations", [1, 2, 10, 1000])
def test_a_random_genotype_is_the_trivial_one_mutated_so_often(
    name, num_mutations
):
    expected = trivial_genotype(SPACES[name])
    rng = Random(7)
    for _ in range(num_mutations):
        drawn = mutation.draw(expected, rng)
        expected = mutation.apply(expected, drawn)
    genotype = random_genotype(
        SPACES[name], Random(7), num_mutations=num_mutations
    )
    assert genotype == expected


def test_two_random_genotypes_share_no_more_than_chance():
    space = SPACES["hierarchical"]
    rng = Random(11)
    assert len({random_genotype(space, rng) for _ in range(50)}) == 50

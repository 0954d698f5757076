"""Mutation: pure, and exactly one edge."""

import copy
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnas_tf.evolution import Mutation, mutation
from hnas_tf.genotype import Edge, Genotype
from tests.genotype.samples import REPEATABLE, chain, genotypes


def altered_edges(old, new):
    """Returns every place where two genotypes differ, and what new has."""
    return [
        Mutation(level, number, target, source, after)
        for level, (olds, news) in enumerate(
            zip(old.motifs, new.motifs, strict=True), start=2
        )
        for number, (a, b) in enumerate(zip(olds, news, strict=True), start=1)
        for target, (row, changed) in enumerate(
            zip(a.rows, b.rows, strict=True), start=2
        )
        for source, (before, after) in enumerate(
            zip(row, changed, strict=True), start=1
        )
        if before != after
    ]


@given(genotypes(), st.integers(0, 2**32))
@REPEATABLE
def test_mutation_never_changes_its_argument(genotype, seed):
    before = copy.deepcopy(genotype)
    drawn = mutation.draw(genotype, Random(seed))
    mutation.apply(genotype, drawn)
    assert genotype == before


@given(genotypes(), st.integers(0, 2**32))
@REPEATABLE
def test_a_drawn_mutation_changes_exactly_its_edge_or_nothing(genotype, seed):
    drawn = mutation.draw(genotype, Random(seed))
    present = genotype.level(drawn.level)[drawn.motif - 1].operation(
        source=drawn.source, target=drawn.target
    )
    altered = altered_edges(genotype, mutation.apply(genotype, drawn))
    assert altered == ([] if present == drawn.operation else [drawn])


@given(genotypes(), st.integers(0, 2**32))
@REPEATABLE
def test_a_mutation_carries_what_its_level_may_carry(genotype, seed):
    drawn = mutation.draw(genotype, Random(seed))
    assert 2 <= drawn.level <= genotype.num_levels
    assert 1 <= drawn.motif <= len(genotype.level(drawn.level))
    assert 1 <= drawn.source < drawn.target
    assert drawn.operation in genotype.operations(drawn.level)


@given(genotypes(), st.integers(0, 2**32))
@REPEATABLE
def test_equal_generators_give_equal_mutations(genotype, seed):
    first, second = (mutation.draw(genotype, Random(seed)) for _ in range(2))
    assert first == second


@given(genotypes(), st.integers(0, 2**32), st.integers(0, 40))
@REPEATABLE
def test_mutations_at_once_are_mutations_one_by_one(genotype, seed, count):
    rng = Random(seed)
    drawn = [mutation.draw(genotype, rng) for _ in range(count)]
    one_by_one = genotype
    for each in drawn:
        one_by_one = mutation.apply(one_by_one, each)
    assert mutation.apply(genotype, *drawn) == one_by_one


@pytest.mark.parametrize("operation", [None, "conv_1x1", "identity"])
def test_a_mutation_adds_alters_or_removes_an_edge(operation):
    genotype = Genotype(((chain("identity", 4),),))
    altered = mutation.apply(genotype, Mutation(2, 1, 3, 2, operation))
    edges = [Edge(1, 2, "identity"), Edge(3, 4, "identity")]
    if operation is not None:
        edges.insert(1, Edge(2, 3, operation))
    assert list(altered.cell.edges()) == edges

"""Statistics of random genotypes after 1,000 mutations.

After so many, the operation of an edge is uniform, so that the expected
numbers can be computed exactly.

Measured over the 400 seeds, +- the standard error of the mean, and expected:

    edges that are none, level 2            14.12 % +- 0.29    14.29 %
    edges that are none, level 3            14.00 % +- 0.51    14.29 %
    edges that are none, flat               14.37 % +- 0.23    14.29 %
    live edges of a level-2 motif, of 6      4.636  +- 0.032    4.606
    live edges of a cell, of 10              7.715  +- 0.106    7.613
    live edges of a flat cell, of 55        44.65   +- 0.28    44.33
    level-2 motifs that carry nothing        0.75 % +- 0.17     0.82 %
    cells that carry nothing, of 400         0      +- 1.04     1.09
    flat cells that carry nothing, of 400    0                  0.000003
"""

import math
from functools import cache
from itertools import combinations
from random import Random
from statistics import fmean, stdev

import pytest

from hnas_tf.evolution.initialization import random_genotype
from hnas_tf.genotype import FLAT, HIERARCHICAL, can_be_assembled, live_edges

NUM_SEEDS = 400
SIGMAS = 4


@cache
def randoms(space):
    return [random_genotype(space, Random(seed)) for seed in range(NUM_SEEDS)]


def assert_mean(values, expected):
    """Compares within `SIGMAS` standard errors of the mean."""
    error = stdev(values) / math.sqrt(len(values))
    assert abs(fmean(values) - expected) < SIGMAS * error


def reached(num_nodes, share):
    """Returns P(node i is reached from node 1), when each edge is there with
    the probability `share`, for i = 1, 2, ...
    """
    found, by_count = [1.0], {1: 1.0}
    for _ in range(num_nodes - 1):
        # By the number of earlier nodes that are reached: all have an edge.
        missed = {n: p * (1 - share) ** n for n, p in by_count.items()}
        found.append(1 - sum(missed.values()))
        by_count = {
            n: missed.get(n, 0) + by_count.get(n - 1, 0) - missed.get(n - 1, 0)
            for n in range(1, len(found) + 1)
        }
    return found


def expected_live(num_nodes, share):
    """Returns P(carries nothing) and the mean number of live edges.

    An edge is live if it is there, its source is reached, and its target
    reaches the sink: these do not depend on each other.
    """
    node = reached(num_nodes, share)
    pairs = combinations(range(num_nodes), 2)
    mean = sum(share * node[s] * node[num_nodes - 1 - t] for s, t in pairs)
    return 1 - node[-1], mean


def expected_cell():
    """The same of the cell, whose motifs are dead independently."""
    dead, _ = expected_live(4, 6 / 7)
    of_cell = [0.0, 0.0]
    for count in range(7):
        weight = math.comb(6, count) * dead**count * (1 - dead) ** (6 - count)
        for i, value in enumerate(expected_live(5, (6 - count) / 7)):
            of_cell[i] += weight * value
    return of_cell


@pytest.mark.parametrize(
    ("space", "level"), [(HIERARCHICAL, 2), (HIERARCHICAL, 3), (FLAT, 2)]
)
def test_one_edge_in_seven_is_none(space, level):
    shares = []
    for genotype in randoms(space):
        rows = [row for motif in genotype.level(level) for row in motif.rows]
        operations = [operation for row in rows for operation in row]
        shares.append(operations.count(None) / len(operations))
    assert_mean(shares, 1 / 7)


def test_level_2_motifs_have_as_many_live_edges_as_expected():
    means = [
        fmean(len(live) for live in live_edges(genotype)[0])
        for genotype in randoms(HIERARCHICAL)
    ]
    assert_mean(means, expected_live(4, 6 / 7)[1])


def test_level_2_motifs_carry_nothing_as_often_as_expected():
    shares = [
        fmean(not live for live in live_edges(genotype)[0])
        for genotype in randoms(HIERARCHICAL)
    ]
    assert_mean(shares, expected_live(4, 6 / 7)[0])


@pytest.mark.parametrize(
    ("space", "expected"),
    [(HIERARCHICAL, expected_cell()[1]), (FLAT, expected_live(11, 6 / 7)[1])],
)
def test_cells_have_as_many_live_edges_as_expected(space, expected):
    numbers = [len(live_edges(g)[-1][0]) for g in randoms(space)]
    assert_mean(numbers, expected)


def test_cells_carry_nothing_as_often_as_expected():
    expected = expected_cell()[0]
    dead = sum(not can_be_assembled(g) for g in randoms(HIERARCHICAL))
    error = math.sqrt(NUM_SEEDS * expected * (1 - expected))
    assert abs(dead - NUM_SEEDS * expected) < SIGMAS * error


def test_flat_cells_hardly_ever_carry_nothing():
    # Source and sink have ten edges each: about 2 * (1 / 7)**10.
    assert all(map(can_be_assembled, randoms(FLAT)))

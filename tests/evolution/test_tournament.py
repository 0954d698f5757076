"""Tournament selection (Section 3.2)."""

from collections import Counter
from math import comb
from random import Random

import pytest
from scipy import stats

from hnas_tf.evolution import tournament
from hnas_tf.evolution.tournament import Population

NUM_DRAWS = 20_000


def population_of(size, rng=None):
    """Returns individuals of which number 1 is the fittest, and so on."""
    population = Population()
    numbers = list(range(1, size + 1))
    if rng is not None:
        rng.shuffle(numbers)
    for number in numbers:
        population.add(number, (1.0, 1 - number / (size + 1)))
    return population


def selected(population, fraction, seed=0, num_draws=NUM_DRAWS):
    rng = Random(seed)
    return Counter(
        tournament.select(population, fraction=fraction, rng=rng)
        for _ in range(num_draws)
    )


@pytest.mark.parametrize(
    ("num_individuals", "fraction", "size"),
    [
        (2, 0.05, 2),
        (3, 0.05, 2),
        (10, 0.05, 2),
        (59, 0.05, 2),
        (60, 0.05, 3),
        (200, 0.05, 10),
        (9, 0.5, 4),
        (9, 1.0, 9),
    ],
)
def test_ranks_are_as_frequent_as_in_samples_without_replacement(
    num_individuals, fraction, size
):
    counts = selected(population_of(num_individuals), fraction)
    # The fittest of a sample has rank r: the others come from those behind.
    expected = [
        NUM_DRAWS
        * comb(num_individuals - rank, size - 1)
        / comb(num_individuals, size)
        for rank in range(1, num_individuals - size + 2)
    ]
    observed = [counts[rank] for rank in range(1, len(expected) + 1)]
    assert sum(observed) == NUM_DRAWS
    while len(expected) > 1 and expected[-1] < 5:  # Rare ranks are one bin.
        expected[-2:] = [sum(expected[-2:])]
        observed[-2:] = [sum(observed[-2:])]
    if len(expected) > 1:
        assert stats.chisquare(observed, expected).pvalue > 0.01


def test_ranks_are_as_frequent_as_in_samples_really_taken():
    counts = selected(population_of(40), 0.1)
    rng = Random(99)
    taken = Counter(min(rng.sample(range(1, 41), 4)) for _ in range(NUM_DRAWS))
    common = [rank for rank in range(1, 41) if taken[rank] >= 20]
    table = [[c[rank] for rank in common] for c in (counts, taken)]
    assert stats.chi2_contingency(table).pvalue > 0.01


@pytest.mark.parametrize("fraction", [1e-9, 0.05, 1.0])
def test_a_population_of_one_gives_that_one(fraction):
    assert selected(population_of(1), fraction, num_draws=100) == {1: 100}


@pytest.mark.parametrize("fraction", [1e-9, 0.05, 1.0])
def test_of_a_population_of_two_the_fitter_always_wins(fraction):
    assert selected(population_of(2), fraction, num_draws=100) == {1: 100}


def test_the_least_fit_never_wins():
    assert 3 not in selected(population_of(3), 0.05)


def test_the_whole_population_gives_its_fittest():
    assert set(selected(population_of(500), 1.0, num_draws=100)) == {1}


def test_the_order_in_which_individuals_are_added_does_not_matter():
    one, other = population_of(50), population_of(50, Random(3))
    assert selected(one, 0.1, 7, 500) == selected(other, 0.1, 7, 500)


def test_of_equal_fitness_the_older_is_the_fitter():
    population = Population()
    for number in (3, 1, 2):
        population.add(number, (1.0, 0.5))
    population.add(9, (1.0, 0.6))
    assert [population.number_at(rank) for rank in range(4)] == [9, 1, 2, 3]
    assert len(population) == 4


def test_equal_generators_select_alike():
    population = population_of(100)
    assert selected(population, 0.05, 5, 50) == selected(
        population, 0.05, 5, 50
    )

"""Aging, a user's own algorithm, and what a search is given to begin with."""

from collections import Counter

import pytest

from hnas_tf.config import SearchConfig
from hnas_tf.errors import InvalidError
from hnas_tf.evolution import Controller, Draw
from hnas_tf.evolution.algorithms import ALGORITHMS, make_algorithm
from hnas_tf.evolution.initialization import trivial_genotype
from hnas_tf.evolution.tournament import Population
from tests.evolution.samples import ToySearch, make_config


def test_a_population_of_fixed_size_loses_its_oldest():
    population = Population(3)
    for number, fitness in enumerate((0.9, 0.1, 0.5, 0.7, 0.3), start=1):
        population.add(number, (1.0, fitness))
    assert len(population) == 3
    numbers = [population.number_at(place) for place in range(3)]
    assert numbers == [4, 3, 5]
    assert population.rank_at(1) == (1.0, 0.5)


def test_whoever_was_told_of_first_is_the_oldest_and_not_the_lowest_number():
    population = Population(2)
    for number in (5, 1, 3):
        population.add(number, (1.0, number / 10))
    assert {population.number_at(place) for place in (0, 1)} == {1, 3}


def test_whoever_was_stopped_early_comes_last():
    population = Population()
    for number, rank in enumerate([(0.5, 0.9), (1.0, 0.1), (0.25, 1.0)], 1):
        population.add(number, rank)
    assert [population.number_at(place) for place in range(3)] == [2, 1, 3]


def test_parents_of_an_aging_search_are_among_the_latest():
    search = ToySearch(make_config(algorithm="aging", population_size=8))
    for proposal in search.run(120):
        if proposal.parent is not None:
            age = proposal.number - proposal.parent
            assert 1 <= age <= 8


def test_a_population_that_grows_has_older_parents():
    search = ToySearch(make_config(algorithm="evolution"))
    ages = [
        proposal.number - proposal.parent
        for proposal in search.run(120)
        if proposal.parent is not None
    ]
    assert max(ages) > 40


class Uphill:
    """A user's own: mutates whoever was told of last."""

    def __init__(self, space, config, fetch):
        self._space = space
        self._fetch = fetch
        self._last = None

    def ask(self, number, rng):
        if self._last is None:
            return Draw(trivial_genotype(self._space))
        return Draw(self._fetch(self._last), self._last)

    def tell(self, told):
        assert told.share == 1.0
        assert told.cost.parameters > 0
        self._last = told.number


class Silent:
    """Is told nothing."""

    def ask(self, number, rng):
        """Returns nothing."""


class Nullary(Silent):
    """Is made of nothing."""

    def tell(self, told):
        """Learns nothing."""


OWN = f"{__name__}:Uphill"


def test_a_class_of_the_users_proposes_and_is_told():
    search = ToySearch(make_config(algorithm=OWN))
    proposals = search.run(20)
    assert [p.parent for p in proposals] == [None, *range(1, 20)]
    assert len({p.genotype for p in proposals}) == 1
    assert search.restored().ask() == search.ask()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("annealing", "be one of aging, evolution, pareto, random, or an"),
        ("no_such_module:Class", "No module named 'no_such_module'"),
        (".relative:Class", "ValueError: invalid format"),
        (f"{__name__}:OWN", "it is no class"),
        (f"{__name__}:Nullary", "takes no arguments"),
        (f"{__name__}:NoSuchClass", "NoSuchClass"),
        (f"{__name__}:Silent", "it has no method tell"),
        (f"{__name__}:", "Received: algorithm="),
        (":Class", "ValueError: invalid format"),
    ],
)
def test_what_is_no_algorithm_is_refused_in_a_sentence(name, words):
    with pytest.raises(InvalidError, match=words):
        make_algorithm(make_config(algorithm=name), None)


def test_the_papers_two_are_among_four():
    assert list(ALGORITHMS) == ["evolution", "random", "aging", "pareto"]


def test_a_search_begins_with_what_it_is_given():
    its = ToySearch(make_config(seed=3)).run(3)
    given = tuple(proposal.genotype for proposal in its)
    config = make_config(seed=4, initial_population=5)
    config = SearchConfig(
        seed=4, evolution=config.evolution, given_genotypes=given
    )
    search = ToySearch(config)
    proposals = search.run(30)
    assert tuple(p.genotype for p in proposals[:3]) == given
    assert [p.is_given for p in proposals] == [True] * 3 + [False] * 27
    assert all(p.parent is None for p in proposals[:5])
    # Whoever is not given is who it would have been.
    alone = ToySearch(make_config(seed=4, initial_population=5)).run(5)
    assert proposals[3:5] == alone[3:5]
    assert Counter(p.parent for p in proposals)[None] == 5
    assert search.restored().ask() == search.ask()


def test_what_is_given_must_keep_within_the_budget():
    (large,) = ToySearch(make_config()).run(1)
    most = large.cost.parameters - 1
    config = SearchConfig(
        evolution=make_config(max_parameters=most).evolution,
        given_genotypes=(large.genotype,),
    )
    with pytest.raises(InvalidError, match="another one at place 1"):
        Controller(config, fetch_genotype=None)

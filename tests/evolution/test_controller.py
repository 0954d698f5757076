"""The controller: ask, tell, and equal proposals for equal histories."""

import pytest

from hnas_tf.config import NetworkConfig
from hnas_tf.errors import InvalidError
from hnas_tf.evolution import Controller, mutation
from hnas_tf.evolution.initialization import random_genotype
from hnas_tf.genotype import can_be_assembled
from hnas_tf.plan import make_plan, plan_cost
from tests.evolution.samples import ToySearch, make_config

ALGORITHMS = ["evolution", "random", "aging", "pareto"]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("num_outstanding", [1, 7, 40])
def test_equal_histories_give_equal_proposals(algorithm, num_outstanding):
    config = make_config(algorithm=algorithm)
    one = ToySearch(config).run(60, num_outstanding=num_outstanding)
    other = ToySearch(config).run(60, num_outstanding=num_outstanding)
    assert one == other
    assert [proposal.number for proposal in one] == list(range(1, 61))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_another_seed_gives_other_proposals(algorithm):
    first = ToySearch(make_config(algorithm=algorithm, seed=1)).ask()
    second = ToySearch(make_config(algorithm=algorithm, seed=2)).ask()
    assert first.genotype != second.genotype


def test_no_two_individuals_share_a_random_source():
    # Neither those of one search, nor (1, 11) and (11, 1).
    search = ToySearch(make_config(seed=1, algorithm="random"))
    other = ToySearch(make_config(seed=11, algorithm="random"))
    proposals = search.run(11) + other.run(11)
    assert len({proposal.genotype for proposal in proposals}) == 22


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_restored_controller_goes_on_as_if_never_interrupted(algorithm):
    search = ToySearch(make_config(algorithm=algorithm))
    for length in range(1, 50, 4):
        search.run(length, num_outstanding=3, seed=length)
        assert search.restored().ask() == search.ask()


def test_the_order_of_finishing_does_not_matter_only_who_has():
    search = ToySearch(make_config())
    search.run(30)
    search.told.reverse()
    assert search.restored().ask() == search.ask()


def test_what_is_known_when_asking_matters():
    one, other = ToySearch(make_config()), ToySearch(make_config())
    one.run(10)
    other.run(10, fail=range(1, 9))
    assert one.proposals[9] != other.proposals[9]


def test_there_are_no_parents_before_the_initial_population_is_proposed():
    proposals = ToySearch(make_config(initial_population=12)).run(40)
    parents = [proposal.parent for proposal in proposals]
    assert parents[:12] == [None] * 12
    assert None not in parents[12:]


def test_whoever_is_asked_for_before_anyone_has_a_fitness_is_random():
    search = ToySearch(make_config(initial_population=2))
    proposals = [search.ask() for _ in range(25)]
    assert {proposal.parent for proposal in proposals} == {None}
    search.tell(17)
    assert search.ask().parent == 17


def test_only_those_that_have_a_fitness_become_parents():
    search = ToySearch(make_config())
    failed = set(range(1, 80, 2))
    search.run(80, num_outstanding=4, fail=failed)
    parents = {p.parent for p in search.proposals.values()} - {None}
    assert parents
    assert not parents & failed


def test_a_child_differs_from_its_parent_by_the_recorded_mutation_only():
    search = ToySearch(make_config())
    children = [p for p in search.run(80) if p.parent is not None]
    assert children
    for child in children:
        parent = search.fetch(child.parent)
        assert child.genotype == mutation.apply(parent, child.mutation)


def test_random_search_proposes_individuals_without_parents():
    for proposal in ToySearch(make_config(algorithm="random")).run(40):
        assert proposal.parent is None
        assert proposal.mutation is None


def test_random_search_does_not_care_what_is_told():
    config = make_config(algorithm="random")
    told = ToySearch(config).run(30)
    assert told == ToySearch(config).run(30, fail=range(1, 31))


def test_evolution_with_the_whole_population_in_a_tournament_is_greedy():
    search = ToySearch(make_config(tournament_fraction=1.0))
    search.run(30)
    fittest = max(search.told, key=lambda told: told.rank)
    assert search.ask().parent == fittest.number


def test_a_proposal_carries_its_cost_and_the_last_event_known():
    config = make_config()
    controller = Controller(config, fetch_genotype=None)
    proposal = controller.ask(known_event=42)
    training = config.training
    assert proposal.known_event == 42
    assert proposal.cost == plan_cost(
        make_plan(proposal.genotype, NetworkConfig()),
        image_size=(training.crop_size, training.crop_size),
        batch_size=training.batch_size,
    )


def test_random_individuals_have_as_many_mutations_as_configured():
    config = make_config(num_initial_mutations=0)
    genotypes = {p.genotype for p in ToySearch(config).run(5)}
    trivial = random_genotype(config.space, None, num_mutations=0)
    assert genotypes == {trivial}
    assert can_be_assembled(trivial)


def test_an_unknown_algorithm_is_refused_with_those_there_are():
    words = (
        r"one of aging, evolution, pareto, random, or .* algorithm=annealing"
    )
    with pytest.raises(InvalidError, match=words):
        Controller(make_config(algorithm="annealing"), fetch_genotype=None)

"""Draws that are thrown away: dead ones, and those over the budget."""

from statistics import fmean, median_low

import pytest

from hnas_tf.config import NetworkConfig
from hnas_tf.errors import InvalidError
from hnas_tf.evolution import Controller
from hnas_tf.genotype import LevelSize, SearchSpace, can_be_assembled
from hnas_tf.plan import expansion, make_plan
from tests.evolution.samples import ToySearch, make_config

BUDGETS = {
    "max_parameters": 60_000,
    "max_multiply_adds": 3_000_000,
    "max_activation_bytes": 400_000_000,
}


def cost_of(proposal, budget):
    return getattr(proposal.cost, budget.removeprefix("max_"))


@pytest.mark.parametrize("budget", BUDGETS)
@pytest.mark.parametrize("algorithm", ["evolution", "random"])
def test_every_proposal_keeps_within_the_budget(budget, algorithm):
    config = make_config(algorithm=algorithm, **{budget: BUDGETS[budget]})
    proposals = ToySearch(config).run(40)
    assert max(cost_of(p, budget) for p in proposals) <= BUDGETS[budget]
    assert any(p.num_over_budget for p in proposals)


def test_a_budget_is_kept_to_the_last_number():
    cost = ToySearch(make_config()).ask().cost
    exact = {
        "max_parameters": cost.parameters,
        "max_multiply_adds": cost.multiply_adds,
        "max_activation_bytes": cost.activation_bytes,
    }
    assert ToySearch(make_config(**exact)).ask().cost == cost
    for name, value in exact.items():
        tight = make_config(**{**exact, name: value - 1})
        assert ToySearch(tight).ask().num_over_budget > 0


def test_a_draw_within_the_budget_is_the_one_drawn_without_a_budget():
    free = ToySearch(make_config(algorithm="random")).run(40)
    bound = ToySearch(
        make_config(algorithm="random", max_parameters=60_000)
    ).run(40)
    for before, after in zip(free, bound, strict=True):
        fits = before.cost.parameters <= 60_000
        assert (before == after) == fits
        assert (after.num_over_budget == 0) == fits


def test_draws_are_thrown_away_until_the_first_that_fits():
    free = ToySearch(make_config(algorithm="random")).run(300)
    most = median_low(p.cost.parameters for p in free)
    config = make_config(algorithm="random", max_parameters=most)
    thrown = [p.num_over_budget for p in ToySearch(config).run(300)]
    # One draw in two fits: mean 1, standard deviation 1.4.
    assert abs(fmean(thrown) - 1) < 4 * 1.4 / 17
    assert max(thrown) > 3


def test_dead_draws_are_counted_and_drawn_again():
    # A cell of two nodes has one edge: none in one draw out of seven.
    space = SearchSpace((LevelSize(1, 2),))
    search = ToySearch(make_config(space=space, algorithm="random"))
    proposals = search.run(1000)
    assert all(can_be_assembled(p.genotype) for p in proposals)
    # A geometric distribution: mean 1/6, standard deviation 0.44.
    assert abs(fmean(p.num_dead for p in proposals) - 1 / 6) < 4 * 0.44 / 31
    assert max(p.num_dead for p in proposals) > 1
    assert not any(p.num_over_budget for p in proposals)


@pytest.mark.parametrize("budget", BUDGETS)
def test_an_impossible_budget_is_one_error_that_says_so(budget):
    search = ToySearch(make_config(**{budget: 1, "num_initial_mutations": 3}))
    words = r"^Expected a budget .* Received: 1000 draws in a row thrown away"
    with pytest.raises(InvalidError, match=words):
        search.ask()
    assert search.controller.num_proposed == 0


def test_a_parent_whose_children_are_all_over_the_budget_is_an_error_too():
    free = ToySearch(make_config(initial_population=1))
    free.ask()
    free.tell(1)
    bound = Controller(
        make_config(initial_population=1, max_parameters=1),
        fetch_genotype=free.fetch,
        num_proposed=1,
        told=free.told,
    )
    with pytest.raises(InvalidError, match="1000 draws in a row"):
        bound.ask()
    assert bound.num_proposed == 1


def test_a_genotype_too_large_to_plan_is_thrown_away_like_one_over_budget(
    monkeypatch,
):
    free = ToySearch(make_config(algorithm="random")).run(30)
    plans = [make_plan(p.genotype, NetworkConfig()) for p in free]
    most = median_low(len(plan.operations) for plan in plans)
    monkeypatch.setattr(expansion, "MAX_OPERATIONS", most)
    proposals = ToySearch(make_config(algorithm="random")).run(30)
    assert any(proposal.num_over_budget for proposal in proposals)

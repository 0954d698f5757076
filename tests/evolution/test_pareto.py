"""Non-dominated sorting and crowding, against their definitions."""

from itertools import pairwise
from math import inf
from random import Random

import pytest

from hnas_tf.evolution.individual import Individual, State
from hnas_tf.evolution.pareto import (
    Point,
    crowding,
    fronts,
    ordered,
    pareto_front,
)
from hnas_tf.plan import Cost
from tests.evolution.samples import ToySearch, make_config


def dominates(one, other):
    no_worse = one.fitness >= other.fitness and one.cost <= other.cost
    return no_worse and one[:2] != other[:2]


def fronts_by_definition(points):
    left, found = list(points), []
    while left:
        front = [p for p in left if not any(dominates(q, p) for q in left)]
        found.append(front)
        left = [p for p in left if p not in front]
    return found


@pytest.mark.parametrize("seed", range(30))
def test_fronts_are_those_of_the_definition(seed):
    rng = Random(seed)
    # Few values, so that many are equal in one or both.
    values = rng.choice([3, 8, 1000])
    points = [
        Point(rng.randrange(values) / values, rng.randrange(values), number)
        for number in range(rng.randrange(60))
    ]
    found = fronts(points)
    expected = fronts_by_definition(points)
    assert list(map(set, found)) == list(map(set, expected))
    for front in found:
        for before, after in pairwise(front):
            assert before.fitness >= after.fitness
            assert before.cost >= after.cost


def test_distances_are_those_of_a_front_worked_out_by_hand():
    front = [
        Point(1.0, 100, 1),
        Point(0.75, 50, 2),
        Point(0.5, 40, 3),
        Point(0.0, 0, 4),
    ]
    assert crowding(front) == [inf, 0.5 + 0.6, 0.75 + 0.5, inf]
    assert crowding(front[:2]) == [inf, inf]
    assert crowding([]) == []
    equal = [Point(0.5, 7, number) for number in range(4)]
    assert crowding(equal) == [inf, 0, 0, inf]


def test_the_order_is_by_front_then_by_room_then_by_age():
    points = [
        Point(0.1, 90, 1),  # Of the last front.
        Point(0.9, 90, 2),
        Point(0.8, 88, 3),  # Crowded.
        Point(0.5, 40, 4),
        Point(0.2, 10, 5),
    ]
    assert [point.number for point in ordered(points)] == [2, 5, 4, 3, 1]


def test_a_pareto_search_keeps_the_cheap_and_the_fit():
    config = make_config(
        algorithm="pareto", population_size=12, initial_population=20
    )
    search = ToySearch(config)
    search.run(300)
    parents = [p.parent for p in list(search.proposals.values())[150:]]
    of_all = [
        Point(one.fitness, one.cost.parameters, one.number)
        for one in search.told
    ]
    known = of_all[:150]
    last_allowed = {
        point.number for front in fronts(known)[:6] for point in front
    }
    early = {parent for parent in parents if parent <= 150}
    assert early
    assert early <= last_allowed


def test_a_pareto_search_may_weigh_another_cost():
    its = {"algorithm": "pareto", "initial_population": 10}
    by_parameters = ToySearch(make_config(**its)).run(60)
    by_macs = ToySearch(make_config(**its, pareto_cost="multiply_adds")).run(60)
    assert by_parameters[:10] == by_macs[:10]
    assert by_parameters != by_macs


def individual(number, fitness, parameters, **its):
    values = {"state": State.FINISHED, "share": 1.0, **its}
    return Individual(
        number, None, Cost(parameters, 1, 1), fitness=fitness, **values
    )


def test_a_front_is_of_those_that_were_trained_to_the_end():
    individuals = [
        individual(1, 0.5, 100),
        individual(2, 0.9, 1000),
        individual(3, 0.9, 1001),
        individual(4, 0.99, 5, state=State.STOPPED, share=0.5),
        individual(5, None, 1, state=State.FAILED),
        individual(6, 0.9, 1000, equal_to=2),
        individual(7, 0.4, 50),
    ]
    front = pareto_front(individuals, "parameters")
    assert [one.number for one in front] == [2, 1, 7]
    assert pareto_front([], "parameters") == []

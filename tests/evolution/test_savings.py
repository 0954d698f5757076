"""Early stop and racing: what is judged, and how often wrongly."""

from math import sqrt
from random import Random
from statistics import fmean

import pytest

from hnas_tf.config import (
    EvolutionConfig,
    SavingsConfig,
    SearchConfig,
    TrainingConfig,
)
from hnas_tf.evolution import Referee, Told, tournament
from hnas_tf.evolution.early_stop import SuccessiveHalving
from hnas_tf.evolution.racing import ERROR, MIN_DEGREES, Racing
from hnas_tf.evolution.tournament import Population
from hnas_tf.plan import Cost

COST = Cost(1, 1, 1)


def told(number, fitness, share=1.0):
    return Told(number, fitness, share, COST)


def test_the_first_goes_on_and_then_the_best_half():
    halving = SuccessiveHalving(0.5)
    came = [0.5, 0.4, 0.6, 0.55, 0.5, 0.1]
    goes_on = [halving.add(0.25, accuracy) for accuracy in came]
    assert goes_on == [True, False, True, True, True, False]


def test_equals_go_on_together():
    halving = SuccessiveHalving(0.5)
    assert [halving.add(0.5, 0.7) for _ in range(5)] == [True] * 5


def test_rungs_have_nothing_to_do_with_each_other():
    halving = SuccessiveHalving(0.5)
    for _ in range(10):
        halving.add(0.25, 0.9)
    assert halving.add(0.5, 0.1)
    assert not halving.add(0.25, 0.1)


@pytest.mark.parametrize("fraction", [0.25, 0.5, 0.9])
def test_of_many_the_stated_share_goes_on(fraction):
    rng, halving = Random(1), SuccessiveHalving(fraction)
    goes_on = [halving.add(0.5, rng.random()) for _ in range(4000)]
    assert fmean(goes_on) == pytest.approx(fraction, abs=0.03)


SPREAD = 0.02


def race(population, *, num_known=MIN_DEGREES, algorithm="evolution", seed=0):
    """Returns a race in which so many pairs of repeats were seen."""
    rng = Random(seed)
    racing = Racing(EvolutionConfig(algorithm=algorithm, population_size=80))
    for number, fitness in enumerate(population, start=1):
        racing.tell(told(number, fitness))
    for _ in range(num_known):
        racing.learn_spread([rng.gauss(0.5, SPREAD) for _ in range(2)])
    return racing


def test_everyone_matters_before_the_spread_is_known():
    hundred = [number / 100 for number in range(100)]
    assert race(hundred, num_known=MIN_DEGREES - 1).may_matter([0.0])
    assert not race(hundred).may_matter([0.0])


def test_of_few_the_tournaments_see_almost_all():
    assert tournament.num_seen(5, 0.05, 0.05) == 4
    few = [0.9] * 4
    assert not race([*few, 0.5]).may_matter([0.4])
    # Two of two are in every tournament, of which the better wins.
    assert not race([0.9, 0.5]).may_matter([0.6])
    assert race([]).may_matter([0.0])


@pytest.mark.parametrize("number", [3, 30, 64, 100, 200])
@pytest.mark.parametrize("fraction", [0.05, 0.3, 1.0])
def test_the_places_that_are_seen_win_all_but_the_stated_share(
    number, fraction
):
    population = Population()
    for one in range(1, number + 1):
        population.add(one, (1.0, 1 - one / 300))
    rng = Random(number)
    won = [
        tournament.select(population, fraction=fraction, rng=rng)
        for _ in range(20_000)
    ]
    seen = tournament.num_seen(number, fraction, 0.05)
    # Winners' numbers are their places, from 1; the last place seen is needed.
    assert fmean(one > seen for one in won) < 0.055
    assert seen == 1 or fmean(one >= seen for one in won) > 0.045


def test_what_must_be_reached_is_the_last_that_tournaments_see():
    fitnesses = [1 - number / 200 for number in range(200)]
    racing = race(fitnesses, num_known=3000)
    assert tournament.num_seen(200, 0.05, 0.05) == 51
    wanted = fitnesses[50]
    bound = 1.645 * SPREAD
    for number in (1, 2, 3):
        error = bound / sqrt(number)
        assert racing.may_matter([wanted - 0.95 * error] * number)
        assert not racing.may_matter([wanted - 1.05 * error] * number)


def test_whoever_would_have_mattered_is_given_up_as_seldom_as_stated():
    fitnesses = [1 - number / 200 for number in range(200)]
    racing = race(fitnesses, num_known=3000)
    rng, wanted = Random(5), fitnesses[50]
    for number in (1, 2, 3):
        given_up = [
            not racing.may_matter(
                [rng.gauss(wanted, SPREAD) for _ in range(number)]
            )
            for _ in range(20_000)
        ]
        # Three standard deviations of such a share: 0.005.
        assert fmean(given_up) == pytest.approx(ERROR, abs=0.008)


def test_an_aging_population_wants_what_its_living_ones_have():
    old, young = [0.9] * 100, [0.1 + n / 1000 for n in range(80)]
    assert not race([*old, *young]).may_matter([0.15])
    assert race([*old, *young], algorithm="aging").may_matter([0.15])


def test_one_that_was_stopped_early_is_no_hurdle():
    racing = race([0.9] * 10)
    for number in range(11, 200):
        racing.tell(told(number, 0.99, share=0.5))
    assert racing.may_matter([0.0])


def referee(**savings):
    return Referee(
        SearchConfig(
            training=TrainingConfig(num_repeats=3, rungs=(0.25, 0.5)),
            savings=SavingsConfig(**savings),
        )
    )


PLACES = [(repeat, share) for repeat in (1, 2, 3) for share in (0.25, 0.5, 1)]


@pytest.mark.parametrize(
    ("savings", "asked"),
    [
        ({}, []),
        ({"early_stop": True}, [(1, 0.25), (1, 0.5)]),
        ({"adaptive_repeats": True}, [(1, 1), (2, 1)]),
        (
            {"early_stop": True, "adaptive_repeats": True},
            [(1, 0.25), (1, 0.5), (1, 1), (2, 1)],
        ),
    ],
)
def test_the_referee_is_asked_where_there_is_something_to_decide(
    savings, asked
):
    its = referee(**savings)
    assert [place for place in PLACES if its.is_asked(*place)] == asked

from dataclasses import replace
from math import sqrt

import pytest

from hnas_tf.evolution import Individual, State
from hnas_tf.plan import Cost
from hnas_tf.reporting.report.findings import (
    difference,
    family,
    findings,
    noise_of,
)
from tests.reporting.report.searches import FIRST


def individual(number, fitness, *, std=0.01, repeats=4, **others):
    return Individual(
        number,
        FIRST,
        Cost(1, 1, 1),
        state=State.FINISHED,
        fitness=fitness,
        fitness_std=std,
        share=1.0,
        num_repeats=repeats,
        **others,
    )


def test_noise_is_pooled_over_who_was_trained_several_times():
    some = [
        individual(1, 0.5, std=0.01, repeats=2),
        individual(2, 0.5, std=0.03, repeats=4),
        individual(3, 0.5, std=None, repeats=1),
        individual(4, 0.5, std=0.9, repeats=4, equal_to=2),
    ]
    assert noise_of(some) == pytest.approx(sqrt((0.01**2 + 3 * 0.03**2) / 4))
    assert noise_of(some[2:]) is None


def test_a_difference_has_the_error_of_two_means():
    one, other = individual(1, 0.9), individual(2, 0.8, repeats=1)
    found = difference(one, other, 0.02)
    assert found.points == pytest.approx(10)
    assert found.error == pytest.approx(2 * sqrt(1 / 4 + 1))
    assert found.is_clear
    assert found.in_words() == "+10.00 \N{PLUS-MINUS SIGN} 2.24 points"
    assert not difference(one, other, 0.05).is_clear
    assert difference(one, other, None).in_words() == "+10.00 points"


def test_a_family_begins_with_the_first():
    some = {
        1: individual(1, 0.5),
        2: individual(2, 0.5, parent=1),
        5: individual(5, 0.5, parent=2),
    }
    assert [one.number for one in family(5, some)] == [1, 2, 5]
    assert [one.number for one in family(1, some)] == [1]


def test_who_won_and_why():
    some = [
        individual(1, 0.70),
        individual(2, 0.75),
        individual(3, 0.90, parent=1),
        individual(4, 0.905, parent=3),
    ]
    found = findings(some)
    assert found["winner"] == 4
    text = " ".join(found["sentences"])
    assert (
        "+15.50 \N{PLUS-MINUS SIGN} 0.71 points ahead of the best of the 2"
        in text
    )
    assert "more than chance, and +18.00 points against their median" in text
    assert "varies by 1.00 points" in text
    assert "2 mutations led to it from individual 1" in text
    # From 3 to 4 it is less than twice its error.
    assert "gained by individual 3: +20.00" in text
    assert "4: " not in text


def test_a_lead_that_may_be_chance_is_called_so():
    some = [individual(1, 0.7), individual(2, 0.701, parent=1)]
    text = " ".join(findings(some)["sentences"])
    assert "which may be chance" in text
    assert "No single one of them gained more" in text


def test_one_training_tells_nothing_of_chance():
    some = [
        individual(1, 0.7, std=None, repeats=1),
        individual(2, 0.8, std=None, repeats=1, parent=1),
    ]
    found = findings(some)
    assert found["noise"] is None
    assert "--num_repeats" in " ".join(found["sentences"])


def test_the_winner_went_further_than_who_was_stopped():
    stopped = replace(
        individual(1, 0.99), state=State.STOPPED, share=0.5, num_repeats=1
    )
    assert findings([stopped, individual(2, 0.7)])["winner"] == 2


def test_neutral_mutations_are_counted():
    some = [
        individual(1, 0.7, digest="a"),
        individual(2, 0.7, digest="a", parent=1, equal_to=1),
        individual(3, 0.8, digest="b", parent=2),
    ]
    text = " ".join(findings(some)["sentences"])
    assert "2 mutations, 1 of which left the network as it was, led" in text


def test_a_part_of_a_training_is_not_compared_with_a_whole_one():
    stopped = replace(
        individual(1, 0.6), state=State.STOPPED, share=0.25, num_repeats=1
    )
    child = individual(2, 0.85, parent=1)
    text = " ".join(findings([stopped, child])["sentences"])
    assert "1 mutations led to it from individual 1." in text
    assert "together" not in text and "was gained" not in text


def test_an_ancestor_without_a_fitness_is_compared_with_nobody():
    failed = replace(
        individual(1, None), state=State.FAILED, share=None, num_repeats=None
    )
    text = " ".join(
        findings([failed, individual(2, 0.85, parent=1)])["sentences"]
    )
    assert "together" not in text

"""Figures over the last individuals, of a search told in seconds."""

import itertools

import pytest

from hnas_tf.archive import Happening
from hnas_tf.reporting.search_scalars import LAST, SearchScalars


def figures(spans, fitnesses, num_workers=1):
    """Returns what is told after every individual of one busy worker."""
    numbers = itertools.count(1)
    scalars, now, told = SearchScalars(), 0.0, []
    for worker in range(num_workers):
        ready = Happening(next(numbers), now, "ready", worker=worker + 1)
        assert scalars.tell(ready) == {}
    pairs = zip(spans, fitnesses, strict=True)
    for individual, (seconds, fitness) in enumerate(pairs, start=1):
        submitted = (next(numbers), now, "submitted", 0, individual)
        assert scalars.tell(Happening(*submitted)) == {}
        now += seconds
        kind = "failed" if fitness is None else "finished"
        share = None if fitness is None else 1.0
        end = (next(numbers), now, kind, 0, individual, 7, fitness, share)
        told.append(scalars.tell(Happening(*end)))
    return told


def test_rates_are_those_of_the_last_individuals():
    told = figures([10] * 2 * LAST + [5] * LAST, [0.5] * 3 * LAST)
    rates = [each["workers/candidates_per_hour"] for each in told]
    assert rates[0] == rates[2 * LAST - 1] == pytest.approx(360)
    assert 360 < rates[2 * LAST] < rates[-2] < rates[-1]
    assert rates[-1] == pytest.approx(720)


def test_workers_without_work_are_idle():
    told = figures([10, 10], [0.5, 0.5], num_workers=4)
    assert told[-1]["workers/idle_fraction"] == pytest.approx(3 / 4)


def test_means_and_quartiles_are_those_of_the_last_individuals():
    told = figures([1] * 2 * LAST, [1.0] * LAST + [x / 49 for x in range(50)])
    last = told[-1]
    assert last["fitness/best"] == 1
    assert last[f"fitness/mean_of_last_{LAST}"] == pytest.approx(1 / 2)
    quartiles = [
        last[f"fitness/{name}_of_last_{LAST}"]
        for name in ("lower_quartile", "median", "upper_quartile")
    ]
    assert quartiles == pytest.approx([1 / 4, 1 / 2, 3 / 4])
    assert told[0][f"fitness/median_of_last_{LAST}"] == 1


def test_who_was_stopped_early_is_not_among_the_last():
    scalars = SearchScalars()
    first, second, third = (
        scalars.tell(Happening(number, 1.0, "finished", 0, number, 7, *rank))
        for number, rank in enumerate(
            [(0.1, 0.25), (0.9, 1.0), (0.2, 0.5)], start=1
        )
    )
    mean = f"fitness/mean_of_last_{LAST}"
    assert first["fitness/best"] == 0.1
    assert mean not in first
    assert second["fitness/last"] == second[mean] == 0.9
    assert "fitness/last" not in third
    assert third[mean] == third["fitness/best"] == 0.9
    assert third["individuals/stopped_fraction"] == 2 / 3


def test_the_best_stays_known_when_others_fail():
    first, second, third, *_, last = figures(
        [1] * 6, [None, 0.5, None, 0.25, None, None]
    )
    assert "fitness/best" not in first
    assert second["fitness/last"] == 0.5
    assert third["fitness/best"] == last["fitness/best"] == 0.5
    assert "fitness/last" not in third
    assert third["cost/parameters_of_best"] == 7
    assert last["individuals/failed_fraction"] == 4 / 6


def test_before_any_time_has_passed_there_is_no_rate():
    (told,) = figures([0], [0.5])
    assert "workers/candidates_per_hour" not in told
    assert "workers/idle_fraction" not in told

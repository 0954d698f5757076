"""Early stop and adaptive repeats in a whole search."""

from collections import Counter
from dataclasses import replace

import pytest

from hnas_tf.archive import Archive
from hnas_tf.evolution import State
from hnas_tf.evolve import verify
from tests.evolve.trainings import SHARES, accuracy, config, search


def without_events(individuals):
    return [replace(one, known_event=0) for one in individuals]


def test_without_savings_nobody_is_judged(tmp_path):
    individuals, judged, engine = search(tmp_path, config(num_repeats=3))
    assert judged == []
    assert {one.num_repeats for one in individuals} == {3}
    assert engine.num_steps == pytest.approx(180)


@pytest.mark.parametrize("num_workers", [1, 4])
def test_a_candidate_is_stopped_at_its_rung_and_known_as_such(
    tmp_path, num_workers
):
    its = config(early_stop=True)
    individuals, judged, _ = search(tmp_path, its, num_workers=num_workers)
    stopped = {
        event["individual"]: event["share"]
        for event in judged
        if not event["goes_on"]
    }
    assert 15 < len(stopped) < 55
    for one in individuals:
        share = stopped.get(one.number, 1.0)
        assert one.share == share
        assert one.fitness == accuracy(one.genotype, 1, share)
        was_stopped = one.state is State.STOPPED
        assert was_stopped == (one.number in stopped)
    with Archive.open(tmp_path) as archive:
        assert verify(its, archive).problems == []
        shares = [one.share for one in archive.fittest(60)]
    assert shares == sorted(shares, reverse=True)


def test_at_a_rung_the_better_half_of_those_that_came_go_on(tmp_path):
    _, judged, _ = search(tmp_path, config(early_stop=True))
    for share in SHARES[:-1]:
        reached = [e for e in judged if e["share"] == share]
        came = []
        for event in reached:
            (its,) = event["accuracies"]
            came.append(its)
            better = sum(other > its for other in came)
            assert event["goes_on"] == (better < (len(came) + 1) // 2)
        assert 0 < sum(e["goes_on"] for e in reached) < len(reached)


def test_repeats_are_trained_where_they_matter(tmp_path):
    its = config(150, num_repeats=4, adaptive_repeats=True)
    individuals, judged, engine = search(tmp_path, its)
    counts = Counter(one.num_repeats for one in individuals)
    assert set(counts) <= {1, 2, 3, 4}
    assert counts[1] > 20
    assert engine.num_steps == pytest.approx(
        sum(one.num_repeats for one in individuals)
    )
    # The first ones, of which nobody knows the spread, get all of them.
    assert {one.num_repeats for one in individuals[:10]} == {4}
    by_fitness = sorted(individuals, key=lambda one: -one.fitness)
    assert {one.num_repeats for one in by_fitness[:10]} == {4}
    assert {event["share"] for event in judged} == {1.0}
    for event in judged:
        assert len(event["accuracies"]) == event["repeat"]


def test_all_savings_work_together(tmp_path):
    every = {"early_stop": True, "adaptive_repeats": True}
    its = config(200, num_repeats=4, reuse_fitness=True, **every)
    individuals, _, engine = search(tmp_path, its, num_workers=3)
    assert engine.num_steps < 200
    assert {one.state for one in individuals} == {
        State.FINISHED,
        State.STOPPED,
    }
    reused = [one for one in individuals if one.equal_to]
    for one in reused:
        known = individuals[one.equal_to - 1]
        for name in ("state", "share", "fitness", "num_repeats"):
            assert getattr(one, name) == getattr(known, name)
    assert {one.state for one in reused} == {State.FINISHED, State.STOPPED}
    with Archive.open(tmp_path) as archive:
        verdict = verify(its, archive)
    assert verdict.problems == []
    assert verdict.num_reused == len(reused)


SAVINGS = {"early_stop": True, "adaptive_repeats": True}


def test_an_individual_that_lost_its_worker_is_judged_once(tmp_path):
    its = config(num_repeats=2, **SAVINGS)
    undisturbed = search(tmp_path / "a", its)
    lost = [(number, 1) for number in range(2, 60, 3)]
    disturbed = search(tmp_path / "b", its, lost=lost)
    assert without_events(disturbed[0]) == without_events(undisturbed[0])
    assert disturbed[1] == undisturbed[1]
    with Archive.open(tmp_path / "b") as archive:
        assert archive.events(kind="lost")
        assert verify(its, archive).problems == []


@pytest.mark.parametrize("most", [1, 2, 3, 7, 40, 41, 42, 43])
def test_a_search_that_died_goes_on_as_if_it_had_not(tmp_path, most):
    its = config(40, num_repeats=3, reuse_fitness=True, **SAVINGS)
    undisturbed = search(tmp_path / "a", its)
    for _ in range(4):
        search(tmp_path / "b", its, most=most)
    resumed = search(tmp_path / "b", its)
    assert without_events(resumed[0]) == without_events(undisturbed[0])
    assert resumed[1] == undisturbed[1]
    with Archive.open(tmp_path / "b") as archive:
        assert verify(its, archive).problems == []


@pytest.mark.parametrize("most", [5, 60, 61])
def test_a_search_of_several_workers_that_died_still_repeats(tmp_path, most):
    its = config(60, num_repeats=3, reuse_fitness=True, **SAVINGS)
    for _ in range(3):
        search(tmp_path, its, most=most, num_workers=4, lost=[(7, 1), (9, 1)])
    individuals, _, _ = search(tmp_path, its, num_workers=4)
    assert len(individuals) == 60
    assert all(one.state.is_final() for one in individuals)
    with Archive.open(tmp_path) as archive:
        assert verify(its, archive).problems == []

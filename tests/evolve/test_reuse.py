"""Equal networks are trained once."""

import dataclasses
from itertools import pairwise

import pytest

from hnas_tf.archive import Archive, open_search
from hnas_tf.config import (
    EvolutionConfig,
    SavingsConfig,
    SearchConfig,
    TrainingConfig,
)
from hnas_tf.events import NOT_FINITE, Failed
from hnas_tf.evolution import State
from hnas_tf.evolve import evolve, verify
from hnas_tf.evolve.proposals import MOST_AT_ONCE
from hnas_tf.genotype import Genotype, LevelSize, Motif, SearchSpace
from hnas_tf.plan import network_digest
from tests import toy
from tests.toy_engine import ToyEngine

# One edge, seven operations: six networks in all.
SMALL = SearchSpace((LevelSize(1, 2),))


def config(num_evaluations=60, *, reuse=True, **others):
    return SearchConfig(
        training=TrainingConfig(num_repeats=1),
        evolution=EvolutionConfig(
            num_evaluations=num_evaluations, initial_population=5
        ),
        savings=SavingsConfig(reuse_fitness=reuse),
        **others,
    )


def search(workdir, its, engine, watchers=()):
    with open_search(workdir, its) as archive:
        outcome = evolve(its, archive=archive, engine=engine, watchers=watchers)
        return outcome, archive.individuals()


def submitted(engine):
    return [entry[1] for entry in engine.log if entry[0] == "submit"]


def is_sound(workdir, its):
    with Archive.open(workdir) as archive:
        return verify(its, archive).problems == []


class Watcher:
    def __init__(self):
        self.log = []

    def begin(self, archive):
        del archive

    def settled(self, individual, archive):
        del archive
        assert individual.state.is_final()
        self.log.append(individual.number)

    def end(self, archive):
        del archive


@pytest.mark.parametrize("num_workers", [1, 3])
def test_a_network_is_trained_once(tmp_path, num_workers):
    engine = ToyEngine(num_workers)
    outcome, individuals = search(tmp_path, config(), engine)
    trained = [one for one in individuals if one.equal_to is None]
    reused = [one for one in individuals if one.equal_to is not None]
    assert submitted(engine) == [one.number for one in trained]
    assert len({one.digest for one in trained}) == len(trained)
    assert outcome.num_reused == len(reused) > 5
    for one in reused:
        known = individuals[one.equal_to - 1]
        assert known.number < one.number
        assert known.equal_to is None
        assert one.fitness == known.fitness == toy.fitness(known.genotype)
        assert one.state is State.FINISHED
        network = config().network
        digests = [network_digest(i.genotype, network) for i in (one, known)]
        assert digests == [one.digest, known.digest] == [one.digest] * 2
    assert is_sound(tmp_path, config())


def test_without_reuse_everyone_is_trained(tmp_path):
    engine = ToyEngine()
    outcome, individuals = search(tmp_path, config(reuse=False), engine)
    assert submitted(engine) == list(range(1, 61))
    assert outcome.num_reused == 0
    assert len({one.digest for one in individuals}) < 60


def test_a_space_of_six_networks_takes_six_trainings(tmp_path):
    engine = ToyEngine()
    its = config(200, space=SMALL)
    outcome, _ = search(tmp_path, its, engine)
    assert len(submitted(engine)) <= 6
    assert outcome.num_finished == 200


@pytest.mark.parametrize("num_workers", [1, 5])
def test_of_very_many_equal_ones_only_some_are_proposed_at_once(
    tmp_path, num_workers
):
    engine = ToyEngine(num_workers, in_batches=True)
    its = config(700, space=SMALL)
    in_one = []

    class Counting(Watcher):
        def settled(self, individual, archive):
            super().settled(individual, archive)
            in_one.append(archive.num_individuals())

    search(tmp_path, its, engine, [Counting()])
    assert len(in_one) == 700
    # How many were in the archive when they were told of, transaction by
    # transaction: never many more than before.
    steps = sorted(set(in_one))
    most = num_workers * (MOST_AT_ONCE + 1)
    assert max(b - a for a, b in pairwise([0, *steps])) <= most
    assert is_sound(tmp_path, its)


MAX, IDENTITY = "max_pool_3x3", "identity"
# Equal networks: two equal pools are one, but each was counted.
TWICE = Genotype(((Motif(((MAX,), (MAX, None), (None, IDENTITY, IDENTITY))),),))
ONCE = Genotype(
    ((Motif(((MAX,), (None, IDENTITY), (None, IDENTITY, IDENTITY))),),)
)


def test_an_equal_network_keeps_its_own_cost(tmp_path):
    space = SearchSpace((LevelSize(1, 4),))
    evolution = EvolutionConfig(
        algorithm="pareto",
        pareto_cost="activation_bytes",
        num_evaluations=60,
        initial_population=6,
        population_size=4,
    )
    its = dataclasses.replace(
        config(space=space, given_genotypes=(TWICE, ONCE)), evolution=evolution
    )
    _, individuals = search(tmp_path, its, ToyEngine())
    twice, once = individuals[:2]
    assert once.equal_to == 1
    assert once.cost != twice.cost
    with Archive.open(tmp_path) as archive:
        told = {one.number: one.cost for one in archive.population()}
    assert told == {one.number: one.cost for one in individuals}
    assert is_sound(tmp_path, its)


def test_who_waits_for_a_fitness_gets_it_with_it(tmp_path):
    # All five are asked for before anyone is told of.
    engine = ToyEngine(5)
    its = config(50, space=SMALL)
    _, individuals = search(tmp_path, its, engine)
    with Archive.open(tmp_path) as archive:
        events = archive.events()
    ends = {
        event["individual"]: event["number"]
        for event in events
        if event["kind"] in ("finished", "reused")
    }
    waited = [
        one
        for one in individuals
        if one.equal_to and one.known_event < ends[one.equal_to]
    ]
    assert waited
    for one in waited:
        assert ends[one.number] > ends[one.equal_to]
        assert one.fitness == individuals[one.equal_to - 1].fitness
    assert is_sound(tmp_path, its)


def test_who_waited_for_one_that_failed_is_trained(tmp_path):
    its = config(30, space=SMALL)
    _, individuals = search(tmp_path / "a", its, ToyEngine(6))
    waited = next(one for one in individuals if one.equal_to is not None)
    first = waited.equal_to
    outcomes = {(first, 1): [Failed(first, 1, NOT_FINITE, "loss nan")]}
    engine = ToyEngine(6, outcomes=outcomes)
    _, individuals = search(tmp_path / "b", its, engine)
    assert individuals[first - 1].state is State.FAILED
    again = individuals[waited.number - 1]
    assert again.equal_to is None
    assert again.number in submitted(engine)
    assert again.fitness == toy.fitness(again.genotype)
    later = [one for one in individuals if one.equal_to == again.number]
    assert later
    assert all(one.equal_to != first for one in individuals)
    assert is_sound(tmp_path / "b", its)


def test_watchers_are_told_of_those_that_are_not_trained(tmp_path):
    watcher = Watcher()
    search(tmp_path, config(40, space=SMALL), ToyEngine(4), [watcher])
    assert sorted(watcher.log) == list(range(1, 41))


def test_a_search_that_grows_reuses_what_it_knew(tmp_path):
    engine = ToyEngine()
    search(tmp_path / "a", config(20), ToyEngine())
    _, grown = search(tmp_path / "a", config(60), engine)
    _, whole = search(tmp_path / "b", config(60), ToyEngine())

    def without_events(individuals):
        return [dataclasses.replace(one, known_event=0) for one in individuals]

    assert without_events(grown) == without_events(whole)

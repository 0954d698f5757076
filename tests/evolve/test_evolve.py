from dataclasses import replace

import pytest

from hnas_tf.archive import Archive, open_search
from hnas_tf.config import (
    EvolutionConfig,
    SavingsConfig,
    SearchConfig,
    TrainingConfig,
)
from hnas_tf.errors import HnasError, InvalidError
from hnas_tf.events import (
    NOT_FINITE,
    Failed,
    Finished,
    Lost,
    Progress,
    Unusable,
)
from hnas_tf.evolution import State
from hnas_tf.evolve import evolve, verify
from tests.toy_engine import FACTS, ToyEngine


def config(num_evaluations=20, **changes):
    return SearchConfig(
        training=TrainingConfig(num_repeats=1),
        evolution=EvolutionConfig(
            num_evaluations=num_evaluations, initial_population=5
        ),
        savings=SavingsConfig(reuse_fitness=False),
        **changes,
    )


def search(workdir, engine, *, watchers=(), **changes):
    """Runs a search; returns its outcome and its individuals.

    The numbers of events are left out: a disturbed search has more of them.
    """
    its = config(**changes)
    with open_search(workdir, its) as archive:
        outcome = evolve(
            its,
            archive=archive,
            engine=engine,
            watchers=watchers,
            clock=lambda: 1.5,
        )
        assert verify(its, archive).problems == []
        individuals = [replace(i, known_event=0) for i in archive.individuals()]
        return replace(outcome, best=individuals[outcome.best.number - 1]), (
            individuals
        )


def test_a_search_evaluates_as_many_as_wanted(tmp_path):
    outcome, individuals = search(tmp_path, ToyEngine())
    assert [one.number for one in individuals] == list(range(1, 21))
    assert outcome.num_finished == 20
    assert outcome.best == max(individuals, key=lambda one: one.fitness)


def test_children_have_parents_that_were_finished(tmp_path):
    _, individuals = search(tmp_path, ToyEngine(num_workers=3))
    assert all(one.parent is None for one in individuals[:5])
    children = [one for one in individuals if one.parent is not None]
    assert len(children) == 15
    assert all(one.parent < one.number for one in children)


def test_equal_seeds_give_equal_searches(tmp_path):
    first = search(tmp_path / "a", ToyEngine())
    assert search(tmp_path / "b", ToyEngine()) == first
    assert search(tmp_path / "c", ToyEngine(), seed=1) != first


def test_a_finished_search_starts_no_worker(tmp_path):
    first = search(tmp_path, ToyEngine())
    engine = ToyEngine()
    assert search(tmp_path, engine) == first
    assert engine.log == []


def test_a_search_may_grow(tmp_path):
    search(tmp_path / "a", ToyEngine(), num_evaluations=12)
    grown = search(tmp_path / "a", ToyEngine(), num_evaluations=30)
    assert grown == search(tmp_path / "b", ToyEngine(), num_evaluations=30)


def test_a_failure_is_a_state_with_a_reason(tmp_path):
    outcomes = {(7, 1): [Failed(7, 1, NOT_FINITE, "loss nan")]}
    outcome, individuals = search(tmp_path, ToyEngine(outcomes=outcomes))
    assert individuals[6].state is State.FAILED
    assert individuals[6].reason == NOT_FINITE
    assert (outcome.num_finished, outcome.num_failed) == (19, 1)
    assert all(one.parent != 7 for one in individuals)


def test_a_lost_individual_is_tried_again(tmp_path):
    undisturbed = search(tmp_path / "a", ToyEngine())
    engine = ToyEngine(outcomes={(4, 1): [Lost(4, 1)], (4, 2): [Lost(4, 2)]})
    assert search(tmp_path / "b", engine) == undisturbed
    assert ("submit", 4, 3) in engine.log


def test_an_individual_that_kills_its_workers_fails(tmp_path):
    outcomes = {(4, n): [Lost(4, n, "signal 9")] for n in (1, 2, 3)}
    _, individuals = search(tmp_path, ToyEngine(outcomes=outcomes))
    assert individuals[3].reason == "worker lost"


def test_a_late_answer_is_ignored(tmp_path):
    outcomes = {(4, 1): [Lost(4, 1), Finished(4, 1, (0.99999,))]}
    undisturbed = search(tmp_path / "a", ToyEngine())
    late = search(tmp_path / "b", ToyEngine(outcomes=outcomes))
    assert late == undisturbed


def test_nothing_is_said_before_the_archive_has_it(tmp_path):
    its = config()
    with open_search(tmp_path, its) as archive:

        class Careful(ToyEngine):
            def submit(self, task, ahead=None):
                *_, last = archive.events(individual=task.individual)
                assert last["kind"] == "submitted"
                assert last["attempt"] == task.attempt
                super().submit(task, ahead)

            def go_on(self, individual, attempt):
                *_, last = archive.events(individual=individual)
                assert last["kind"] == "progress"
                super().go_on(individual, attempt)

        outcome = evolve(its, archive=archive, engine=Careful(3))
    assert outcome.num_finished == 20


def test_an_unusable_worker_ends_the_search_in_a_sentence(tmp_path):
    outcomes = {(2, 1): [Unusable(1, "no such accelerator")]}
    engine = ToyEngine(outcomes=outcomes)
    with pytest.raises(HnasError, match="worker 1: no such accelerator"):
        search(tmp_path, engine)
    assert engine.log[-1] == "exit"


def test_the_other_workers_go_on_without_one_that_is_unusable(tmp_path):
    its = config()
    with open_search(tmp_path, its) as archive:

        class TwoSeats(ToyEngine):
            """Loses the second seat, on which nobody sits, at the start."""

            def __enter__(self):
                super().__enter__()
                self._events.extend([Unusable(2, "it fell off the bus")])
                return self

        engine = TwoSeats(num_workers=2)
        outcome = evolve(its, archive=archive, engine=engine)
        (unusable,) = archive.events(kind="unusable")
    assert outcome.num_finished == 20
    assert unusable["reason"] == "it fell off the bus"


def test_a_question_of_a_worker_that_died_is_not_answered(tmp_path):
    undisturbed = search(tmp_path / "a", ToyEngine())
    question = Progress(4, 1, 1, 1.0, 0.5)
    outcomes = {(4, 1): [question, Lost(4, 1)]}
    engine = ToyEngine(outcomes=outcomes, in_batches=True)
    assert search(tmp_path / "b", engine) == undisturbed
    assert ("go_on", 4, 1) not in engine.log


def test_a_result_that_arrives_with_the_end_is_kept(tmp_path):
    outcomes = {
        (3, 1): [Finished(3, 1, (0.5,)), Unusable(1, "no such accelerator")]
    }
    engine = ToyEngine(outcomes=outcomes, in_batches=True)
    with pytest.raises(HnasError, match="no such accelerator"):
        search(tmp_path, engine)
    with Archive.open(tmp_path) as archive:
        assert archive.individual(3).fitness == 0.5


def test_workers_that_do_not_compare_are_refused(tmp_path):
    search(tmp_path, ToyEngine(), num_evaluations=5)
    other = ToyEngine(facts={**FACTS, "threads": 2})
    with pytest.raises(HnasError, match="threads 1 there, 2 now"):
        search(tmp_path, other)
    resumed, _ = search(tmp_path, ToyEngine())
    assert resumed.num_finished == 20


def test_an_impossible_budget_ends_the_search_in_a_sentence(tmp_path):
    its = SearchConfig(evolution=EvolutionConfig(max_parameters=10))
    with (
        open_search(tmp_path, its) as archive,
        pytest.raises(InvalidError, match="over the budget"),
    ):
        evolve(its, archive=archive, engine=ToyEngine())


class Recorder:
    def __init__(self):
        self.log = []

    def begin(self, archive):
        self.log.append(("begin", archive.num_individuals()))

    def settled(self, individual, archive):
        assert archive.individual(individual.number) == individual
        self.log.append(individual.number)

    def end(self, archive):
        self.log.append("end")


def test_watchers_are_told_of_everyone_settled(tmp_path):
    recorder = Recorder()
    outcomes = {(2, 1): [Lost(2, 1)], (3, 1): [Failed(3, 1, NOT_FINITE)]}
    engine = ToyEngine(outcomes=outcomes)
    search(tmp_path, engine, watchers=[recorder], num_evaluations=4)
    assert recorder.log == [("begin", 0), 1, 2, 3, 4, "end"]
